"""The audit for people to read: words, a filtered list, a CSV file, and verification findings.

Runs on the vault's thread. Operators' ids are shown with their names; the audit holds no patient's
name, and none is added.
"""

import csv
import hashlib
import io
from dataclasses import dataclass
from pathlib import Path

from dermstation.domain.audit import AuditEntry, AuditEvent, AuditFault, AuditFinding
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Operator
from dermstation.domain.rights import Right, require
from dermstation.files import write_file
from dermstation.security.accounts import RECOVERY_KEY
from dermstation.settings import Settings, values_of
from dermstation.vault.audit import AuditFilter
from dermstation.vault.store import Vault

EVENT_WORDS: dict[AuditEvent, str] = {
    AuditEvent.SIGNED_IN: "Signed in",
    AuditEvent.SIGN_IN_FAILED: "Sign-in failed",
    AuditEvent.SIGN_IN_REFUSED: "Sign-in refused: old or unknown PIN, passphrase or key",
    AuditEvent.RECOVERED: "Signed in with the recovery key",
    AuditEvent.LOCKED: "Locked",
    AuditEvent.CONTINUED: "Went on in a fresh process after a wipe",
    AuditEvent.OPERATOR_ADDED: "Operator added",
    AuditEvent.OPERATOR_CHANGED: "Operator changed",
    AuditEvent.OPERATOR_REVOKED: "Operator revoked",
    AuditEvent.SECRET_CHANGED: "PIN or passphrase changed",
    AuditEvent.EPISODE_OPENED: "Episode opened",
    AuditEvent.VIEWED: "Pictures viewed",
    AuditEvent.CONSENT_RECORDED: "Consent recorded",
    AuditEvent.CAPTURES_WIPED: "Pictures wiped, consent withdrawn",
    AuditEvent.CAPTURED: "Picture saved",
    AuditEvent.OVERRIDDEN: "Poor picture used with a reason",
    AuditEvent.COPY_MARKED: "Marked copy made",
    AuditEvent.COPY_COVERED: "Covered copy made",
    AuditEvent.COPY_DROPPED: "Marked or covered copy no longer used",
    AuditEvent.ORIGINAL_WIPED: "Original of a covered picture wiped",
    AuditEvent.LEFT_OUT: "Picture left out with a reason",
    AuditEvent.PUT_BACK: "Left-out picture put back",
    AuditEvent.LESION_REMOVED: "Lesion removed",
    AuditEvent.LESION_BROUGHT_BACK: "Removed lesion brought back",
    AuditEvent.NOTHING_TO_COVER: "Nothing to cover in a picture",
    AuditEvent.TURNED: "Picture turned",
    AuditEvent.ERASED_FROM_CARD: "Picture erased from its memory card",
    AuditEvent.REVIEW_ASKED: "Sent for review",
    AuditEvent.REVIEWED: "Reviewed",
    AuditEvent.REVIEW_VOIDED: "Review void, changed afterwards",
    AuditEvent.PACKAGED: "Package made",
    AuditEvent.PACKAGE_WITHDRAWN: "Package withdrawn",
    AuditEvent.ARCHIVE_QUEUED: "Queued for the archive",
    AuditEvent.ARCHIVE_PROVEN: "Proven in the archive",
    AuditEvent.HANDED_OVER: "Handed over",
    AuditEvent.COPY_GIVEN: "Copy given to the patient",
    AuditEvent.RETAINED: "Kept on this PC",
    AuditEvent.REOPENED: "Episode reopened",
    AuditEvent.WIPE_BEGUN: "Wipe begun",
    AuditEvent.WIPED: "Wiped",
    AuditEvent.AUDIT_EXPORTED: "Audit exported",
    AuditEvent.POLICY_CHANGED: "Settings changed",
    AuditEvent.SETTINGS_SAVED: "Settings saved",
    AuditEvent.BACKED_UP: "Backed up",
    AuditEvent.RESTORED: "Restored from a backup",
    AuditEvent.TAKEN_OVER: "Store moved to the place that all accounts share",
    AuditEvent.OLD_PLACE_WIPED: "Old place of the store wiped",
    AuditEvent.OLD_COPY_NOTICED: "Old copy of the store noticed",
    AuditEvent.KEY_FILE_REFUSED: "Key file that is not this station\u2019s set aside",
    AuditEvent.KEY_FILE_MENDED: "Missing or damaged key file written again",
    AuditEvent.TRIES_PUT_BACK: "Count of wrong attempts was set back",
}

FAULT_WORDS: dict[AuditFault, str] = {
    AuditFault.CHANGED: "Entry {first} was changed.",
    AuditFault.CUT_OUT: "Entries {first} to {last} were cut out.",
    AuditFault.CUT_OFF: "Entries {first} to {last} are missing at the end: they were cut off, or an"
    " old copy of the store was put back.",
    AuditFault.PUT_BACK: "From entry {first} on, this is not the audit that was written: another"
    " copy of the store was put back.",
    AuditFault.KEYS_PUT_BACK: "The key files do not know entries {first} to {last}: old copies of"
    " the key files were put back.",
    AuditFault.ANCHOR_CHANGED: "What the key files say about entry {first} was not written by this"
    " store.",
    AuditFault.NOTICED_BEFORE: "Entry {first}: an old copy was put back, and this was noticed at"
    " the time.",
}

_COLUMNS = (
    "number",
    "at_utc",
    "event",
    "operator",
    "operator_id",
    "episode_id",
    "subject",
    "facts",
)


@dataclass(frozen=True, slots=True)
class AuditPage:
    """One page of the audit viewer: entries, newest first, and the operators they name."""

    entries: tuple[AuditEntry, ...]
    operators: tuple[Operator, ...]
    count: int  # of all entries that match the filter
    findings: tuple[AuditFinding, ...] = ()

    def who(self, entry: AuditEntry) -> str:
        """Return the name of an entry's operator."""
        return who(entry.operator_id, self.operators)


def who(operator_id: str, operators: tuple[Operator, ...]) -> str:
    """Return an operator's name by id; the recovery key and the station itself have names too."""
    if operator_id == RECOVERY_KEY:
        return "The recovery key"
    found = next((one.name for one in operators if one.id == operator_id), "")
    return found or ("Unknown" if operator_id else "The station")


def look_at_audit(vault: Vault, operator: Operator, wanted: AuditFilter, *, most: int) -> AuditPage:
    """Return the newest entries that match the filter, at most `most`, and verify the whole chain.

    Raises StationError RIGHT_MISSING.
    """
    require(operator, Right.ADMINISTER)
    found = vault.audit.entries(wanted)
    return AuditPage(found[:most], vault.operators.all(), len(found), verify_audit(vault))


def verify_audit(vault: Vault) -> tuple[AuditFinding, ...]:
    """Check the chain against the key files as they are now.

    Whatever was found when the vault was opened has been in the chain since the sign-in.
    Raises StationError KEYS_DAMAGED.
    """
    return vault.audit.verify()


def finding_words(finding: AuditFinding) -> str:
    """Return a finding in plain words."""
    return FAULT_WORDS[finding.fault].format(first=finding.first, last=finding.last)


def export_audit(vault: Vault, operator: Operator, wanted: AuditFilter, path: Path) -> int:
    """Write the entries that match the filter as CSV, oldest first, and return their number.

    The export itself is recorded in the audit before the file is written.
    Raises StationError: RIGHT_MISSING, EXPORT_FAILED, VAULT_*.
    """
    require(operator, Right.ADMINISTER)
    entries = vault.audit.entries(wanted)[::-1]
    vault.audit.append(AuditEvent.AUDIT_EXPORTED, operator_id=operator.id, entries=len(entries))
    try:
        write_file(path, _as_csv(entries, vault.operators.all()).encode("utf-8-sig"))
    except OSError as error:
        raise StationError(ErrorCode.EXPORT_FAILED, errno=error.errno) from None
    return len(entries)


def _as_csv(entries: tuple[AuditEntry, ...], operators: tuple[Operator, ...]) -> str:
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(_COLUMNS)
    for entry in entries:
        table.writerow(
            _harmless(value)
            for value in (
                str(entry.number),
                entry.at.isoformat(timespec="seconds"),
                entry.event.value,
                who(entry.operator_id, operators),
                entry.operator_id,
                entry.episode_id,
                entry.subject,
                facts_words(entry),
            )
        )
    return text.getvalue()


def facts_words(entry: AuditEntry) -> str:
    """Return the facts of an entry in one line."""
    return ", ".join(
        f"{name}: {', '.join(map(str, value)) if isinstance(value, list) else value}"
        for name, value in sorted(entry.facts.items())
        if not isinstance(value, dict)  # hashes, for comparison and not for reading
    )


def _harmless(value: str) -> str:
    """Return the value so that no spreadsheet takes it for a formula."""
    return f"'{value}" if value[:1] in "=+-@\t" and value[:1] else value


def note_settings(vault: Vault, settings: Settings) -> None:
    """Record which settings differ from those at the previous sign-in, but not their values."""
    present = {
        name: hashlib.sha256(repr(value).encode()).hexdigest()[:12]
        for name, value in values_of(settings).items()
    }
    last = vault.audit.newest(AuditEvent.POLICY_CHANGED)
    before = last.facts.get("settings", {}) if last is not None else {}
    if present == before:
        return
    known = before if isinstance(before, dict) else {}
    changed = sorted(name for name in present if present[name] != known.get(name))
    vault.audit.append(
        AuditEvent.POLICY_CHANGED, changed=changed if known else [], settings=present
    )
