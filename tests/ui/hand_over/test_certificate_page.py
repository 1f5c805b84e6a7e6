"""The certificate claims only what was wiped."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton

from dermstation.domain.wipe_claims import CLAIM_LINES, NO_MORE
from dermstation.ui.hand_over.certificate_page import CertificatePage
from tests.ui.seen import texts


class TestCertificate:
    def test_a_complete_wipe_says_so_and_claims_no_more_than_is_true(self, shown, made) -> None:
        said = texts(shown(CertificatePage(made.certificate(), "Test Nurse-One")))
        assert "Every local copy has been wiped" in said
        assert "3 pictures" in said
        assert "4 package files" in said
        assert "Test Nurse-One" in said
        for claim in (*CLAIM_LINES, NO_MORE):
            assert claim in said
        assert "any backup made earlier" in said
        assert "unreadable" not in said

    def test_only_a_complete_wipe_leads_on_to_the_next_patient(self, made) -> None:
        assert CertificatePage(made.certificate(), "Test Nurse-One").is_over
        assert not CertificatePage(made.certificate(left=1), "Test Nurse-One").is_over

    def test_an_incomplete_wipe_names_what_is_left(self, shown, made) -> None:
        said = texts(shown(CertificatePage(made.certificate(left=2), "Test Nurse-One")))
        assert "Not everything has been wiped" in said
        assert "2 items were not removed by the station." in said
        assert f"package file: {1:032x}" in said
        assert "Every local copy has been wiped" not in said

    def test_an_abandoned_episode_had_no_hand_over(self, shown, made) -> None:
        said = texts(shown(CertificatePage(made.certificate(abandoned=True), "Test Nurse-One")))
        assert "None: abandoned" in said

    def test_enter_finishes(self, shown, made, qtbot) -> None:
        page = shown(CertificatePage(made.certificate(), "Test Nurse-One"))
        with qtbot.waitSignal(page.finish.clicked):
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)

    def test_the_pdf_goes_where_our_own_dialog_says(self, shown, made, qtbot, tmp_path) -> None:
        page = shown(CertificatePage(made.certificate(), "Test Nurse-One"))
        save = next(b for b in page.findChildren(QPushButton) if "PDF" in b.text())
        save.click()
        dialog = page.findChild(QFileDialog)
        assert dialog.testOption(QFileDialog.Option.DontUseNativeDialog)
        with qtbot.waitSignal(page.save_requested) as told:
            dialog.fileSelected.emit(str(tmp_path / "certificate.pdf"))
        assert told.args == [tmp_path / "certificate.pdf"]
        dialog.reject()
