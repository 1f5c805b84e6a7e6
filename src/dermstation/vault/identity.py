"""The vault's identity, kept in the encrypted index: its id, and who may unlock it.

The index decides; the key files only repeat it. Runs in the vault's thread.
"""

import json
from collections.abc import Iterable
from dataclasses import replace

from dermstation.domain.records import Operator, Role, new_id
from dermstation.security.judging import Authorised
from dermstation.security.slots import OperatorSlot
from dermstation.vault.connection import Database
from dermstation.vault.tables import OR_IGNORE, insert, or_update


class Identity:
    """The tables of the vault's identity and of the holders of its keys."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def id(self, otherwise: str = "") -> str:
        """Return the vault's random id; the first call takes `otherwise` or makes one."""
        known = self._database.value("SELECT vault_id FROM vault_identity")
        if known is None:
            known = otherwise or new_id()
            with self._database.transaction():
                insert(self._database, "vault_identity", {"one": 1, "vault_id": known}, OR_IGNORE)
        return str(known)

    @property
    def is_bound(self) -> bool:
        """Return whether the index says who may unlock the vault.

        It does not before the first opening by a station that knows how to.
        """
        return self._database.value("SELECT recovery_public FROM vault_identity") is not None

    def bind(self, recovery_public: bytes, slots: Iterable[OperatorSlot]) -> None:
        """Take over who may unlock the vault, from key files that are trusted this once."""
        with self._database.transaction():
            self._database.change("DELETE FROM key_holders")
            for slot in slots:
                self.hold(slot)
            self._database.change(
                "UPDATE vault_identity SET recovery_public = ?", (recovery_public,)
            )

    def authorised(self) -> Authorised:
        """Return who may unlock the vault, with names and roles as they are now."""
        people = self._people()
        revoked = {one for one, (_, is_revoked) in people.items() if is_revoked}
        slots = []
        for row in self._database.rows("SELECT operator_id, slot FROM key_holders"):
            operator, is_revoked = people[row["operator_id"]]
            if not is_revoked:
                slots.append(replace(_slot(row["slot"]), operator=operator))
        public = self._database.value("SELECT recovery_public FROM vault_identity")
        return Authorised(self.id(), bytes(public or b""), tuple(slots), revoked)

    def present(self, slots: Iterable[OperatorSlot]) -> tuple[OperatorSlot, ...]:
        """Return the slots of operators who are known here and not revoked, as they are named."""
        people = self._people()
        found = ((one, people.get(one.operator.id)) for one in slots)
        return tuple(
            replace(slot, operator=known[0]) for slot, known in found if known and not known[1]
        )

    def hold(self, slot: OperatorSlot) -> None:
        """Record an operator's slot as the valid one, within the transaction that is open."""
        values = {"operator_id": slot.operator.id, "slot": _text(slot), "coming": None}
        insert(self._database, "key_holders", values, or_update("operator_id", "slot", "coming"))

    def coming(self) -> dict[str, OperatorSlot]:
        """Return the slots of new secrets that the key files may hold or not, by operator."""
        rows = self._database.rows(
            "SELECT operator_id, coming FROM key_holders WHERE coming IS NOT NULL"
        )
        return {row["operator_id"]: _slot(row["coming"]) for row in rows}

    def announce(self, slot: OperatorSlot) -> None:
        """Record the slot of a new secret, before the key files hold it."""
        with self._database.transaction():
            self._database.change(
                "UPDATE key_holders SET coming = ? WHERE operator_id = ?",
                (_text(slot), slot.operator.id),
            )

    def settle(self, operator_id: str, *, has_come: bool) -> None:
        """Make the announced slot the valid one, or forget it."""
        taken = "coming" if has_come else "slot"
        with self._database.transaction():
            self._database.change(
                f"UPDATE key_holders SET slot = {taken}, coming = NULL WHERE operator_id = ?",  # noqa: S608 - a column of ours
                (operator_id,),
            )

    def unbind(self) -> None:
        """Make the next opening take over from the key files again, if holders were lost."""
        with self._database.transaction():
            self._database.change("DELETE FROM key_holders")
            self._database.change("UPDATE vault_identity SET recovery_public = NULL")

    def tries_seen(self) -> int:
        """Return how many tries to sign in there had been at the last opening."""
        return int(self._database.value("SELECT tries_seen FROM vault_identity") or 0)

    def note_tries(self, total: int) -> None:
        """Record how many tries to sign in there have been."""
        with self._database.transaction():
            self._database.change("UPDATE vault_identity SET tries_seen = ?", (total,))

    def _people(self) -> dict[str, tuple[Operator, bool]]:
        rows = self._database.rows("SELECT id, name, role, revoked_at FROM operators")
        return {
            row["id"]: (
                Operator(row["id"], row["name"], Role(row["role"])),
                row["revoked_at"] is not None,
            )
            for row in rows
        }


def _text(slot: OperatorSlot) -> str:
    return json.dumps(slot.bare().to_json())


def _slot(text: str) -> OperatorSlot:
    return OperatorSlot.from_json(json.loads(text))
