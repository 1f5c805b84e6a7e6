"""Wiping an episode's captures while the episode goes on: the patient took the consent back.

The key of the episode's file is replaced in the commit that removes the rows, so that nothing
opens the pictures any more; the file goes next, or at the next opening as a condemned file.
The index key is changed after it: a journal's tail could still hold the old key. Runs in the
vault's thread.
"""

import logging
import secrets

from dermstation.domain.audit import AuditEvent
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import new_id
from dermstation.domain.states import EpisodeState
from dermstation.security.kdf import KEY_BYTES
from dermstation.vault.audit import Audit
from dermstation.vault.condemned import CondemnedFiles
from dermstation.vault.connection import Database
from dermstation.vault.episode_files import EpisodeFiles
from dermstation.vault.episodes import Episodes
from dermstation.vault.tables import OR_IGNORE, insert

log = logging.getLogger(__name__)

_BEFORE_PACKAGE = (EpisodeState.OPEN, EpisodeState.CAPTURED, EpisodeState.REVIEWED)


class Withdrawals:
    """The journal of withdrawn consents."""

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

    def wipe_captures(self, episode_id: str) -> int:
        """Forget every capture of an episode, and return how many there were.

        May be part of a transaction; call `remove_files` after the commit. Raises StationError
        STEP_NOT_ALLOWED for an episode whose package is made; LookupError.
        """
        state = self._episodes.get(episode_id).state
        if state not in _BEFORE_PACKAGE:
            raise StationError(
                ErrorCode.STEP_NOT_ALLOWED, state=state.value, event="captures wiped"
            )
        file_id = self._episodes.place(episode_id).file_id
        with self._database.transaction():
            sql = "SELECT count(*) FROM captures WHERE episode_id = ?"
            count = int(self._database.value(sql, (episode_id,)))
            insert(self._database, "withdrawals", {"file_id": file_id}, OR_IGNORE)
            self._condemned.condemn(file_id)
            self._condemned.condemn_begun(episode_id)
            for table in ("captures", "file_marks"):
                self._database.change(
                    f"DELETE FROM {table} WHERE episode_id = ?",  # noqa: S608 - names from above
                    (episode_id,),
                )
            self._database.change(
                "UPDATE episodes SET file_id = ?, file_key = ? WHERE id = ?",
                (new_id(), secrets.token_bytes(KEY_BYTES), episode_id),
            )
            self._audit.append(AuditEvent.CAPTURES_WIPED, episode_id=episode_id, captures=count)
        log.info("episode %s: %d captures wiped, consent withdrawn", episode_id, count)
        return count

    def remove_files(self) -> None:
        """Overwrite and delete the files whose keys are gone; one that stays goes at an opening."""
        for file_id in self.pending():
            try:
                self._files.remove(file_id)
            except OSError as error:
                log.warning("a withdrawn episode file stays (errno %s)", error.errno)

    def pending(self) -> tuple[str, ...]:
        """List the files withdrawn since the index key was changed last."""
        return tuple(self._database.values("SELECT file_id FROM withdrawals"))

    def rotation_done(self) -> None:
        """Forget the withdrawals that waited for the change of the index key."""
        with self._database.transaction():
            self._database.change("DELETE FROM withdrawals")
