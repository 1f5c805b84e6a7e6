"""The work list: the episodes that wait for the operator, and search results, page by page.

Plain functions on an open vault, run on the vault's thread. Typed text names patients, so it is
neither logged nor kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from dermstation.domain.local_time import midnight
from dermstation.domain.records import Operator, now
from dermstation.domain.rights import Right, may
from dermstation.domain.searching import parse_search
from dermstation.domain.states import EpisodeState
from dermstation.vault.store import Vault
from dermstation.vault.work_list import Criteria, Day, Found, Group, Span
from dermstation.workflow.walk import EpisodeView, Place, place_of

PAGE_LINES = 25

# Each operator's own work comes first: an operator who may not review starts with open episodes.
_TO_CAPTURE = (
    Group.OPEN,
    Group.CAPTURED,
    Group.FOR_REVIEW,
    Group.REVIEWED,
    Group.PACKAGED,
    Group.RETAINED,
)
_TO_REVIEW = (
    Group.FOR_REVIEW,
    Group.REVIEWED,
    Group.PACKAGED,
    Group.CAPTURED,
    Group.OPEN,
    Group.RETAINED,
)


@dataclass(frozen=True, slots=True)
class WorkLine:
    """One episode of the list, with only what the list shows, and its place in the walk."""

    view: EpisodeView
    place: Place
    group: Group = Group.OPEN
    opened_by: str = ""  # names of operators
    asked_by: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class WorkQuery:
    """A search: typed text, a group, only today; `first` is the position of the first line."""

    text: str = ""
    group: Group | None = None
    today_only: bool = False
    first: int = 0

    @property
    def is_plain(self) -> bool:
        """Return whether nothing narrows the list."""
        return not self.text.strip() and self.group is None and not self.today_only

    def __repr__(self) -> str:
        return f"WorkQuery(group={self.group}, first={self.first})"  # the text names patients


@dataclass(frozen=True, slots=True)
class WorkPage:
    """One page of the list, and the total number of matches."""

    lines: tuple[WorkLine, ...] = ()
    total: int = 0  # that fit the query
    first: int = 0


@dataclass(frozen=True, slots=True)
class WorkCounts:
    """The number of episodes in each group, opened today, and wiped today."""

    of_group: Mapping[Group, int] = field(default_factory=dict)
    of_today: int = 0
    wiped_today: int = 0


def order_for(operator: Operator) -> tuple[Group, ...]:
    """Return the groups in the order of an operator's work."""
    return _TO_REVIEW if may(operator, Right.REVIEW) else _TO_CAPTURE


def find(
    vault: Vault, operator: Operator, query: WorkQuery, *, limit: int = PAGE_LINES
) -> WorkPage:
    """Return one page of the episodes that are not wiped, in the order for this operator."""
    criteria = _criteria(operator, query, now().astimezone().date())
    found = vault.work_list.find(criteria, limit=limit, offset=query.first)
    first = query.first
    if not found.ids and found.total:  # the episodes of this page have been finished meanwhile
        first = (found.total - 1) // limit * limit
        found = vault.work_list.find(criteria, limit=limit, offset=first)
    return WorkPage(_lines(vault, found), found.total, first)


def counted(vault: Vault) -> WorkCounts:
    """Count the episodes that are not wiped, and those wiped today."""
    today = span_of(now().astimezone().date())
    everything = Criteria(tuple(Group))
    return WorkCounts(
        vault.work_list.counts(everything),
        sum(vault.work_list.counts(Criteria(tuple(Group), opened=today)).values()),
        vault.certificates.count_finished(*today),
    )


def span_of(day: date) -> Span:
    """Return the start and end of a day, midnight to midnight, as this PC's clock is set."""
    return midnight(day), midnight(day + timedelta(days=1))


def _criteria(operator: Operator, query: WorkQuery, today: date) -> Criteria:
    search = parse_search(query.text, today=today)
    return Criteria(
        order_for(operator),
        query.group,
        span_of(today) if query.today_only else None,
        search.words,
        tuple((digits, _days(dates)) for digits, dates in search.digits),
        tuple(map(_days, search.days)),
    )


def _days(dates: tuple[date, ...]) -> tuple[Day, ...]:
    return tuple(Day(one, span_of(one)) for one in dates)


def _lines(vault: Vault, found: Found) -> tuple[WorkLine, ...]:
    """Read the lines of a page, with a few queries for all of them together."""
    ids = tuple(episode_id for episode_id, _ in found.ids)
    episodes = vault.episodes.with_ids(ids)
    patients = vault.patients.with_ids(tuple({one.patient_id for one in episodes.values()}))
    open_ids = tuple(id_ for id_, one in episodes.items() if one.state is EpisodeState.OPEN)
    lesions = vault.lesions.of_episodes(open_ids)  # in other states, the state decides the place
    captures = vault.captures.of_episodes(open_ids)
    packages = {one.episode_id: one for one in vault.packages.verified(ids)}
    asked = vault.reviews.asked_of(ids)
    names = {one.id: one.name for one in vault.operators.all()}
    lines = []
    for episode_id, group in found.ids:
        episode = episodes[episode_id]
        view = EpisodeView(
            episode,
            patients[episode.patient_id],
            tuple(one for one in lesions if one.episode_id == episode_id),
            tuple(one for one in captures if one.episode_id == episode_id),
            packages.get(episode_id),
            review_asked=(request := asked.get(episode_id)),
        )
        asked_by = names.get(request.asked_by, "") if request else ""
        opened_by = names.get(episode.opened_by, "")
        lines.append(WorkLine(view, place_of(view), group, opened_by, asked_by))
    return tuple(lines)
