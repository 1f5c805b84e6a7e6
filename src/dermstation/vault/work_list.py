"""Finding the episodes that are not wiped: by state, name, number, date; in order, page by page.

Reads narrow indexes, never an episode's texts or file. Search texts come in folded and are
forgotten with the query. Runs in the vault's thread.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from dermstation.domain.states import EpisodeState
from dermstation.vault import columns
from dermstation.vault.connection import Database

_AFTER_ALL = "\U0010ffff"  # sorts behind every letter


class Group(StrEnum):
    """The states of the list; an episode that was captured may wait for a review."""

    OPEN = "open"
    CAPTURED = "captured"
    FOR_REVIEW = "for_review"
    REVIEWED = "reviewed"
    PACKAGED = "packaged"
    RETAINED = "retained"


# each group's state, and whether a review is asked for
_GROUPS: dict[Group, tuple[EpisodeState, bool]] = {
    Group.OPEN: (EpisodeState.OPEN, False),
    Group.CAPTURED: (EpisodeState.CAPTURED, False),
    Group.FOR_REVIEW: (EpisodeState.CAPTURED, True),
    Group.REVIEWED: (EpisodeState.REVIEWED, False),
    Group.PACKAGED: (EpisodeState.PACKAGED, False),
    Group.RETAINED: (EpisodeState.RETAINED, False),
}
_ASKED = "e.id IN (SELECT episode_id FROM review_requests)"
_FROM = "FROM episodes AS e WHERE e.id NOT IN (SELECT episode_id FROM wipes)"
_NUMBERED = (
    "SELECT id FROM episodes"
    " WHERE patient_id IN (SELECT id FROM patients WHERE instr(nhs_number, ?))"
)
_BORN = "SELECT id FROM episodes WHERE patient_id IN (SELECT id FROM patients WHERE born_on = ?)"
_VISITED = "SELECT id FROM episodes WHERE opened_at >= ? AND opened_at < ?"

Span = tuple[datetime, datetime]  # from, until before


@dataclass(frozen=True, slots=True)
class Day:
    """A date that is the patient's date of birth, or the day of the visit as a span of time."""

    date: date
    span: Span


@dataclass(frozen=True, slots=True, repr=False)
class Criteria:
    """A request for lines of the list: `order` gives the groups; within one, newest first."""

    order: tuple[Group, ...]
    group: Group | None = None
    opened: Span | None = None
    words: tuple[str, ...] = ()  # folded
    digits: tuple[tuple[str, tuple[Day, ...]], ...] = ()
    days: tuple[tuple[Day, ...], ...] = ()

    def __repr__(self) -> str:
        return "Criteria()"  # it names patients


@dataclass(frozen=True, slots=True)
class Found:
    """One page of ids with their groups, and how many there are in all."""

    ids: tuple[tuple[str, Group], ...]
    total: int


class WorkList:
    """The list of episodes that are not wiped."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, criteria: Criteria, *, limit: int, offset: int = 0) -> Found:
        """Find one page of episodes: group by group, each read in the order of an index."""
        counted = self.counts(criteria)
        ids: list[tuple[str, Group]] = []
        for group in criteria.order:
            count = counted[group]
            if offset < count and len(ids) < limit:
                found = self._of_group(criteria, group, limit - len(ids), offset)
                ids += [(episode_id, group) for episode_id in found]
            offset = max(0, offset - count)
        return Found(tuple(ids), sum(counted.values()))

    def counts(self, criteria: Criteria) -> dict[Group, int]:
        """Count what fits, group by group; a group that is not asked for has none."""
        where, values = _where(criteria)
        is_asked = f"CASE e.state WHEN 'captured' THEN {_ASKED} ELSE FALSE END"
        rows = self._database.rows(
            f"SELECT e.state AS state, {is_asked} AS is_asked, count(*) AS number"
            f" {_FROM}{where} GROUP BY 1, 2",
            values,
        )
        counted = dict.fromkeys(Group, 0)
        for row in rows:
            found = (row["state"], bool(row["is_asked"]))
            group = next((one for one in Group if _GROUPS[one] == found), None)
            if group is not None and criteria.group in (None, group):
                counted[group] += int(row["number"])
        return counted

    def _of_group(
        self, criteria: Criteria, group: Group, limit: int, offset: int
    ) -> tuple[str, ...]:
        where, values = _where(criteria)
        state, asked = _GROUPS[group]
        if state is EpisodeState.CAPTURED:
            where += f" AND {_ASKED if asked else f'NOT {_ASKED}'}"
        found = self._database.values(
            f"SELECT e.id {_FROM}{where} AND e.state = ?"
            " ORDER BY e.opened_at DESC, e.id DESC LIMIT ? OFFSET ?",
            (*values, state.value, limit, offset),
        )
        return tuple(found)


def _where(criteria: Criteria) -> tuple[str, tuple[object, ...]]:
    conditions, values = _conditions(criteria)
    return "".join(f" AND {one}" for one in conditions), values


def _conditions(criteria: Criteria) -> tuple[list[str], tuple[object, ...]]:
    conditions: list[str] = []
    values: list[object] = []

    def add(condition: str, of_it: Iterable[object]) -> None:
        conditions.append(condition)
        values.extend(of_it)

    if criteria.group is not None:
        add("e.state = ?", (_GROUPS[criteria.group][0].value,))
    if criteria.opened is not None:
        add("e.opened_at >= ? AND e.opened_at < ?", map(columns.from_instant, criteria.opened))
    for word in criteria.words:
        named = "SELECT patient_id FROM patient_words WHERE word >= ? AND word < ?"
        add(f"e.patient_id IN ({named})", (word, word + _AFTER_ALL))
    for digits, dates in criteria.digits:
        add(*_any_of([(_NUMBERED, [digits]), *_of_days(dates)]))
    for dates in criteria.days:
        add(*_any_of(_of_days(dates)))
    return conditions, tuple(values)


def _any_of(selects: list[tuple[str, list[object]]]) -> tuple[str, list[object]]:
    """Accept what one of some queries gives: each goes by an index, which OR would not."""
    if not selects:
        return "FALSE", []
    queries = " UNION ALL ".join(query for query, _ in selects)
    return f"e.id IN ({queries})", [value for _, of_one in selects for value in of_one]


def _of_days(dates: Sequence[Day]) -> list[tuple[str, list[object]]]:
    """Find by dates of birth and by days of the visit."""
    found: list[tuple[str, list[object]]] = []
    for day in dates:
        found.append((_BORN, [day.date.isoformat()]))
        found.append((_VISITED, [*map(columns.from_instant, day.span)]))
    return found
