"""A robot takes one lesion from the incoming patient to the certificate.

By mouse it needs at most 25 actions: an action is a click or filling a field. Clicks and keys go
through the window as a person's would.
"""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QPlainTextEdit, QWidget

from dermstation.domain.consents import Answer
from dermstation.domain.lesion_facts import HISTORY_QUESTIONS, Note, Question
from dermstation.domain.patient_facts import OPTIONAL_QUESTIONS, PATIENT_NOTES
from dermstation.domain.records import Role
from dermstation.domain.routes import Route
from dermstation.domain.shots import STANDARD_SHOTS
from dermstation.domain.states import LoopState
from dermstation.ui.capture.page import CapturePage
from dermstation.ui.hand_over.certificate_page import CertificatePage
from dermstation.ui.hand_over.page import HandOverPage
from dermstation.ui.home.page import HomePage
from dermstation.ui.lesion.history_page import HistoryPage
from dermstation.ui.lesion.page import LesionPage
from dermstation.ui.parts.page import Page
from dermstation.ui.patient.consent_page import ConsentPage
from dermstation.ui.patient.page import PatientPage
from dermstation.ui.summary.page import SummaryPage
from dermstation.workflow.patient_file import FORMAT
from tests.ui.desk import Desk

MOST_ACTIONS = 25
TICK_PX = 14  # into a check box or radio button, where a person aims
# what is optional is folded away; two buttons fold and unfold
FIELDS_TO_TEXT = (
    len(HISTORY_QUESTIONS) - len(OPTIONAL_QUESTIONS) + len(Note) - len(PATIENT_NOTES) + 1
)
NOTHING = Qt.KeyboardModifier.NoModifier
HANDED = {
    "format": FORMAT,
    "nhs_number": "9990000026",
    "family_name": "Patient-Two",
    "given_name": "Handed",
    "born_on": "1971-02-28",
}


class Robot:
    """A robot that waits until it can act, and counts its actions."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.actions = 0

    def click(self, widget: QWidget, at: QPoint | None = None) -> None:
        """Click a widget at a place where it is visible."""
        self._desk.until(lambda: widget.isVisible() and widget.isEnabled())
        self._settle()
        if at is None:
            is_tick = isinstance(widget, QCheckBox) or not isinstance(widget, QAbstractButton)
            at = QPoint(TICK_PX, widget.height() // 2) if is_tick else widget.rect().center()
        assert not widget.visibleRegion().isEmpty()
        assert widget.visibleRegion().contains(at), "a person would have to scroll"
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, NOTHING, at)
        self.actions += 1

    def touch_map(self, page: LesionPage, x: float, y: float) -> None:
        place = page.map.canvas.place()
        at = QPoint(
            round(place.left() + x * place.width()), round(place.top() + y * place.height())
        )
        self.click(page.map.canvas, at)

    def write(self, edit: QPlainTextEdit, text: str) -> None:
        """Click into a field and type; this counts as one action."""
        self.click(edit, QPoint(20, 14))
        QTest.keyClicks(edit, text)

    def key(self, *keys: Qt.Key, modifier: Qt.KeyboardModifier = NOTHING) -> None:
        """Press keys, each sent to whatever has the focus at that moment."""
        for one in keys:
            self._settle()
            QTest.keyClick(self._focused(), one, modifier)
            self.actions += 1

    def tabs(self, count: int) -> None:
        """Press Tab repeatedly, as fast as a held key; each press counts."""
        for _ in range(count):
            QTest.keyClick(self._focused(), Qt.Key.Key_Tab)
            self.actions += 1

    def type(self, text: str) -> None:
        """Type into the focused field; this counts as one action."""
        self._settle()
        QTest.keyClicks(self._focused(), text)
        self.actions += 1

    def _settle(self) -> None:
        """Wait until the page has processed the events that lay it out and focus it."""
        QTest.qWait(1)

    def _focused(self) -> QWidget:
        return self._desk.window.focusWidget() or self._desk.shell.page


@pytest.fixture
def robot(desk: Desk, tmp_path: Path) -> Robot:
    """A robot at the page that asks whether the incoming patient is the one in the room."""
    desk.operator = replace(desk.operator, role=Role.CLINICIAN)
    watched = tmp_path / "watched"
    watched.mkdir()
    desk.set_up()
    desk.open(patient_folder=str(watched))
    desk.window.activateWindow()
    desk.sign_in()
    desk.page(HomePage)
    (watched / "patient.json").write_text(json.dumps(HANDED), encoding="utf-8")
    page = desk.page(PatientPage)
    desk.until(page.primary.isEnabled)
    return Robot(desk)


def take_pictures(desk: Desk, robot: Robot, *, by_key: bool) -> None:
    for _ in STANDARD_SHOTS:
        page = desk.page(CapturePage)
        desk.until(lambda: desk.loop is LoopState.AIMING)
        if by_key:
            desk.until(page.shutter.isEnabled)
            robot.key(Qt.Key.Key_Space)
        else:
            robot.click(page.shutter)
        desk.until(lambda: desk.loop is LoopState.REVIEWING)
        page.review.why.choice.setCurrentIndex(0)  # small pictures are poor; not counted
        if by_key:
            desk.until(page.buttons.use.isEnabled)
            page.setFocus()  # as if no reason had been asked for
            robot.key(Qt.Key.Key_Return)
        else:
            robot.click(page.buttons.use)


def test_one_lesion_takes_at_most_25_actions(desk, robot) -> None:
    robot.click(desk.page(PatientPage).primary)
    consent = desk.page(ConsentPage)
    robot.click(consent.verbal)
    robot.click(consent.primary)
    lesion = desk.page(LesionPage)
    robot.touch_map(lesion, 60 / 300, 260 / 610)
    robot.click(lesion.safeguards.neither)
    robot.click(lesion.primary)
    history = desk.page(HistoryPage)
    robot.click(history.questions[Question.SIZE_CHANGED].buttons[Answer.YES])
    robot.click(history.questions[Question.BLEEDS].buttons[Answer.NO])
    robot.write(history.text.edit, "Grew over the summer.")
    robot.click(history.primary)
    take_pictures(desk, robot, by_key=False)
    summary = desk.page(SummaryPage)
    robot.click(summary.routes[Route.RADS], QPoint(TICK_PX, 20))
    robot.click(summary.told.buttons[Answer.YES])
    robot.write(summary.question.edit, "Is this suspicious?")
    robot.click(summary.review.tick)
    robot.click(summary.primary)
    hand_over = desk.page(HandOverPage)
    robot.click(hand_over.in_record)
    robot.click(hand_over.in_ers)
    robot.click(hand_over.primary)
    robot.click(desk.page(CertificatePage).primary)
    desk.page(HomePage)
    assert robot.actions <= MOST_ACTIONS


def test_one_lesion_by_keyboard_alone(desk, robot) -> None:
    def enter(page: type[Page]) -> None:
        desk.page(page)
        robot.key(Qt.Key.Key_Return)

    enter(PatientPage)
    desk.page(ConsentPage)
    robot.key(Qt.Key.Key_Space)
    enter(ConsentPage)
    desk.page(LesionPage)
    robot.type("forearm back")
    robot.tabs(2)
    robot.key(Qt.Key.Key_Space)  # the left side
    robot.tabs(1)
    robot.key(Qt.Key.Key_Space)  # nobody to be seen, and not intimate
    enter(LesionPage)
    desk.page(HistoryPage)
    robot.key(Qt.Key.Key_N, Qt.Key.Key_Down, Qt.Key.Key_Y)
    robot.tabs(FIELDS_TO_TEXT)
    robot.type("Grew over the summer.")
    robot.key(Qt.Key.Key_Return, modifier=Qt.KeyboardModifier.ControlModifier)
    take_pictures(desk, robot, by_key=True)
    enter(SummaryPage)  # moves the focus to the first route
    robot.key(Qt.Key.Key_Space)  # Advice & Guidance
    enter(SummaryPage)  # moves the focus to the question
    robot.type("Is this suspicious?")
    robot.key(Qt.Key.Key_Return, modifier=Qt.KeyboardModifier.ControlModifier)  # to the review
    robot.key(Qt.Key.Key_Space)
    enter(SummaryPage)
    desk.page(HandOverPage)
    robot.key(Qt.Key.Key_Tab, Qt.Key.Key_Space, Qt.Key.Key_Tab, Qt.Key.Key_Space)
    enter(HandOverPage)
    enter(CertificatePage)
    desk.page(HomePage)
