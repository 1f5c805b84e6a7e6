"""The first page after sign-in."""

from datetime import date, timedelta
from typing import Any

from dermstation.domain.states import EpisodeState
from dermstation.ui.pages.home import HomePage
from dermstation.ui.widgets.page import Page
from dermstation.vault.retentions import Retention
from dermstation.workflow.retaining import RetainedLine
from tests.ui.pages.framing import LONG_PATIENT, named


def home_empty(made: Any) -> Page:
    return HomePage(())


def home_listed_long(made: Any) -> Page:
    ordinary = made.unfinished("pictures")
    packed = made.unfinished("hand_over", patient=LONG_PATIENT, state=EpisodeState.PACKAGED)
    page = HomePage((ordinary, packed, ordinary), lambda: made.opened_at + timedelta(days=2))
    page.rows[0].abandon.click()
    return page


def home_retained(made: Any) -> Page:
    line = made.unfinished("done", state=EpisodeState.RETAINED)
    kept = Retention(
        "e",
        "Follow-up of the excision margin, agreed with dermatology. " * 2,
        "1",
        date(2026, 10, 2),
        made.opened_at,
        "1",
    )
    lines = {"e": RetainedLine(kept, "Test Clinician-Two", is_due=True)}
    return HomePage((line,), lambda: made.opened_at + timedelta(days=28), retained=lines)


STATES = named("", home_empty, home_listed_long, home_retained)
