"""The window asks why a dermoscopic picture is missing; the answer is saved and handed over."""

from dermstation.domain.dermoscopy_gap import NoDermoscopy
from dermstation.domain.routes import Route
from dermstation.ui.hand_over.page import HandOverPage
from dermstation.ui.home.page import HomePage
from dermstation.ui.summary.page import SummaryPage
from tests.ui.desk import Desk
from tests.ui.patient_copy.test_flow import an_episode_with_pictures
from tests.unfinished import unfinished


def gap_of(desk: Desk):
    (line,) = desk.in_vault(unfinished)
    return line.view.lesions[0].facts.no_dermoscopy


def test_a_referral_asks_why_and_goes_on_with_the_answer(desk: Desk) -> None:
    desk.set_up(an_episode_with_pictures)
    desk.open()
    desk.sign_in()
    desk.page(HomePage).rows[0].go_on.click()
    page = desk.page(SummaryPage)
    row = page.cards[0].gap
    page.routes[Route.ROUTINE].setChecked(True)
    page.primary.click()
    assert row.problem == "Choose the reason, or take the picture."
    row.reason.setCurrentIndex(row.reason.findData(NoDermoscopy.OTHER))
    page.primary.click()
    assert row.problem == "Give the reason in a few words."
    row.note.setText("The battery is flat")
    row.note.editingFinished.emit()
    assert row.problem == ""
    desk.until(lambda: gap_of(desk) is not None)
    assert gap_of(desk).words == "The battery is flat"
    page.primary.click()
    desk.page(HandOverPage)


def test_what_was_typed_last_is_kept_at_a_lock(desk: Desk) -> None:
    desk.set_up(an_episode_with_pictures)
    desk.open()
    desk.sign_in()
    desk.page(HomePage).rows[0].go_on.click()
    row = desk.page(SummaryPage).cards[0].gap
    row.reason.setCurrentIndex(row.reason.findData(NoDermoscopy.OTHER))
    row.note.setText("The battery is flat")
    desk.window.lock()
    desk.sign_in()
    row = desk.page(SummaryPage).cards[0].gap
    assert row.reason.currentData() == NoDermoscopy.OTHER
    assert row.note.text() == "The battery is flat"


def test_record_only_asks_nobody(desk: Desk) -> None:
    desk.set_up(an_episode_with_pictures)
    desk.open()
    desk.sign_in()
    desk.page(HomePage).rows[0].go_on.click()
    page = desk.page(SummaryPage)
    page.routes[Route.RECORD_ONLY].setChecked(True)
    page.primary.click()
    desk.page(HandOverPage)
