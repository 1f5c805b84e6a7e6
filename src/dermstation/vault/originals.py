"""Wipe the original of a covered copy while the episode continues.

A row that is deleted could still be read by whoever has the episode's key; so the pictures that
stay move to a new file under a new key, and the old file goes as that of a withdrawn consent does:
its key is replaced in the commit, the file is removed next or at the next opening, and the index
key is changed after it. Runs in the vault's thread.
"""

import logging
import secrets
from collections.abc import Collection
from contextlib import suppress

from dermstation.domain.audit import AuditEvent
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import new_id, now
from dermstation.security.disk import named_troubles
from dermstation.security.kdf import KEY_BYTES
from dermstation.security.locked_memory import locked
from dermstation.vault import columns
from dermstation.vault.audit import Audit
from dermstation.vault.condemned import CondemnedFiles
from dermstation.vault.connection import Database
from dermstation.vault.episode_files import EpisodeFiles, EpisodePlace
from dermstation.vault.episodes import Episodes
from dermstation.vault.tables import OR_IGNORE, insert

log = logging.getLogger(__name__)


class Originals:
    """The captures whose bytes go before their episode does."""

    def __init__(
        self,
        database: Database,
        episodes: Episodes,
        files: EpisodeFiles,
        condemned: CondemnedFiles,
        audit: Audit,
    ) -> None:
        self._database = database
        self._episodes = episodes
        self._files = files
        self._condemned = condemned
        self._audit = audit

    def wipe(self, episode_id: str, capture_ids: Collection[str], *, by: str) -> None:
        """Wipe the bytes of some captures; their rows stay, for the certificate.

        After an error nothing is gone. Call `Withdrawals.remove_files` and change the index key
        after it. Raises StationError EPISODE_FILE_MISSING, VAULT_*; CAPTURE_CHANGED if a
        picture that should stay is not in the file.
        """
        place = self._episodes.place(episode_id)
        fresh = EpisodePlace(new_id(), locked(bytearray(secrets.token_bytes(KEY_BYTES))))
        self._condemned.begin(fresh.file_id, episode_id)
        try:
            self._move(episode_id, place, fresh, capture_ids)
            self._commit(episode_id, fresh, capture_ids, by)
        except BaseException:
            self._drop_unless_committed(episode_id, fresh.file_id)
            raise
        log.info("episode %s: %d originals wiped", episode_id, len(capture_ids))

    def _drop_unless_committed(self, episode_id: str, fresh_id: str) -> None:
        """Remove the file begun, unless its commit got through although it reported an error.

        If that cannot be known now, the file stays for the next opening, which sets it aside.
        """
        with suppress(OSError, StationError):
            if self._episodes.place(episode_id).file_id != fresh_id:
                self._files.remove(fresh_id)
                self._condemned.end(fresh_id)

    def _move(
        self, episode_id: str, place: EpisodePlace, fresh: EpisodePlace, gone: Collection[str]
    ) -> None:
        captures = self._database.values(
            "SELECT id FROM captures WHERE episode_id = ? AND wiped_at IS NULL ORDER BY rowid",
            (episode_id,),
        )
        is_first = True
        for capture_id in captures:
            if capture_id in gone:
                continue
            image = self._files.get(place, capture_id)
            if image is None:
                raise StationError(ErrorCode.CAPTURE_CHANGED, capture=capture_id)
            self._files.put(fresh, capture_id, image, may_create=is_first)
            is_first = False

    def _commit(
        self,
        episode_id: str,
        fresh: EpisodePlace,
        gone: Collection[str],
        by: str,
    ) -> None:
        old = self._episodes.place(episode_id).file_id
        with named_troubles():
            mark = self._files.mark(fresh.file_id)
        at = columns.from_instant(now())
        with self._database.transaction():
            insert(self._database, "withdrawals", {"file_id": old}, OR_IGNORE)
            self._condemned.condemn(old)
            self._condemned.end(fresh.file_id)
            self._database.change(
                "UPDATE episodes SET file_id = ?, file_key = ? WHERE id = ?",
                (fresh.file_id, bytes(fresh.key), episode_id),
            )
            self._database.change(
                "UPDATE file_marks SET mark = ? WHERE episode_id = ?", (mark, episode_id)
            )
            for capture_id in gone:
                self._database.change(
                    "UPDATE captures SET wiped_at = ? WHERE id = ?", (at, capture_id)
                )
                self._audit.append(
                    AuditEvent.ORIGINAL_WIPED,
                    operator_id=by,
                    episode_id=episode_id,
                    subject=capture_id,
                )
