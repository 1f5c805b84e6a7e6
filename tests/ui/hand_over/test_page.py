"""The hand-over: two confirmations before a wipe, the files, the path, and withdrawal."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDrag, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from dermstation.domain.routes import Route
from dermstation.ui.hand_over.dragged_files import DraggedFiles
from dermstation.ui.hand_over.page import IN_ERS, IN_RECORD, HandOverPage
from tests.ui.seen import texts


class TestHandOver:
    @pytest.fixture
    def page(self, shown, made) -> HandOverPage:
        return shown(HandOverPage(made.package(4), Route.RADS))

    @pytest.mark.parametrize("route", Route)
    def test_the_urgent_priority_is_said_for_rads_alone(self, shown, made, route) -> None:
        page = shown(HandOverPage(made.package(4), route))
        said = "In e-RS, set the priority to Urgent" in texts(page)
        assert said is (route is Route.RADS)

    def test_the_wipe_needs_both_ticks(self, page, qtbot) -> None:
        for first, second in ((page.in_record, page.in_ers), (page.in_ers, page.in_record)):
            first.setChecked(True)
            second.setChecked(False)
            assert not page.primary.isEnabled()
            with qtbot.assertNotEmitted(page.confirmed):
                page.primary.click()
                QTest.keyClick(page, Qt.Key.Key_Return)

    def test_the_keyboard_alone_ticks_and_wipes(self, page, qtbot) -> None:
        for tick in (page.in_record, page.in_ers):
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
            assert tick.hasFocus()
            QTest.keyClick(tick, Qt.Key.Key_Space)
        with qtbot.waitSignal(page.confirmed) as told:
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
        assert told.args == [True, True, False]

    def test_the_words_of_the_confirmations_are_exact_and_can_be_pressed(self, page) -> None:
        assert page.in_record.accessibleName() == IN_RECORD
        assert page.in_ers.accessibleName() == IN_ERS
        words = next(one for one in page.findChildren(QLabel) if one.text() == IN_ERS)
        QTest.mouseClick(words, Qt.MouseButton.LeftButton)
        assert page.in_ers.isChecked()

    def test_the_words_claim_no_more_than_the_station_knows(self, page) -> None:
        assert "shown there as Available" in page.in_ers.accessibleName()
        for tick in (page.in_record, page.in_ers):
            tick.setChecked(True)
        said = texts(page)
        assert "After the wipe it is in the record and in e-RS; backups made earlier" in said
        assert "is only" not in said

    def test_rads_says_the_priority_and_where_the_answer_comes(self, shown, made, page) -> None:
        assert "set the priority to Urgent" in texts(page)
        assert "look there for the answer" in texts(page)
        other = texts(shown(HandOverPage(made.package(4), Route.MINOR_SURGERY)))
        assert "priority" not in other
        assert "answer" not in other

    def test_the_files_are_listed_in_their_order_with_sizes(self, page, made) -> None:
        said = texts(page)
        places = [said.index(file.name) for file in made.package(4).files]
        assert places == sorted(places)
        assert "4 files, 2.6 MB in all" in said

    def test_each_file_and_all_of_them_can_be_dragged_out(self, page, made) -> None:
        package = made.package(4)
        paths = [Path(package.folder) / file.name for file in package.files]
        *single, every = [
            [Path(url.toLocalFile()) for url in one.files_to_drag().urls()]
            for one in page.findChildren(DraggedFiles)
        ]
        assert single == [[one] for one in paths]
        assert every == paths

    def test_a_drag_begins_only_when_the_pointer_moves(self, page, monkeypatch) -> None:
        begun = []
        monkeypatch.setattr(QDrag, "exec", lambda drag, action: begun.append(action))
        row = page.findChildren(DraggedFiles)[0]
        far = QPoint(QApplication.startDragDistance() + 5, 5)
        QTest.mousePress(row, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
        QTest.mouseMove(row, QPoint(6, 5))
        assert begun == []
        QTest.mouseMove(row, far)
        assert begun == [Qt.DropAction.CopyAction]
        QTest.mouseRelease(row, Qt.MouseButton.LeftButton, pos=far)

    def test_every_copy_button_is_reached_by_keyboard(self, page) -> None:
        names = []
        page.open_folder.setFocus()
        for _ in range(12):
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
            names.append(QApplication.focusWidget().accessibleName())
        assert names[:2] == [IN_RECORD, IN_ERS]
        assert sum(name.startswith("Copy the path of") for name in names) == 1 + 4

    def test_the_path_is_copied(self, page, made) -> None:
        page.copy.click()
        assert QGuiApplication.clipboard().text() == made.package(4).folder

    def test_the_package_can_be_withdrawn(self, page, qtbot) -> None:
        page.withdraw.click()
        assert "Its 4 files are removed" in texts(page)
        assert page.ask.keep.hasFocus()
        page.ask.keep.click()
        assert page.ask.isHidden()
        assert page.withdraw.hasFocus()
        page.withdraw.click()
        with qtbot.waitSignal(page.ask.confirm.clicked):
            page.ask.confirm.click()
