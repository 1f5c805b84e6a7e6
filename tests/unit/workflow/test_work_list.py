"""The work list on a real vault: matches, the order for each role, and pages."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from dermstation.domain.identity import NhsNumber
from dermstation.domain.records import Episode, Role, new_id, now
from dermstation.domain.states import EpisodeEvent, EpisodeState
from dermstation.vault.work_list import Group
from dermstation.workflow import episodes, reviewing, wiping
from dermstation.workflow.unlocking import SignedIn
from dermstation.workflow.walk import Step
from dermstation.workflow.work_list import WorkQuery, counted, find
from tests.unit.workflow.conftest import PATIENT, an_episode, pack

NUMBERS = ("9990000018", "9990000026", "9990000034", "9990000123")
NAMES = ("Smith-Jones", "Zoëtest", "O'Neill", "Smithers")
BORN = (date(1958, 9, 3), date(1980, 2, 1), date(1991, 12, 30), date(1980, 2, 1))
_MOVES = {
    Group.OPEN: (),
    Group.CAPTURED: (EpisodeEvent.SHOTS_COMPLETED,),
    Group.REVIEWED: (EpisodeEvent.SHOTS_COMPLETED, EpisodeEvent.REVIEWED),
    Group.RETAINED: (EpisodeEvent.RETAINED,),
}


def add(signed_in: SignedIn, which: int, group: Group = Group.OPEN, days_ago: int = 0) -> str:
    """Add an episode of one of the patients, opened `days_ago` days ago."""
    vault, operator = signed_in.vault, signed_in.operator
    number = NhsNumber(NUMBERS[which])
    typed = replace(PATIENT, nhs_number=number, family_name=NAMES[which], born_on=BORN[which])
    known = vault.patients.find_by_nhs_number(number)
    patient = known or typed.with_id(new_id())
    opened_at = now() - timedelta(days=days_ago)
    episode = Episode(new_id(), patient.id, EpisodeState.OPEN, opened_at, operator.id)
    vault.patients.save(patient)
    vault.episodes.save(episode)
    wanted = Group.CAPTURED if group is Group.FOR_REVIEW else group
    for event in _MOVES[wanted]:
        vault.episodes.change_state(episode.id, event)
    if group is Group.FOR_REVIEW:
        vault.reviews.ask(episode.id, operator.id)
    return episode.id


def ids(signed_in: SignedIn, text: str = "", **query: object) -> list[str]:
    page = find(signed_in.vault, signed_in.operator, WorkQuery(text, **query))  # type: ignore[arg-type]
    assert page.total == len(page.lines)
    return [line.view.episode.id for line in page.lines]


def test_an_open_episode_says_where_it_stopped_and_who_opened_it(signed_in, view) -> None:
    (line,) = find(signed_in.vault, signed_in.operator, WorkQuery()).lines
    assert line.view.episode.id == view.episode.id
    assert line.view.patient == view.patient
    assert line.place.step is Step.PICTURES
    assert line.place.lesion == view.lesions[0]
    assert line.opened_by == signed_in.operator.name


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("smith", {0, 3}),
        ("jones", {0}),
        ("SMITHERS", {3}),
        ("zoe", {1}),
        ("oneill", {2}),
        ("o'n", {2}),
        ("mith", set()),
        ("999 000 0026", {1}),
        ("9990000026", {1}),
        ("0123", {3}),
        ("1/2/1980", {1, 3}),
        ("01.02.80", {1, 3}),
        ("smith 1/2/1980", {3}),
        ("smith 999 000 0018", {0}),
        ("zoe smith", set()),
        ("31/2/1980", set()),
        ("3/9/1931", set()),  # Windows cannot convert a time of that year
        ("%", {0, 1, 2, 3}),  # nothing to look for
        ("'; DROP TABLE episodes", set()),
    ],
)
def test_each_is_found_as_it_is_typed(signed_in, text, found) -> None:
    made = [add(signed_in, which) for which in range(4)]
    assert set(ids(signed_in, text)) == {made[which] for which in found}


def test_the_day_of_the_visit_is_found_like_a_date_of_birth(signed_in) -> None:
    today, before = add(signed_in, 0), add(signed_in, 1, days_ago=1)
    assert ids(signed_in, "today") == [today]
    assert ids(signed_in, "yesterday") == [before]
    assert ids(signed_in, f"{datetime.now().astimezone() - timedelta(days=1):%d/%m/%y}") == [before]
    assert ids(signed_in, today_only=True) == [today]


def test_each_role_sees_its_own_work_first(signed_in) -> None:
    groups = (Group.OPEN, Group.CAPTURED, Group.FOR_REVIEW, Group.REVIEWED, Group.RETAINED)
    made = {group: add(signed_in, 0, group) for group in groups}
    nurse = replace(signed_in, operator=replace(signed_in.operator, role=Role.NURSE))
    order = (Group.FOR_REVIEW, Group.REVIEWED, Group.CAPTURED, Group.OPEN, Group.RETAINED)
    assert ids(signed_in) == [made[group] for group in order]
    assert ids(nurse) == [made[group] for group in groups]
    for group in groups:
        assert ids(signed_in, group=group) == [made[group]]
    counts = counted(signed_in.vault)
    assert counts.of_group == {**dict.fromkeys(Group, 0), **dict.fromkeys(groups, 1)}
    assert counts.of_today == len(groups)


def test_the_newest_of_a_state_comes_first(signed_in) -> None:
    made = [add(signed_in, which, days_ago=which) for which in (3, 1, 2)]
    assert ids(signed_in) == [made[1], made[2], made[0]]


def test_pages_follow_one_another_and_none_is_past_the_end(signed_in) -> None:
    for number in range(7):
        add(signed_in, number % 4, (Group.OPEN, Group.FOR_REVIEW)[number % 2])
    everything = [
        line.view.episode.id
        for line in find(signed_in.vault, signed_in.operator, WorkQuery()).lines
    ]
    paged = []
    for first in (0, 3, 6):
        page = find(signed_in.vault, signed_in.operator, WorkQuery(first=first), limit=3)
        assert (page.total, page.first) == (7, first)
        paged += [line.view.episode.id for line in page.lines]
    assert paged == everything
    late = find(signed_in.vault, signed_in.operator, WorkQuery(first=60), limit=3)
    assert (late.first, len(late.lines)) == (6, 1)


def test_a_wiped_episode_is_no_longer_found_and_is_counted_today(signed_in, view, packages) -> None:
    pack(signed_in, view, packages)
    assert ids(signed_in, group=Group.PACKAGED) == [view.episode.id]
    vault = signed_in.vault
    wiping.hand_over(vault, signed_in.operator, view.episode.id, in_record=True, in_ers=True)
    assert ids(signed_in) == []
    assert ids(signed_in, PATIENT.family_name) == []
    assert counted(vault).wiped_today == 1
    rows = vault.work_list._database.rows("SELECT word FROM patient_words")
    assert rows == []  # nothing of the name is left either


def test_a_corrected_name_is_found_by_the_new_one_alone(signed_in) -> None:
    episode_id = add(signed_in, 0)
    patient = signed_in.vault.patients.find_by_nhs_number(NhsNumber(NUMBERS[0]))
    signed_in.vault.patients.save(replace(patient, family_name="Corrected"))
    assert ids(signed_in, "smith") == []
    assert ids(signed_in, "corr") == [episode_id]


def test_sending_for_review_lists_it_in_that_group_once(signed_in) -> None:
    opened = an_episode(signed_in)
    vault, operator = signed_in.vault, signed_in.operator
    for _ in range(2):
        reviewing.ask_for_review(vault, operator, opened.episode.id)
    (line,) = find(vault, operator, WorkQuery()).lines
    assert (line.group, line.asked_by) == (Group.FOR_REVIEW, operator.name)
    episodes.take_more(vault, opened.episode.id)
    assert find(vault, operator, WorkQuery()).lines[0].group is Group.OPEN


def test_a_query_never_shows_the_text_searched_for() -> None:
    assert "Smith" not in repr(WorkQuery("Smith"))
