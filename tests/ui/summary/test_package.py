"""The predicted package, the form in which it is made, and the aids of the hand-over."""

from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton

from dermstation.domain.consents import Answer
from dermstation.domain.presets import Preset
from dermstation.domain.routes import Route
from dermstation.ui.hand_over.check_page import CheckPage
from dermstation.ui.hand_over.email_page import EmailPage
from dermstation.ui.hand_over.message_page import MessagePage
from dermstation.ui.hand_over.page import HandOverPage
from dermstation.ui.home.page import HomePage
from dermstation.ui.summary.package_choice import Form
from dermstation.ui.summary.page import SummaryPage
from dermstation.workflow import episodes
from dermstation.workflow.unlocking import SignedIn
from tests.ui.desk import Desk
from tests.ui.hand_over.test_flow import at_the_hand_over, at_the_summary
from tests.unfinished import unfinished
from tests.unit.workflow.conftest import an_episode, files_below


def pressed(page, words: str) -> None:
    next(one for one in page.findChildren(QPushButton) if words in one.text()).click()


class TestPrediction:
    def test_the_sizes_are_worked_out_for_each_destination_and_form(self, desk: Desk) -> None:
        page = at_the_summary(desk)
        desk.until(lambda: "4 files" in page.package.words)
        assert "of 5.0 MB" in page.package.words
        page.package.form.setCurrentIndex(Form.ONE_PDF)
        desk.until(lambda: "1 file," in page.package.words)
        page.package.destination.setCurrentIndex(list(Preset).index(Preset.ERS_WEB))
        desk.until(lambda: "Package: e-RS web" in page.package.words)
        desk.until(lambda: "the largest" in page.package.words)
        assert not page.package.dicom.isEnabled()

    def test_a_package_that_cannot_be_made_is_reported_before_it_is_tried(self, desk: Desk) -> None:
        page = at_the_summary(desk)
        page.package.destination.setCurrentIndex(list(Preset).index(Preset.VISION))
        page.package.fhir.click()
        desk.until(lambda: "5 files; this destination accepts 4" in page.package.words)
        page.package.fhir.click()
        page.package.dicom.click()
        desk.until(lambda: "has 8 files" in page.package.words)
        page.package.destination.setCurrentIndex(list(Preset).index(Preset.GP_SYSTEM))
        desk.until(lambda: "maker, model and serial number" in page.package.words)


class TestForms:
    def test_extra_files_are_made_if_they_are_asked_for(self, desk: Desk) -> None:
        page = at_the_summary(desk)
        page.package.fhir.click()
        desk.press(page)
        desk.page(HandOverPage)
        assert "referral.xml" in [one.name for one in files_below(desk.paths.packages)]

    def test_a_passphrase_is_shown_once_and_gone_after_it(self, desk: Desk) -> None:
        page = at_the_summary(desk)
        page.package.form.setCurrentIndex(Form.SEALED)
        desk.press(page)
        made = desk.page(HandOverPage)
        assert "Passphrase, shown only now" in desk.texts()
        (file,) = files_below(desk.paths.packages)
        assert b"/Encrypt" in file.read_bytes()
        assert "Unencrypted" not in desk.texts()
        made.back.click()
        desk.page(HomePage).rows[0].go_on.click()
        desk.page(HandOverPage)
        assert "Passphrase" not in desk.texts()

    def test_a_synced_folder_is_refused_in_words(self, desk: Desk, tmp_path: Path) -> None:
        synced = tmp_path / "OneDrive - Test Surgery"
        synced.mkdir()
        page = at_the_summary(desk, synced)
        desk.press(page)
        desk.until(lambda: desk.shell.page is not page)
        desk.page(SummaryPage)
        desk.said("copied to the internet by OneDrive", "safe", "stays on this PC")
        assert list(synced.iterdir()) == []

    def test_an_unusable_folder_is_refused_as_soon_as_it_is_chosen(
        self, desk: Desk, tmp_path: Path
    ) -> None:
        synced = tmp_path / "Dropbox"
        synced.mkdir()
        page = at_the_summary(desk)
        page._on_chosen(str(synced))
        desk.said("copied to the internet by Dropbox")
        page._on_chosen(str(tmp_path))
        desk.until(lambda: page.notice.words == "")

    def test_without_pictures_the_reason_is_asked_for_kept_and_sent(self, desk: Desk) -> None:
        def without_pictures(signed_in: SignedIn) -> None:
            opened = an_episode(signed_in)
            episodes.finish_pictures(signed_in.vault, opened.episode.id)

        desk.set_up(without_pictures)
        desk.open()
        desk.sign_in()
        desk.page(HomePage).rows[0].go_on.click()
        page = desk.page(SummaryPage)
        page.no_pictures.edit.setPlainText("A tattoo that cannot be covered.")
        page.routes[Route.USC].click()
        page.told.buttons[Answer.YES].click()
        page.review.tick.click()
        desk.press(page)
        desk.page(HandOverPage)
        (line,) = desk.in_vault(unfinished)
        assert line.view.episode.consent.no_pictures_because == "A tattoo that cannot be covered."


class TestAids:
    def test_the_message_is_copied_and_the_clipboard_cleared_at_the_lock(self, desk: Desk) -> None:
        at_the_hand_over(desk).message.click()
        page = desk.page(MessagePage)
        assert "characters" in page.length.text()
        desk.press(page)
        desk.said("Copied", "60 seconds")
        assert QGuiApplication.clipboard().text() == page.text.text()
        desk.window.lock()
        assert QGuiApplication.clipboard().text() == ""

    def test_the_files_are_shown_as_they_are_in_the_folder(self, desk: Desk) -> None:
        at_the_hand_over(desk).check.click()
        page = desk.page(CheckPage)
        assert "3 pictures" in desk.texts()
        desk.press(page)
        desk.page(HandOverPage)

    def test_a_changed_file_is_reported_and_not_shown(self, desk: Desk) -> None:
        page = at_the_hand_over(desk)
        picture = next(one for one in files_below(desk.paths.packages) if one.suffix == ".jpg")
        picture.write_bytes(picture.read_bytes()[:-9])
        page.check.click()
        desk.said("changed or damaged", "Do not attach it")

    def test_an_e_mail_draft_is_only_written_to_an_allowed_domain(self, desk: Desk) -> None:
        at_the_hand_over(desk).email.click()
        page = desk.page(EmailPage)
        page.address.set_text("someone@example.org")
        desk.press(page)
        desk.until(lambda: "example.org" in page.address.error)
        page.address.set_text("derm.test@nhs.net")
        desk.press(page)
        desk.said("The draft has been written", "draft.eml", "send it")
        assert "draft.eml" in [one.name for one in files_below(desk.paths.packages)]
        page.back.click()
        page = desk.page(HandOverPage)
        page.withdraw.click()
        page.ask.confirm.click()
        desk.page(SummaryPage)
        desk.said("withdrawn", "files are removed")
        assert files_below(desk.paths.packages) == []
