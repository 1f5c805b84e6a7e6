"""The episodes, each with the random key of its own file.

A state changes through `change_state` alone, which asks the domain. Runs in the vault's thread.
"""

import secrets
from dataclasses import replace

from dermstation.domain.audit import AuditEvent
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Episode, new_id
from dermstation.domain.states import EpisodeEvent, advance
from dermstation.security.kdf import KEY_BYTES
from dermstation.security.locked_memory import locked
from dermstation.vault import columns
from dermstation.vault.audit import Audit
from dermstation.vault.connection import Database
from dermstation.vault.episode_files import EpisodePlace
from dermstation.vault.tables import Table

DESTROYED_KEY = bytes(KEY_BYTES)
_EPISODES = Table("episodes", Episode)
# the other moves are recorded with what brings them about: a package, a hand-over, a wipe
_RECORDED = {
    EpisodeEvent.PACKAGE_WITHDRAWN: AuditEvent.PACKAGE_WITHDRAWN,
    EpisodeEvent.REOPENED: AuditEvent.REOPENED,
}
_NOT_BEING_WIPED = "WHERE id NOT IN (SELECT episode_id FROM wipes)"
_NEWEST_FIRST = "ORDER BY opened_at DESC, rowid DESC"


class Episodes:
    """The table of episodes."""

    def __init__(self, database: Database, audit: Audit) -> None:
        self._database = database
        self._audit = audit

    def save(self, episode: Episode) -> None:
        """Add an episode, or change what may change: consent, route and question.

        Raises StationError STEP_NOT_ALLOWED when the stored state is another one.
        """
        with self._database.transaction():
            sql = "SELECT state, consent FROM episodes WHERE id = ?"
            row = self._database.row(sql, (episode.id,))
            if row is None:
                self._add(episode)
                self._audit.append(
                    AuditEvent.EPISODE_OPENED,
                    operator_id=episode.opened_by,
                    episode_id=episode.id,
                )
                return
            state = row["state"]
            if state != episode.state.value:
                raise StationError(
                    ErrorCode.STEP_NOT_ALLOWED, state=state, event=f"saved as {episode.state}"
                )
            changed = _EPISODES.write(episode)
            if episode.consent is not None and changed["consent"] != row["consent"]:
                self._audit.append(
                    AuditEvent.CONSENT_RECORDED,
                    operator_id=episode.consent.recorded_by,
                    episode_id=episode.id,
                    given=episode.consent.given,
                )
            self._database.change(
                "UPDATE episodes SET consent = ?, route = ?, question = ? WHERE id = ?",
                (changed["consent"], changed["route"], changed["question"], episode.id),
            )

    def get(self, episode_id: str) -> Episode:
        """Return an episode. Raises LookupError."""
        found = _EPISODES.find(self._database, "WHERE id = ?", (episode_id,))
        if not found:
            raise LookupError("no such episode")
        return found[0]

    def unfinished(self) -> tuple[Episode, ...]:
        """List the episodes whose wipe has not begun, newest first."""
        return _EPISODES.find(self._database, f"{_NOT_BEING_WIPED} {_NEWEST_FIRST}")

    def with_ids(self, episode_ids: tuple[str, ...]) -> dict[str, Episode]:
        """Map the ids of episodes to them."""
        these = f"WHERE id IN ({columns.marks(episode_ids)})"
        found = _EPISODES.find(self._database, these, episode_ids)
        return {episode.id: episode for episode in found}

    def is_unfinished(self, episode_id: str) -> bool:
        """Return whether an episode exists and its wipe has not begun."""
        sql = "SELECT 1 FROM episodes WHERE id = ? AND id NOT IN (SELECT episode_id FROM wipes)"
        return self._database.row(sql, (episode_id,)) is not None

    def count_unfinished(self) -> int:
        """Count the episodes whose wipe has not begun."""
        sql = "SELECT count(*) FROM episodes WHERE id NOT IN (SELECT episode_id FROM wipes)"
        return int(self._database.value(sql))

    def of_patient(self, patient_id: str) -> tuple[Episode, ...]:
        """List a patient's episodes, newest first."""
        of_them = f"WHERE patient_id = ? {_NEWEST_FIRST}"
        return _EPISODES.find(self._database, of_them, (patient_id,))

    def change_state(self, episode_id: str, event: EpisodeEvent) -> Episode:
        """Move an episode on and return it. Raises StationError STEP_NOT_ALLOWED; LookupError."""
        with self._database.transaction():
            episode = self.get(episode_id)
            changed = replace(episode, state=advance(episode.state, event))
            self._database.change(
                "UPDATE episodes SET state = ? WHERE id = ?", (changed.state.value, episode_id)
            )
            if event is EpisodeEvent.REOPENED:  # what is done now, nobody has looked at
                for table in ("reviews", "review_requests"):
                    self._database.change(
                        f"DELETE FROM {table} WHERE episode_id = ?",  # noqa: S608 - names from above
                        (episode_id,),
                    )
            if event in _RECORDED:
                self._audit.append(_RECORDED[event], episode_id=episode_id)
            return changed

    def place(self, episode_id: str) -> EpisodePlace:
        """Return an episode's file and its key, for the vault's own modules.

        Raises StationError STEP_NOT_ALLOWED once the wipe has destroyed the key; LookupError.
        """
        row = self._database.row(
            "SELECT file_id, file_key FROM episodes WHERE id = ?", (episode_id,)
        )
        if row is None:
            raise LookupError("no such episode")
        if row["file_key"] == DESTROYED_KEY:
            raise StationError(ErrorCode.STEP_NOT_ALLOWED, state="wiping", event="open the file")
        return EpisodePlace(row["file_id"], locked(bytearray(row["file_key"])))

    def _add(self, episode: Episode) -> None:
        key = secrets.token_bytes(KEY_BYTES)
        _EPISODES.insert(self._database, episode, file_id=new_id(), file_key=key)
