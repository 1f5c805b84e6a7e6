"""One lesion, from a patient who was handed over to the certificate, in at most 25 actions.

An action is a click, or a field that is filled. The number is printed.
"""

import json
import sys
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QPlainTextEdit

from dermstation.domain.consents import Answer
from dermstation.domain.findings import Question
from dermstation.domain.records import Role
from dermstation.domain.routes import Route
from dermstation.domain.shots import STANDARD_SHOTS
from dermstation.domain.states import LoopState
from dermstation.ui.pages.capture import CapturePage
from dermstation.ui.pages.certificate import CertificatePage
from dermstation.ui.pages.consent import ConsentPage
from dermstation.ui.pages.hand_over import HandOverPage
from dermstation.ui.pages.history import HistoryPage
from dermstation.ui.pages.home import HomePage
from dermstation.ui.pages.lesion import LesionPage
from dermstation.ui.pages.patient import PatientPage
from dermstation.ui.pages.summary import SummaryPage
from dermstation.workflow.patient_file import FORMAT
from tests.ui.flows.desk import Desk

MOST_ACTIONS = 25
HANDED = {
    "format": FORMAT,
    "nhs_number": "9990000026",
    "family_name": "Patient-Two",
    "given_name": "Handed",
    "born_on": "1971-02-28",
}


class Finger:
    """Touches and types, and counts."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.actions = 0

    def press(self, button: QAbstractButton) -> None:
        self._desk.until(lambda: button.isVisible() and button.isEnabled())
        button.click()
        self.actions += 1

    def touch_map(self, page: LesionPage, x: float, y: float) -> None:
        place = page.map.canvas.place()
        at = QPoint(
            round(place.left() + x * place.width()), round(place.top() + y * place.height())
        )
        QTest.mouseClick(page.map.canvas, Qt.MouseButton.LeftButton, pos=at)
        self.actions += 1

    def write(self, edit: QPlainTextEdit, text: str) -> None:
        edit.setPlainText(text)
        self.actions += 1


def test_one_lesion_takes_at_most_25_actions(desk, tmp_path: Path, capsys) -> None:
    desk.operator = replace(desk.operator, role=Role.CLINICIAN)
    watched = tmp_path / "watched"
    watched.mkdir()
    desk.set_up()
    desk.open(patient_folder=str(watched))
    desk.sign_in()
    desk.page(HomePage)
    (watched / "patient.json").write_text(json.dumps(HANDED), encoding="utf-8")
    finger = Finger(desk)
    patient = desk.page(PatientPage)
    finger.press(patient.primary)
    consent = desk.page(ConsentPage)
    finger.press(consent.verbal)
    finger.press(consent.primary)
    lesion = desk.page(LesionPage)
    finger.touch_map(lesion, 60 / 300, 260 / 610)
    finger.press(lesion.primary)
    history = desk.page(HistoryPage)
    finger.press(history.questions[Question.SIZE_CHANGED].buttons[Answer.YES])
    finger.press(history.questions[Question.BLEEDS].buttons[Answer.NO])
    finger.write(history.text.edit, "Grew over the summer.")
    finger.press(history.primary)
    for _ in STANDARD_SHOTS:
        page = desk.page(CapturePage)
        desk.until(lambda: desk.loop is LoopState.AIMING)
        finger.press(page.shutter)
        desk.until(lambda: desk.loop is LoopState.REVIEWING)
        page.review._reason.setCurrentIndex(0)  # small pictures are poor ones; not counted
        finger.press(page.buttons.use)
    summary = desk.page(SummaryPage)
    finger.press(summary.routes[Route.RADS])
    finger.write(summary.question.edit, "Is this suspicious?")
    finger.press(summary.review.tick)
    finger.press(summary.primary)
    hand_over = desk.page(HandOverPage)
    finger.press(hand_over.in_record)
    finger.press(hand_over.in_ers)
    finger.press(hand_over.primary)
    certificate = desk.page(CertificatePage)
    finger.press(certificate.primary)
    desk.page(HomePage)
    with capsys.disabled():
        sys.stdout.write(f" {finger.actions} actions for one lesion\n")
    assert finger.actions <= MOST_ACTIONS
