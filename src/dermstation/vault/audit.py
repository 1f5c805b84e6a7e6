"""The audit: an append-only chain of entries, each bound to the one before by an HMAC.

Its head and count are anchored in the key files after each commit, so that a chain that was cut,
changed or put back can be told from the one that was written. Runs in the vault's thread.
"""

import hashlib
import hmac
import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dermstation.domain.audit import AuditEntry, AuditEvent, AuditFault, AuditFinding
from dermstation.domain.errors import StationError
from dermstation.domain.records import now
from dermstation.security.anchor import make_anchor
from dermstation.security.kdf import KEY_BYTES, expand
from dermstation.security.keyfile import KeyFile
from dermstation.security.witness import Witness
from dermstation.vault import columns
from dermstation.vault.connection import Database, Row
from dermstation.vault.key_files import KeyFiles
from dermstation.vault.tables import Codec, Table, insert

log = logging.getLogger(__name__)

_ENTRIES = Table("audit", AuditEntry, facts=Codec(columns.from_json, columns.to_json))
# what an entry's MAC seals, in the order in which it is hashed: never changed
_SEALED = (
    "number",
    "at",
    "event",
    "operator_id",
    "episode_id",
    "subject",
    "facts",
    "keys_generation",
)
_PURPOSE = b"dermstation audit entry v1"
_BEFORE_THE_FIRST = "0" * 64


class Rollback(StrEnum):
    """The ways in which index, key files and keystore may disagree about the newest state."""

    NONE = "agrees"
    INDEX_OLDER = "index_older"  # an old copy of the index was put back
    INDEX_OTHER = "index_other"  # a copy that went its own way was put back
    KEYS_OLDER = "keys_older"  # old copies of the key files were put back
    VAULT_OTHER = "vault_other"  # another vault is at the place of the one before


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries are wanted; an empty field asks for nothing."""

    events: tuple[AuditEvent, ...] = ()
    operator_id: str = ""
    episode_id: str = ""
    since: datetime | None = None
    until: datetime | None = None


class Audit:
    """The table of audit entries."""

    def __init__(self, database: Database, key_files: KeyFiles) -> None:
        self._database = database
        self._key_files = key_files
        self._is_behind = False
        self._is_waiting = False
        self._viewed: set[str] = set()
        self.acting = ""  # the operator id of entries that name no other
        database.after_commit(self._anchor_head)

    def append(
        self,
        event: AuditEvent,
        *,
        operator_id: str = "",
        episode_id: str = "",
        subject: str = "",
        at: datetime | None = None,
        **facts: object,
    ) -> None:
        """Add an entry to the chain, within the transaction that is open or in one of its own.

        `facts` are numbers and technical words, never anything of a patient.
        """
        with self._database.transaction():
            number, head, generation = self._last()
            acting = operator_id or self.acting
            entry = AuditEntry(number + 1, at or now(), event, acting, episode_id, subject, facts)
            values = _ENTRIES.write(entry)
            values["keys_generation"] = max(generation, self._key_files.generation)
            values["mac"] = _mac(self._key(), head, values)
            insert(self._database, "audit", values)
            self._is_behind = True  # until the commit that follows is anchored

    @contextmanager
    def anchored_later(self) -> Iterator[None]:
        """Leave the anchor of the block's commit to `anchor`, or to the next commit."""
        self._is_waiting = True
        try:
            yield
        finally:
            self._is_waiting = False

    def anchor(self) -> None:
        """Write the newest entry into the key files if they do not hold it yet."""
        if self._is_behind and not self._database.in_transaction:
            self._anchor_head()

    def anchor_first(self) -> None:
        """Write an anchor into key files that have none, so that an older index is noticed."""
        if self._key_files.content.anchor is None and self.count():
            self._is_behind = True
            self.anchor()

    def note_view(self, episode_id: str) -> None:
        """Record, once each time the vault is open, that an episode's pictures were viewed.

        A full or failing disk does not prevent anybody from seeing a picture.
        """
        if episode_id in self._viewed:
            return
        try:
            self.append(AuditEvent.VIEWED, episode_id=episode_id)
        except StationError as trouble:
            log.warning("a view of an episode was not recorded: %s", trouble.code.value)
        else:
            self._viewed.add(episode_id)

    def entries(
        self, wanted: AuditFilter | None = None, *, most: int | None = None
    ) -> tuple[AuditEntry, ...]:
        """List the entries that are wanted, newest first, at most so many."""
        where, values = _where(wanted or AuditFilter())
        limit = -1 if most is None else most
        clause = f"{where} ORDER BY number DESC LIMIT {limit}"
        return _ENTRIES.find(self._database, clause, values)

    def newest(self, event: AuditEvent) -> AuditEntry | None:
        """Return the newest entry of an event, or None."""
        found = self.entries(AuditFilter(events=(event,)), most=1)
        return found[0] if found else None

    def count(self) -> int:
        """Count the entries."""
        return self._last()[0]

    def newest_generation(self) -> int:
        """Return the newest generation of the key files that any entry knows of."""
        return self._last()[2]

    def compare(self, content: KeyFile) -> Rollback:
        """Compare the index with the key files as they were when the vault was opened."""
        count, _, generation = self._last()
        anchor = content.anchor
        if anchor is None:
            # before the first anchor there is one entry at most
            return Rollback.KEYS_OLDER if count > 1 else Rollback.NONE
        if count < anchor.count:
            return Rollback.INDEX_OLDER
        if not anchor.is_proved_by(self._key()) or self._mac_at(anchor.count) != anchor.head:
            return Rollback.INDEX_OTHER
        if content.generation < generation:
            return Rollback.KEYS_OLDER
        return Rollback.NONE

    def witness(self, vault_id: str) -> Witness:
        """Return what the keystore is to remember of this vault."""
        count, head, _ = self._last()
        return Witness(vault_id, make_anchor(self._key(), count, head))

    def compare_with_witness(self, remembered: Witness | None, vault_id: str) -> Rollback:
        """Compare the index with what the keystore remembers of the vault at this place."""
        if remembered is None:
            return Rollback.NONE
        anchor = remembered.anchor
        if remembered.vault_id != vault_id or not anchor.is_proved_by(self._key()):
            return Rollback.VAULT_OTHER
        if self.count() < anchor.count:
            return Rollback.INDEX_OLDER
        is_same = self._mac_at(anchor.count) == anchor.head
        return Rollback.NONE if is_same else Rollback.INDEX_OTHER

    def derived_key(self, purpose: bytes) -> bytearray:
        """Return a key for another purpose: it is the vault's for good, whatever its index key."""
        return expand(self._key(), b"", purpose)

    def verify(self) -> tuple[AuditFinding, ...]:
        """Check every entry and the anchor; return what was changed, cut or put back.

        Raises StationError KEYS_DAMAGED if no key file on the disk is genuine.
        """
        content = self._key_files.on_disk()
        findings = []
        key, head, expected = self._key(), _BEFORE_THE_FIRST, 1
        for row in self._database.rows(f"{_ENTRIES.select('keys_generation')} ORDER BY number"):
            number, mac = row["number"], row["mac"]
            if number != expected:
                findings.append(AuditFinding(AuditFault.CUT_OUT, expected, number - 1))
            elif not hmac.compare_digest(mac, _mac(key, head, row)):
                findings.append(AuditFinding(AuditFault.CHANGED, number, number))
            if row["event"] == AuditEvent.OLD_COPY_NOTICED:
                findings.append(AuditFinding(AuditFault.NOTICED_BEFORE, number, number))
            head, expected = mac, number + 1
        return (*findings, *self._anchor_findings(content, expected - 1))

    def _anchor_findings(self, content: KeyFile, count: int) -> Iterator[AuditFinding]:
        anchor = content.anchor
        if anchor is not None and not anchor.is_proved_by(self._key()):
            yield AuditFinding(AuditFault.ANCHOR_CHANGED, anchor.count, anchor.count)
        match self.compare(content):
            case Rollback.INDEX_OLDER if anchor is not None:
                yield AuditFinding(AuditFault.CUT_OFF, count + 1, anchor.count)
            case Rollback.INDEX_OTHER if anchor is not None:
                yield AuditFinding(AuditFault.PUT_BACK, anchor.count, count)
            case Rollback.KEYS_OLDER:
                first = 1 if anchor is None else anchor.count + 1
                yield AuditFinding(AuditFault.KEYS_PUT_BACK, first, count)

    def _last(self) -> tuple[int, str, int]:
        row = self._database.row(
            "SELECT number, mac, keys_generation FROM audit ORDER BY number DESC LIMIT 1"
        )
        if row is None:
            return 0, _BEFORE_THE_FIRST, 0
        return row["number"], row["mac"], row["keys_generation"]

    def _mac_at(self, number: int) -> str:
        return self._database.value("SELECT mac FROM audit WHERE number = ?", (number,)) or ""

    def _key(self) -> bytes:
        known = self._database.value("SELECT key FROM audit_key")
        if known is not None:
            return bytes(known)
        key = secrets.token_bytes(KEY_BYTES)
        with self._database.transaction():
            insert(self._database, "audit_key", {"key": key})
        return key

    def _anchor_head(self) -> None:
        """Write the newest entry into the key files; if that fails, the next commit does it."""
        if not self._is_behind or self._is_waiting or not self._key_files.is_settled:
            return
        try:
            count, head, generation = self._last()
            anchor = make_anchor(self._key(), count, head)
            self._key_files.write_anchor(anchor, beyond=generation)
        except StationError as trouble:
            log.warning("the audit was not anchored: %s", trouble.code.value)
        else:
            self._is_behind = False


def _mac(key: bytes, head: str, entry: Row) -> str:
    sealed = [entry[column] for column in _SEALED]
    message = _PURPOSE + head.encode() + columns.from_json(sealed).encode()
    return hmac.new(key, message, hashlib.sha256).hexdigest()


def _where(wanted: AuditFilter) -> tuple[str, tuple[object, ...]]:
    parts: list[tuple[str, tuple[object, ...]]] = []
    if wanted.events:
        of_these = f"event IN ({columns.marks(wanted.events)})"
        parts.append((of_these, tuple(event.value for event in wanted.events)))
    if wanted.operator_id:
        parts.append(("operator_id = ?", (wanted.operator_id,)))
    if wanted.episode_id:
        parts.append(("episode_id = ?", (wanted.episode_id,)))
    if wanted.since is not None:
        parts.append(("at >= ?", (columns.from_instant(wanted.since),)))
    if wanted.until is not None:
        parts.append(("at < ?", (columns.from_instant(wanted.until),)))
    if not parts:
        return "", ()
    where = " WHERE " + " AND ".join(sql for sql, _ in parts)
    return where, tuple(value for _, values in parts for value in values)
