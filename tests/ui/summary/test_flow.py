"""Each way out of the summary, pressed while the last words are still being typed."""

from collections.abc import Callable

import pytest

from dermstation.domain.shots import ShotKind
from dermstation.ui.capture.page import CapturePage
from dermstation.ui.home.page import HomePage
from dermstation.ui.lesion.history_page import HistoryPage
from dermstation.ui.lesion.page import LesionPage
from dermstation.ui.parts.page import Page
from dermstation.ui.patient.consent_page import ConsentPage
from dermstation.ui.patient_copy.page import PatientCopyPage
from dermstation.ui.review.page import LesionReviewPage
from dermstation.ui.summary.page import SummaryPage
from dermstation.ui.summary.pathway_page import PathwayPage
from tests.ui.desk import Desk
from tests.unfinished import unfinished
from tests.unit.workflow.conftest import an_episode, ready

TYPED = "Typed a moment ago?"
GENERAL = ShotKind.GENERAL
WAYS: dict[str, tuple[Callable[[SummaryPage], object], type[Page]]] = {
    "back": (lambda page: page.back.click(), HomePage),
    "site": (lambda page: page.cards[0].edit.trigger(), LesionPage),
    "history": (lambda page: page.cards[0].ask.click(), HistoryPage),
    "another lesion": (lambda page: page.add_lesion.click(), LesionPage),
    "review": (lambda page: page.cards[0].thumbnails[GENERAL].pressed.emit(), LesionReviewPage),
    "retake": (lambda page: page.cards[0].retakes[GENERAL].trigger(), CapturePage),
    "copy": (lambda page: page.cards[0].copy.trigger(), PatientCopyPage),
    "chart": (lambda page: page.chart.click(), PathwayPage),
    "consent": (lambda page: page.consent.click(), ConsentPage),
}


@pytest.mark.parametrize("way", WAYS)
def test_each_way_out_leads_to_its_page_and_loses_no_word(desk: Desk, way: str) -> None:
    desk.set_up(lambda signed_in: ready(signed_in, an_episode(signed_in)))
    desk.open()
    desk.sign_in()
    desk.page(HomePage).rows[0].go_on.click()
    page = desk.page(SummaryPage)
    page.question.edit.setPlainText(TYPED)
    press, wanted = WAYS[way]
    press(page)
    desk.page(wanted)
    (line,) = desk.in_vault(unfinished)
    assert line.view.episode.question == TYPED


def test_a_ruler_that_was_not_recognised_is_told_by_one_press(desk: Desk) -> None:
    desk.set_up(lambda signed_in: ready(signed_in, an_episode(signed_in)))
    desk.open()
    desk.sign_in()
    desk.page(HomePage).rows[0].go_on.click()
    page = desk.page(SummaryPage)
    page.question.edit.setPlainText(TYPED)
    before = page.cards[0].score.points
    page.cards[0].has_ruler.click()
    desk.until(lambda: desk.page(SummaryPage) is not page)
    again = desk.page(SummaryPage)
    assert again.cards[0].score.points == before + 1
    assert again.cards[0].has_ruler is None
    assert again.question.text() == TYPED
