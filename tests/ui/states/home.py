"""States of the work list, the first page after sign-in."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.identity import Patient
from dermstation.domain.records import ReviewRequest
from dermstation.domain.routes import Route
from dermstation.domain.states import EpisodeState
from dermstation.settings import Settings
from dermstation.ui.home.page import HomePage
from dermstation.ui.parts.notice import Level
from dermstation.ui.parts.page import Page
from dermstation.vault.retentions import Retention
from dermstation.vault.work_list import Group
from dermstation.workflow.first_steps import steps_of
from dermstation.workflow.messages import message_for
from dermstation.workflow.retaining import RetainedLine
from dermstation.workflow.work_list import WorkCounts, WorkLine, WorkPage, WorkQuery
from tests.ui.framing import LONG_PATIENT, named

_NAMES = ("Patient-One", "Patient-Two", "O'Sample", "Mad\u00e9up-Test", "Specimen")


def _page(made: Any, *lines: WorkLine, days: float = 0.1, **over: Any) -> HomePage:
    counts = dict.fromkeys(Group, 0)
    for line in lines:
        counts[line.group] += 1
    counted = WorkCounts(counts, of_today=len(lines), wiped_today=3)
    at = made.opened_at + timedelta(days=days)
    return HomePage(WorkPage(lines, len(lines)), counted, lambda: at, **over)


def _asked(made: Any, **over: Any) -> WorkLine:
    line = made.line("summary", Group.FOR_REVIEW, route=Route.RADS, **over)
    at = made.opened_at + timedelta(minutes=20)
    return replace(line, view=replace(line.view, review_asked=ReviewRequest(at, "1")))


def _patient(made: Any, number: int) -> Patient:
    name = _NAMES[number % len(_NAMES)]
    return replace(made.patient, family_name=name, born_on=date(1940 + number, 2, 3))


def home_empty(made: Any) -> Page:
    return HomePage(WorkPage())


def home_first_day(made: Any) -> Page:
    page = HomePage(WorkPage())
    settings = Settings(practice_name="Test Surgery", practice_code="A1234")
    page.show_steps(steps_of(settings, 1, has_camera=True, has_backup=False))
    return page


def home_names_hidden(made: Any) -> Page:
    lines = [made.line("pictures", patient=_patient(made, number)) for number in range(3)]
    return _page(made, *lines, hides_names=True)


def home_one(made: Any) -> Page:
    return _page(made, made.line("pictures"))


def home_expecting(made: Any) -> Page:
    return _page(made, made.line("pictures"), has_worklist=True)


def home_waiting(made: Any) -> Page:
    """Show episodes in every state, as a clinician sees them."""
    states = (EpisodeState.REVIEWED, EpisodeState.CAPTURED, EpisodeState.OPEN)
    steps = ("summary", "summary", "consent")
    groups = (Group.REVIEWED, Group.CAPTURED, Group.OPEN)
    others = [
        made.line(step, group, state=state, patient=_patient(made, number))
        for number, (step, group, state) in enumerate(zip(steps, groups, states, strict=True))
    ]
    return _page(made, _asked(made), _asked(made, patient=_patient(made, 4)), *others, reviews=True)


def home_many(made: Any) -> Page:
    lines = tuple(made.line("pictures", patient=_patient(made, number)) for number in range(25))
    counts = WorkCounts({Group.OPEN: 180, Group.FOR_REVIEW: 20}, 12, 0)
    at = made.opened_at + timedelta(hours=1)
    page = HomePage(WorkPage(lines, 200, 25), counts, lambda: at)
    page.show_found(WorkQuery(first=25), WorkPage(lines, 200, 25))
    return page


def home_nobody_found(made: Any) -> Page:
    page = _page(made, made.line("pictures"))
    page.finder.search.setText("Nosuchname 1/2/1980")
    page.show_found(page.finder.query(), WorkPage())
    return page


def home_search_failed(made: Any) -> Page:
    page = _page(made, made.line("pictures"))
    said = message_for(StationError(ErrorCode.VAULT_DAMAGED))
    page.show_notice(Level.ERROR, said.what, said.safe, said.todo)
    return page


def home_listed_long(made: Any) -> Page:
    ordinary = made.line("pictures")
    packed = made.line(
        "hand_over", Group.PACKAGED, patient=LONG_PATIENT, state=EpisodeState.PACKAGED
    )
    page = _page(made, packed, ordinary, ordinary, days=2)
    page.rows[0].abandon.click()
    return page


def home_retained(made: Any) -> Page:
    line = made.line("done", Group.RETAINED, state=EpisodeState.RETAINED)
    kept = Retention(
        "e",
        "Follow-up of the excision margin, agreed with dermatology. " * 2,
        "1",
        date(2026, 10, 2),
        made.opened_at,
        "1",
    )
    lines = {"e": RetainedLine(kept, "Test Clinician-Two", is_due=True)}
    return _page(made, line, days=28, retained=lines)


STATES = named(
    "",
    home_empty,
    home_first_day,
    home_names_hidden,
    home_one,
    home_expecting,
    home_waiting,
    home_many,
    home_nobody_found,
    home_search_failed,
    home_listed_long,
    home_retained,
)
