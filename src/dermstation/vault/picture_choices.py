"""The decisions of a review on pictures: left out, nothing to cover, a ruler, their order.

A wipe, and a withdrawn consent, take the rows along with the captures. Runs in the vault's thread.
"""

from collections.abc import Iterable
from types import MappingProxyType

from dermstation.domain.audit import AuditEvent
from dermstation.domain.copies import PictureChoices
from dermstation.domain.records import Capture, now
from dermstation.domain.shots import ShotKind
from dermstation.vault import columns
from dermstation.vault.audit import Audit
from dermstation.vault.connection import Database
from dermstation.vault.tables import insert, or_update


class PictureChoicesTable:
    """The tables of choices and of orders."""

    def __init__(self, database: Database, audit: Audit) -> None:
        self._database = database
        self._audit = audit

    def of_episode(self, episode_id: str) -> PictureChoices:
        """Return everything that was settled about an episode's pictures."""
        rows = self._database.rows(
            "SELECT capture_id, left_out_because, nothing_to_cover, with_ruler"
            " FROM picture_choices"
            " JOIN captures ON captures.id = capture_id WHERE episode_id = ?",
            (episode_id,),
        )
        orders = self._database.rows(
            "SELECT lesion_id, shots FROM picture_orders"
            " JOIN lesions ON lesions.id = lesion_id WHERE episode_id = ?",
            (episode_id,),
        )
        return PictureChoices(
            MappingProxyType(
                {
                    row["capture_id"]: row["left_out_because"]
                    for row in rows
                    if row["left_out_because"] is not None
                }
            ),
            frozenset(row["capture_id"] for row in rows if row["nothing_to_cover"]),
            MappingProxyType(
                {
                    row["lesion_id"]: tuple(map(ShotKind, columns.to_json(row["shots"])))
                    for row in orders
                }
            ),
            frozenset(row["capture_id"] for row in rows if row["with_ruler"]),
        )

    def leave_out(self, capture: Capture, because: str | None, *, by: str) -> None:
        """Leave a picture out for a reason, or put it back (None)."""
        event = AuditEvent.PUT_BACK if because is None else AuditEvent.LEFT_OUT
        if capture.derivation is not None and because is not None:
            event = AuditEvent.COPY_DROPPED
        with self._database.transaction():
            self._choose(capture, by, "left_out_because", because)
            self._record(event, capture, by)

    def say_nothing_to_cover(self, capture: Capture, *, holds: bool, by: str) -> None:
        """Note that a picture shows nobody, or take that back."""
        with self._database.transaction():
            self._choose(capture, by, "nothing_to_cover", int(holds))
            if holds:
                self._record(AuditEvent.NOTHING_TO_COVER, capture, by)

    def say_ruler(self, capture: Capture, *, by: str) -> None:
        """Note that a close-up has a ruler although the station sees none."""
        with self._database.transaction():
            self._choose(capture, by, "with_ruler", 1)

    def put_in_order(self, lesion_id: str, shots: Iterable[ShotKind]) -> None:
        """Note the order of a lesion's pictures, by their shots."""
        order = {
            "lesion_id": lesion_id,
            "shots": columns.from_json([one.value for one in shots]),
        }
        with self._database.transaction():
            insert(self._database, "picture_orders", order, or_update("lesion_id", "shots"))

    def _choose(self, capture: Capture, by: str, column: str, value: object) -> None:
        choice = {
            "capture_id": capture.id,
            "nothing_to_cover": 0,
            "chosen_at": columns.from_instant(now()),
            "chosen_by": by,
            column: value,
        }
        changes = or_update("capture_id", column, "chosen_at", "chosen_by")
        insert(self._database, "picture_choices", choice, changes)

    def _record(self, event: AuditEvent, capture: Capture, by: str) -> None:
        self._audit.append(
            event,
            operator_id=by,
            episode_id=capture.episode_id,
            subject=capture.id,
            shot=capture.shot.value,
        )
