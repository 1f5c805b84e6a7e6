"""The episodes, each with the random key of its own file.

A state changes through `change_state` alone, which asks the domain. Runs in the vault's thread.
"""

import secrets
from dataclasses import replace

from dermstation.domain.audit import AuditEvent
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Episode, new_id
from dermstation.domain.routes import Route
from dermstation.domain.states import EpisodeEvent, EpisodeState, advance
from dermstation.security.kdf import KEY_BYTES
from dermstation.vault import columns
from dermstation.vault.audit import Audit
from dermstation.vault.connection import Database, Row
from dermstation.vault.episode_files import EpisodePlace

DESTROYED_KEY = bytes(KEY_BYTES)
_SELECT = (
    "SELECT id, patient_id, state, opened_at, opened_by, consent, route, question FROM episodes"
)
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
            if row[0] != episode.state.value:
                raise StationError(
                    ErrorCode.STEP_NOT_ALLOWED, state=row[0], event=f"saved as {episode.state}"
                )
            consent = columns.from_consent(episode.consent)
            if episode.consent is not None and consent != row[1]:
                self._audit.append(
                    AuditEvent.CONSENT_RECORDED,
                    operator_id=episode.consent.recorded_by,
                    episode_id=episode.id,
                    given=episode.consent.given,
                )
            self._database.change(
                "UPDATE episodes SET consent = ?, route = ?, question = ? WHERE id = ?",
                (
                    consent,
                    episode.route.value if episode.route else None,
                    episode.question,
                    episode.id,
                ),
            )

    def get(self, episode_id: str) -> Episode:
        """Return an episode. Raises LookupError."""
        row = self._database.row(f"{_SELECT} WHERE id = ?", (episode_id,))
        if row is None:
            raise LookupError("no such episode")
        return _episode(row)

    def unfinished(self) -> tuple[Episode, ...]:
        """List the episodes whose wipe has not begun, newest first."""
        rows = self._database.rows(f"{_SELECT} {_NOT_BEING_WIPED} {_NEWEST_FIRST}")
        return tuple(_episode(row) for row in rows)

    def with_ids(self, episode_ids: tuple[str, ...]) -> dict[str, Episode]:
        """Map the ids of episodes to them."""
        rows = self._database.rows(
            f"{_SELECT} WHERE id IN ({columns.marks(episode_ids)})", episode_ids
        )
        return {row[0]: _episode(row) for row in rows}

    def is_unfinished(self, episode_id: str) -> bool:
        """Tell whether an episode is there and its wipe has not begun."""
        return (
            self._database.row(f"{_SELECT} {_NOT_BEING_WIPED} AND id = ?", (episode_id,))
            is not None
        )

    def count_unfinished(self) -> int:
        """Count the episodes whose wipe has not begun."""
        row = self._database.row(
            "SELECT count(*) FROM episodes WHERE id NOT IN (SELECT episode_id FROM wipes)"
        )
        return int(row[0]) if row else 0

    def of_patient(self, patient_id: str) -> tuple[Episode, ...]:
        """List a patient's episodes, newest first."""
        rows = self._database.rows(f"{_SELECT} WHERE patient_id = ? {_NEWEST_FIRST}", (patient_id,))
        return tuple(_episode(row) for row in rows)

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
        """Return where an episode's images are, and the key, for the vault's own modules.

        Raises StationError STEP_NOT_ALLOWED once the wipe has destroyed the key; LookupError.
        """
        row = self._database.row(
            "SELECT file_id, file_key FROM episodes WHERE id = ?", (episode_id,)
        )
        if row is None:
            raise LookupError("no such episode")
        if row[1] == DESTROYED_KEY:
            raise StationError(ErrorCode.STEP_NOT_ALLOWED, state="wiping", event="open the file")
        return EpisodePlace(row[0], bytearray(row[1]))

    def _add(self, episode: Episode) -> None:
        self._database.change(
            "INSERT INTO episodes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                episode.id,
                episode.patient_id,
                episode.state.value,
                columns.from_instant(episode.opened_at),
                episode.opened_by,
                columns.from_consent(episode.consent),
                episode.route.value if episode.route else None,
                episode.question,
                new_id(),
                secrets.token_bytes(KEY_BYTES),
            ),
        )


def _episode(row: Row) -> Episode:
    episode_id, patient_id, state, opened_at, opened_by, consent, route, question = row
    return Episode(
        id=episode_id,
        patient_id=patient_id,
        state=EpisodeState(state),
        opened_at=columns.to_instant(opened_at),
        opened_by=opened_by,
        consent=columns.to_consent(consent),
        route=Route(route) if route else None,
        question=question,
    )
