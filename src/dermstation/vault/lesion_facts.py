"""How the facts of a lesion are written in a column, and read back. Pure.

What was not asked is left out, so that an older row and an unasked one are the same.
"""

from types import MappingProxyType
from typing import Any

from dermstation.domain.consents import Answer
from dermstation.domain.dermoscopy_gap import DermoscopyGap, NoDermoscopy
from dermstation.domain.lesion_facts import (
    NO_FACTS,
    NO_SAFEGUARDS,
    Chaperone,
    History,
    Identifiable,
    LesionFacts,
    Note,
    Point,
    Question,
    Safeguards,
    Spot,
)
from dermstation.domain.opinion import NO_OPINION, Opinion
from dermstation.vault import columns


def from_facts(facts: LesionFacts) -> str:
    """Write facts as JSON."""
    written: dict[str, Any] = {}
    if facts.spot is not None:
        written["spot"] = [facts.spot.view, facts.spot.x, facts.spot.y]
    if facts.safeguards != NO_SAFEGUARDS:
        kept = facts.safeguards
        written["safeguards"] = {
            "is_intimate": bool(kept.is_intimate),
            "chaperone": kept.chaperone.value,
            "chaperone_name": kept.chaperone_name,
            "identifiable": kept.identifiable.value,
            "without_pictures": kept.without_pictures,
        }
        if kept.is_intimate is False:
            written["safeguards"]["intimate_asked"] = True
    history = facts.history
    if history.answers:
        written["answers"] = {one.value: given.value for one, given in history.answers.items()}
    if history.notes:
        written["notes"] = {note.value: text for note, text in history.notes.items()}
    if history.points is not None:
        written["points"] = sorted(point.value for point in history.points)
        written["acknowledged"] = history.acknowledged
    gap = facts.no_dermoscopy
    if gap is not None:
        written["no_dermoscopy"] = [gap.reason.value, gap.note]
    if facts.opinion != NO_OPINION:
        written["opinion"] = [facts.opinion.diagnosis, facts.opinion.uncertain]
    return columns.from_json(written)


def to_facts(text: str) -> LesionFacts:
    """Read what `from_facts` wrote."""
    data = columns.to_json(text)
    if not data:
        return NO_FACTS
    return LesionFacts(
        Spot(*data["spot"]) if "spot" in data else None,
        _to_safeguards(data.get("safeguards")),
        _to_history(data),
        _to_gap(data.get("no_dermoscopy")),
        Opinion(*data.get("opinion", ())),
    )


def _to_safeguards(data: dict[str, Any] | None) -> Safeguards:
    if data is None:
        return NO_SAFEGUARDS
    return Safeguards(
        _to_intimate(data),
        Chaperone(data["chaperone"]),
        data["chaperone_name"],
        Identifiable(data["identifiable"]),
        data["without_pictures"],
    )


def _to_intimate(data: dict[str, Any]) -> bool | None:
    """Read whether a site is intimate; an earlier station wrote False for "not asked" as well."""
    is_asked = data["is_intimate"] or data.get("intimate_asked", False)
    return bool(data["is_intimate"]) if is_asked else None


def _to_gap(data: list[str] | None) -> DermoscopyGap | None:
    return None if data is None else DermoscopyGap(NoDermoscopy(data[0]), data[1])


def _to_history(data: dict[str, Any]) -> History:
    answers = {Question(one): Answer(given) for one, given in data.get("answers", {}).items()}
    notes = {Note(note): text for note, text in data.get("notes", {}).items()}
    points = frozenset(map(Point, data["points"])) if "points" in data else None
    return History(
        MappingProxyType(answers),
        MappingProxyType(notes),
        points,
        data.get("acknowledged", False),
    )
