"""Each way out of the summary, pressed while the last words are still being typed."""

from collections.abc import Callable

import pytest

from dermstation.domain.routes import Route
from dermstation.domain.shots import ShotKind
from dermstation.domain.sites import Side
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
from dermstation.workflow import episodes
from dermstation.workflow.route_checks import AnsweredAt
from dermstation.workflow.unlocking import SignedIn
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


def two_lesions(signed_in: SignedIn) -> None:
    """Make an episode at its summary, with a second lesion of which nothing is known."""
    view = an_episode(signed_in)
    ready(signed_in, view, Route.ROUTINE)
    episodes.save_lesion(
        signed_in.vault, view.episode.id, lesion_id=None, site_code="41550009", side=Side.LEFT
    )
    episodes.finish_pictures(signed_in.vault, view.episode.id)


def test_a_lesion_is_removed_brought_back_and_what_it_lacks_leads_to_its_page(desk: Desk) -> None:
    desk.set_up(two_lesions)
    desk.open()
    desk.sign_in()
    desk.page(HomePage).rows[0].go_on.click()
    page = desk.page(SummaryPage)
    lacks = {line.missing.at for line in page.missing.lines}
    assert lacks == {AnsweredAt.SITE, AnsweredAt.HISTORY}
    page.question.edit.setPlainText(TYPED)
    page.cards[1].remove.trigger()
    desk.until(lambda: desk.page(SummaryPage) is not page)
    without = desk.page(SummaryPage)
    assert (len(without.cards), without.question.text()) == (1, TYPED)
    assert without.missing.lines == []
    without.removed[0].back.click()
    desk.until(lambda: desk.page(SummaryPage) is not without)
    again = desk.page(SummaryPage)
    assert len(again.cards) == 2
    again.missing.lines[0].click()
    assert desk.page(LesionPage).title.text().startswith("L2")
