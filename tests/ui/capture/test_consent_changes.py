"""Consent that is withdrawn or changed stops or keeps the pictures, and says so."""

from dermstation.domain.records import Operator, Role
from dermstation.ui.home.page import HomePage
from dermstation.ui.lesion.page import LesionPage
from dermstation.ui.patient.consent_page import ConsentPage
from dermstation.ui.summary.page import SummaryPage
from tests.ui.capture.walking import an_episode_to_be
from tests.ui.desk import OTHER_PASSPHRASE, Desk
from tests.unfinished import unfinished
from tests.unit.workflow.conftest import an_episode, ready


class TestConsent:
    def at_the_summary(self, desk: Desk) -> SummaryPage:
        desk.set_up(lambda signed_in: ready(signed_in, an_episode(signed_in)))
        desk.open()
        desk.sign_in()
        desk.page(HomePage).rows[0].go_on.click()
        return desk.page(SummaryPage)

    def change(self, desk: Desk) -> ConsentPage:
        buttons = desk.shell.page.findChildren(type(desk.shell.page.primary))
        next(one for one in buttons if "onsent" in one.text()).click()
        return desk.page(ConsentPage)

    def test_consent_withdrawn_wipes_the_pictures_and_says_so(self, desk) -> None:
        self.at_the_summary(desk)
        page = self.change(desk)
        assert page.verbal.isChecked()
        page.declined.click()
        desk.press(page)
        summary = desk.page(SummaryPage)
        desk.said("wiped", "withdrew consent", "goes ahead without pictures")
        (line,) = desk.in_vault(unfinished)
        assert line.view.captures == ()
        desk.until(lambda: "The patient declined pictures." in desk.texts())
        assert "Retake" not in [one.text() for one in summary.findChildren(type(summary.primary))]

    def test_a_nurse_stops_the_use_of_a_clinician_s_pictures_and_wipes_none(self, desk) -> None:
        nurse = desk.other = Operator("e" * 32, "Test Nurse-Two", Role.NURSE)
        desk.set_up(desk.add_other, lambda signed_in: ready(signed_in, an_episode(signed_in)))
        desk.open()
        desk.sign_in(OTHER_PASSPHRASE, nurse)
        desk.page(HomePage).rows[0].go_on.click()
        desk.page(SummaryPage)
        page = self.change(desk)
        page.declined.click()
        assert "a clinician wipes them" in desk.texts()
        desk.press(page)
        desk.page(SummaryPage)
        desk.said("not used any more", "Ask a clinician")
        (line,) = desk.in_vault(unfinished)
        assert line.view.withheld == len(line.view.captures) > 0

    def test_going_back_from_the_consent_changes_nothing(self, desk) -> None:
        self.at_the_summary(desk)
        page = self.change(desk)
        page.declined.click()
        page.back_pressed.emit()
        desk.page(SummaryPage)
        (line,) = desk.in_vault(unfinished)
        assert line.view.pictures_wanted

    def test_no_camera_is_open_while_the_patient_is_asked_or_has_declined(self, desk) -> None:
        desk.set_up(an_episode_to_be)
        desk.open()
        desk.sign_in()
        desk.page(HomePage).rows[0].go_on.click()
        lesion = desk.page(LesionPage)
        desk.until(lambda: desk.station.viewfinder.link is not None)
        lesion.back_pressed.emit()
        page = desk.page(ConsentPage)
        assert desk.station.viewfinder.link is None
        page.declined.click()
        desk.press(page)
        desk.page(LesionPage)
        assert desk.station.viewfinder.link is None
