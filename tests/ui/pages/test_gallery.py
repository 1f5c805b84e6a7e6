"""Every page in every state, at both sizes: nothing is cut off, nothing overlaps.

Set DERMSTATION_GALLERY to a folder to keep the pictures for looking at.
"""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, QSizeF, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QComboBox,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from dermstation.domain.audit import AuditEntry, AuditEvent, AuditFault, AuditFinding
from dermstation.domain.consents import Answer, ConsentCircumstances, Giver
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.findings import (
    Chaperone,
    History,
    Identifiable,
    Note,
    Point,
    Question,
    Safeguards,
    Spot,
)
from dermstation.domain.identity import NhsNumber, Patient
from dermstation.domain.quality import Verdict
from dermstation.domain.records import Operator, PackageFile, Role
from dermstation.domain.routes import Route
from dermstation.domain.shots import ShotKind
from dermstation.domain.sites import Side
from dermstation.domain.states import EpisodeState
from dermstation.handover.options import PRESETS, Preset
from dermstation.ui.pages.audit import AuditViewPage
from dermstation.ui.pages.backup import BackupPage
from dermstation.ui.pages.busy import BusyPage
from dermstation.ui.pages.camera_words import SLOW
from dermstation.ui.pages.capture import CapturePage
from dermstation.ui.pages.certificate import CertificatePage
from dermstation.ui.pages.check import CheckPage
from dermstation.ui.pages.consent import ConsentPage
from dermstation.ui.pages.crash import CrashPage
from dermstation.ui.pages.email import EmailPage
from dermstation.ui.pages.hand_over import HandOverPage
from dermstation.ui.pages.history import HistoryPage
from dermstation.ui.pages.home import HomePage
from dermstation.ui.pages.lesion import LesionPage
from dermstation.ui.pages.message import MessagePage
from dermstation.ui.pages.operator_form import AddOperatorPage, SecretPage
from dermstation.ui.pages.operators import OperatorsPage
from dermstation.ui.pages.pathway import PathwayPage
from dermstation.ui.pages.patient import PatientPage
from dermstation.ui.pages.recover import RecoverPage
from dermstation.ui.pages.recovery_key import RecoveryKeyPage
from dermstation.ui.pages.restore import RestorePage
from dermstation.ui.pages.retain import RetainPage
from dermstation.ui.pages.sign_in import SignInPage
from dermstation.ui.pages.station_menu import StationMenuPage
from dermstation.ui.pages.summary import SummaryPage
from dermstation.ui.pages.welcome import WelcomePage
from dermstation.ui.widgets.header import Header
from dermstation.ui.widgets.live_view import LiveView
from dermstation.ui.widgets.notice import Level
from dermstation.ui.widgets.page import Page
from dermstation.ui.widgets.steps import Steps
from dermstation.ui.widgets.text import ElidedLabel
from dermstation.ui.widgets.tool_bar import Tool
from dermstation.vault.audit import AuditFilter
from dermstation.vault.retentions import Retention
from dermstation.workflow.auditing import AuditPage
from dermstation.workflow.measuring import Scale
from dermstation.workflow.messages import message_for
from dermstation.workflow.operators import OperatorLine
from dermstation.workflow.pathway import read_pathway
from dermstation.workflow.prediction import Prediction
from dermstation.workflow.retaining import RetainedLine

TITLE_BAR_PX = 31  # of a maximised window, within the 728 px a 768 px screen leaves
SIZES = {"1366x768": (1366, 728 - TITLE_BAR_PX), "1920x1080": (1920, 1040 - TITLE_BAR_PX)}
LONG_PATIENT = Patient(
    "1" * 32,
    "Maximiliana Wilhelmina Bartholomea Persephone Test-Given-Names Longest",
    "Featherstonehaugh-Cholmondeley-Majoribanks-Wolfeschlegelsteinhausen-Test",
    date(1931, 12, 28),
    NhsNumber("9990000123"),
)
LONG = "W" * 90
NO_MODIFIER = Qt.KeyboardModifier.NoModifier


def _capture(made: Any, link=("streaming", ""), age=0.03, **done: Verdict) -> CapturePage:
    page = CapturePage()
    page.show_lesion("L1", "Forearm, back (left)")
    page.enter_aiming(ShotKind.DERMOSCOPIC, {ShotKind[name]: v for name, v in done.items()})
    page.show_frame(made.skin)
    page.show_link(*link)
    page.show_age(age)
    return page


def capture_aiming(made: Any) -> CapturePage:
    page = _capture(made, GENERAL=Verdict.GOOD, CLOSEUP=Verdict.FAIR)
    page.show_live_report(made.report(Verdict.POOR, Verdict.FAIR))
    return page


def capture_slow(made: Any) -> CapturePage:
    said = message_for(StationError(ErrorCode.CAMERA_SLOW))
    return _capture(made, (SLOW, f"{said.what}\n{said.todo}\n{said.safe}"), 0.4)


def capture_no_camera(made: Any) -> CapturePage:
    return _capture(
        made, ("absent", "No camera is connected\nPlug it in; it is found by itself."), None
    )


def capture_stale(made: Any) -> CapturePage:
    return _capture(made, age=2.1)


def capture_saved(made: Any) -> CapturePage:
    page = _capture(made, GENERAL=Verdict.GOOD)
    page.show_live_report(made.report())
    page.show_saved(ShotKind.GENERAL)
    page.show_lesion("L12", "Around the eye (midline)")
    return page


def capture_good(made: Any) -> CapturePage:
    page = _capture(made)
    page.enter_review(made.skin, made.report())
    return page


def capture_poor(made: Any) -> CapturePage:
    page = _capture(made)
    page.enter_review(made.skin, made.report(Verdict.POOR, Verdict.FAIR))
    page.review.show_problem("Choose a reason, or take the picture again.")
    return page


def capture_save_failed(made: Any) -> CapturePage:
    page = _capture(made)
    page.enter_review(made.skin, made.report(Verdict.FAIR, Verdict.GOOD))
    page.return_to_review()
    page.show_notice(
        Level.ERROR,
        "It could not be saved: the disk is full.",
        "The picture on the screen is still held.",
        "Free some space, then press again.",
    )
    return page


def capture_first(made: Any) -> CapturePage:
    page = CapturePage()
    page.show_lesion("L1", "Forearm, back (left)")
    page.enter_aiming(ShotKind.GENERAL, {})
    page.show_frame(made.skin)
    page.show_link("streaming")
    page.show_age(0.03)
    page.show_live_report(made.report())
    page.buttons.show_hands_free(on=True, waits=True)
    return page


def capture_hands_free(made: Any) -> CapturePage:
    page = _capture(made, GENERAL=Verdict.GOOD)
    page.show_live_report(made.report())
    page.buttons.show_hands_free(on=True, waits=False)
    page.shutter.show_progress(0.6)
    return page


def capture_tools(made: Any) -> CapturePage:
    page = _capture(made, GENERAL=Verdict.GOOD, DERMOSCOPIC=Verdict.FAIR)
    page.show_live_report(made.full_report())
    page.tools.show_earlier(np.ascontiguousarray(made.skin[:, ::-1]))
    for tool in (Tool.GRID, Tool.SHARP, Tool.EARLIER, Tool.EARLIER):
        page.tools.press(tool)
    page.tools.show_scale(Scale(0.0163, 0.012))
    return page


def capture_lens(made: Any) -> CapturePage:
    page = _capture(made, GENERAL=Verdict.GOOD)
    page.show_live_report(made.report(Verdict.FAIR))
    page.tools.press(Tool.LENS)
    page.view.over.lens.move_to(QPointF(0.4, 0.5))
    return page


def capture_zoomed(made: Any) -> CapturePage:
    page = _capture(made, GENERAL=Verdict.GOOD)
    page.tools.press(Tool.ZOOM)
    page.tools.show_scale(Scale(0.0163, 0.012))
    return page


def cells(made: Any) -> tuple[np.ndarray, np.ndarray]:
    soft, lost = np.zeros((19, 25), bool), np.zeros((19, 25), bool)
    soft[:7, :6], soft[3:9, 4:9], lost[11:13, 15:18] = True, True, True
    return soft, lost


def capture_trouble(made: Any) -> CapturePage:
    page = _capture(made, GENERAL=Verdict.GOOD)
    page.show_live_report(made.report(Verdict.FAIR, Verdict.FAIR))
    page.tools.press(Tool.TROUBLE)
    page.tools.show_trouble(*cells(made))
    return page


def capture_five_reasons(made: Any) -> CapturePage:
    page = _capture(made)
    noted = "120 ms before the press, polarised light, scale \u00b1 2 %"
    page.enter_review(made.skin, made.full_report(), noted)
    page.tools.show_scale(Scale(0.0163, 0.021))
    page.tools.press(Tool.TROUBLE)
    page.tools.show_trouble(*cells(made))
    return page


def capture_keys(made: Any) -> CapturePage:
    page = _capture(made)
    page.enter_keys()
    page.keys.show_choice("F13", sounds=True)
    page.keys.take_key(QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_G, NO_MODIFIER, "g"))
    return page


def capture_ruler(made: Any) -> CapturePage:
    page = _capture(made)
    page.enter_ruler()
    return page


def _marks(made: Any, *ends: tuple[float, float, float, float]) -> CapturePage:
    page = capture_ruler(made)
    page.enter_marks(made.skin)
    for x1, y1, x2, y2 in ends:
        page.scale.add((QPointF(x1, y1), QPointF(x2, y2)), QSizeF(1600, 1200))
    return page


def capture_marks(made: Any) -> CapturePage:
    page = _marks(made, (0.3, 0.4, 0.6835, 0.4), (0.3, 0.6, 0.6841, 0.6))
    page.scale.add((QPointF(0.5, 0.5), QPointF(0.52, 0.5)), QSizeF(1600, 1200))
    return page


def capture_marks_complete(made: Any) -> CapturePage:
    across = (0.5, 0.2, 0.5, 0.711)
    return _marks(made, (0.3, 0.4, 0.6835, 0.4), (0.3, 0.6, 0.6841, 0.6), across, across)


def capture_no_millimetres(made: Any) -> CapturePage:
    page = _capture(made, GENERAL=Verdict.GOOD)
    page.show_live_report(made.report())
    said = message_for(
        StationError(ErrorCode.SCALE_OTHER_SIZE, known="1280 x 960", width=1600, height=1200)
    )
    page.show_notice(Level.INFO, said.what, said.safe, said.todo)
    return page


def words_of(error: StationError) -> str:
    return f"This is not right ({error.code.value}). Compare it with the record and type again."


def _patient(given: str, family: str, number: str = "999 000 0018") -> PatientPage:
    page = PatientPage(words_of, lambda: date(2026, 9, 4))
    page.load_draft(
        {
            "nhs_number": number,
            "family_name": family,
            "given_name": given,
            "born_on": "03/09/1958",
        }
    )
    return page


def patient_empty(made: Any) -> Page:
    return PatientPage(words_of)


def patient_errors(made: Any) -> Page:
    page = _patient("T3st", "", "999 000 0019")
    page.primary.click()
    return page


def patient_confirm(made: Any) -> Page:
    page = _patient("Test", "Patient-One")
    page.primary.click()
    return page


def patient_handed(made: Any) -> Page:
    page = PatientPage(words_of, lambda: date(2026, 9, 4))
    one = made.patient
    page.ask_about_handed(one.nhs_number, one.family_name, one.given_name, one.born_on)
    page._arm()
    return page


def patient_confirm_long(made: Any) -> Page:
    page = _patient(LONG_PATIENT.given_name, LONG_PATIENT.family_name)
    page.primary.click()
    page.show_notice(
        Level.ERROR,
        "This NHS number is already here with another name or date of birth.",
        "Nothing is lost.",
        "Check the patient against the record, and correct what is wrong.",
    )
    return page


def patient_confirm_unbroken_long(made: Any) -> Page:
    page = _patient(LONG, LONG)
    page.primary.click()
    return page


def consent_empty(made: Any) -> Page:
    return ConsentPage()


def consent_missing(made: Any) -> Page:
    page = ConsentPage()
    page.primary.click()
    return page


def consent_declined(made: Any) -> Page:
    page = ConsentPage()
    page.declined.setChecked(True)
    return page


def consent_withdrawn_long(made: Any) -> Page:
    page = ConsentPage(3)
    page.declined.setChecked(True)
    page.answers.show_circumstances(
        ConsentCircumstances(
            Giver.ATTORNEY, "Test " * 16, Answer.NO, Answer.YES, "Interpreter service 12345"
        )
    )
    return page


def consent_giver_missing(made: Any) -> Page:
    page = ConsentPage()
    page.verbal.setChecked(True)
    page.answers.show_circumstances(ConsentCircumstances(Giver.PARENT))
    page.primary.click()
    return page


def lesion_empty(made: Any) -> Page:
    page = LesionPage()
    page.show_lesion("L1")
    return page


def lesion_filled_long(made: Any) -> Page:
    page = LesionPage()
    page.show_lesion(
        "L12",
        "60944009",
        None,
        Spot("front", 0.5, 0.49),
        Safeguards(True, Chaperone.PRESENT, "Test " * 19, Identifiable.TATTOO, True),
    )
    return page


def lesion_chaperone_missing(made: Any) -> Page:
    page = LesionPage()
    page.show_lesion("L1", "22180002", Side.LEFT)
    page.primary.click()
    return page


def _history(made: Any, label: str = "L1", site: str = "Forearm, back (left)") -> HistoryPage:
    return HistoryPage(label, site)


def _pathway(made: Any, box: str, **over: Any) -> PathwayPage:
    own = files("dermstation.ui.resources").joinpath("pathways/skin_lesions.toml")
    page = PathwayPage(read_pathway(own.read_text("utf-8")), made.episode(**over))
    page.open_box(box)
    return page


def pathway_start(made: Any) -> Page:
    return _pathway(made, "start")


def pathway_missing(made: Any) -> Page:
    return _pathway(made, "rads", lesions=2)


def pathway_chosen_long(made: Any) -> Page:
    return _pathway(made, "rads", route=Route.RADS, lesions=3, history="Grew.")


def history_empty(made: Any) -> Page:
    return _history(made)


def history_filled_long(made: Any) -> Page:
    page = _history(made, "L12", "Around the eye (midline)")
    answers = dict(zip(Question, [Answer.YES, Answer.NO, Answer.NOT_ASKED] * 5, strict=True))
    notes = dict.fromkeys((Note.MEDICINES, Note.ALLERGIES, Note.CONDITIONS), "W" * 90)
    page.show_history(
        History(answers, {**notes, Note.SKIN_TYPE: "IV"}, frozenset(Point)),
        "Growing for three months, itchy. " * 30,
    )
    return page


def history_wrong(made: Any) -> Page:
    page = _history(made)
    page.show_history(History({}, {Note.SIZE_MM: "big"}, frozenset()), "")
    page.primary.click()
    return page


def lesion_missing(made: Any) -> Page:
    page = LesionPage()
    page.show_lesion("L1", "70559009")
    page.primary.click()
    return page


def lesion_searched(made: Any) -> Page:
    page = LesionPage()
    page.show_lesion("L1")
    QTest.keyClicks(page.search, "nail")
    page.primary.click()
    return page


PREDICTED = Prediction(
    tuple(PackageFile(f"L1-{n}.jpg", "image/jpeg", 470_000, "0" * 64) for n in range(4)),
    PRESETS[Preset.GP_SYSTEM].limits,
)


def _summary(made: Any, **over: Any) -> SummaryPage:
    view = made.episode(**over)
    pictures = {capture.id: made.skin[::4, ::4] for capture in view.captures}
    return SummaryPage(view, pictures, Path("/home/test/Documents/dermstation/packages"))


def summary_one_lesion(made: Any) -> Page:
    return _summary(made)


def summary_long(made: Any) -> Page:
    page = _summary(made, lesions=3, route=Route.RADS, history="Growing, itchy. " * 40)
    page.set_destination(Path("/home/test/" + "x" * 80 + "/packages"))
    return page


def summary_no_route(made: Any) -> Page:
    page = _summary(made)
    page.primary.click()
    return page


def summary_rads_predicted(made: Any) -> Page:
    page = _summary(made)
    page.routes[Route.RADS].setChecked(True)
    page.package.show_prediction(PREDICTED)
    return page


def summary_package_worse(made: Any) -> Page:
    page = _summary(made)
    page.package.destination.setCurrentIndex(2)
    worse = ("L1 dermoscopic is then fair: not in focus",)
    shrunk = ("L1 general", "L1 close-up", "L1 dermoscopic")
    page.package.show_prediction(replace(PREDICTED, shrunk=shrunk, worse=worse))
    return page


def summary_package_refused_long(made: Any) -> Page:
    page = _summary(made, lesions=2)
    page.package.unfold.click()
    words = message_for(StationError(ErrorCode.PACKAGE_TOO_MANY_FILES, files=7, limit=4))
    page.package.show_problem(f"{words.what} {words.todo}")
    return page


def summary_declined(made: Any) -> Page:
    return _summary(made, given=False)


def hand_over(made: Any) -> Page:
    return HandOverPage(made.package(4), Route.RADS)


def hand_over_overdue(made: Any) -> Page:
    return HandOverPage(made.package(4), Route.RADS, deadline=made.opened_at)


def hand_over_sealed(made: Any) -> Page:
    words = "river copper lunch tiny hat oak"
    return HandOverPage(made.package(1), Route.MINOR_SURGERY, passphrase=words)


def message(made: Any) -> Page:
    return MessagePage("Is this lesion suspicious?\n\nL1: Forearm, front (left)\nItchy. " * 3)


def message_too_long(made: Any) -> Page:
    return MessagePage("A long story. " * 600)


def email_refused(made: Any) -> Page:
    page = EmailPage(["nhs.net"])
    page.address.edit.setText("someone@example.org")
    words = message_for(
        StationError(ErrorCode.EMAIL_DOMAIN, domain="example.org", allowed="nhs.net")
    )
    page.address.show_error(f"{words.what} {words.todo}")
    return page


def check_files(made: Any) -> Page:
    package = made.package(4)
    return CheckPage(package, {file.name: made.skin[::2, ::2] for file in package.files[1:]})


def check_one_pdf(made: Any) -> Page:
    return CheckPage(made.package(1), {})


def hand_over_ticked_long(made: Any) -> Page:
    page = HandOverPage(made.package(9, "/home/test/" + "x" * 90), Route.ADVICE)
    page.in_record.setChecked(True)
    page.in_ers.setChecked(True)
    return page


def certificate_complete(made: Any) -> Page:
    return CertificatePage(made.certificate(), "Test Nurse-One")


def certificate_incomplete(made: Any) -> Page:
    return CertificatePage(made.certificate(left=12), "Test Nurse-One " * 4)


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


def station_menu(made: Any) -> Page:
    return StationMenuPage(Operator("1", "Test Clinician-Two", Role.ADMINISTRATOR))


def station_menu_nurse(made: Any) -> Page:
    return StationMenuPage(Operator("1", "Test Nurse-One", Role.NURSE))


def operators_listed(made: Any) -> Page:
    lines = (
        OperatorLine(Operator("1", "Test Administrator", Role.ADMINISTRATOR, "1234567"), False),
        OperatorLine(Operator("2", "Test Clinician-Two " * 4, Role.CLINICIAN), False),
        OperatorLine(Operator("3", "Test Nurse-One", Role.NURSE, "12A3456B"), True),
    )
    page = OperatorsPage(lines, "1")
    page.rows[2].revoke.click()
    return page


def operator_form(made: Any) -> Page:
    page = AddOperatorPage(lambda: "copper lantern river seventeen")
    page.secret.suggestion.click()
    return page


def operator_form_errors(made: Any) -> Page:
    page = AddOperatorPage()
    page.number.set_text("12")
    page.primary.click()
    return page


def secret_own_errors(made: Any) -> Page:
    page = SecretPage("Test Nurse-One", is_own=True)
    page.primary.click()
    return page


def secret_reset(made: Any) -> Page:
    return SecretPage("Test Nurse-One " * 4, is_own=False, suggest=lambda: "a b c d")


def audit_page(made: Any, *, findings: bool = False) -> Page:
    one = Operator("1", "Test Clinician-Two", Role.CLINICIAN)
    events = list(AuditEvent) * 3
    entries = tuple(
        AuditEntry(
            len(events) - n,
            made.opened_at + timedelta(minutes=n),
            event,
            "1",
            f"{n:032x}",
            f"{n:032x}",
            {"shot": "dermoscopic", "verdict": "good"},
        )
        for n, event in enumerate(events)
    )
    found = tuple(AuditFinding(fault, 12, 19) for fault in AuditFault) if findings else ()
    return AuditViewPage(AuditPage(entries, (one,), 2_345, found), AuditFilter())


def audit_findings(made: Any) -> Page:
    return audit_page(made, findings=True)


def audit_empty(made: Any) -> Page:
    return AuditViewPage(AuditPage((), (), 0), AuditFilter(events=(AuditEvent.RESTORED,)))


def backup_first(made: Any) -> Page:
    return BackupPage()


def backup_running(made: Any) -> Page:
    page = BackupPage()
    page.show_folder(Path("/mnt/practice-share/backups/dermatology/station-in-room-two"))
    page.show_progress(3, 7)
    return page


def restore_first(made: Any) -> Page:
    return RestorePage()


def restore_errors(made: Any) -> Page:
    page = RestorePage()
    page.words.set_text("only five of them here")
    page.primary.click()
    return page


def retain(made: Any) -> Page:
    one = Operator("1", "Test Clinician-Two", Role.CLINICIAN)
    return RetainPage((one,), "1", date(2026, 9, 4))


def retain_errors(made: Any) -> Page:
    page = retain(made)
    page.review.set_text("99/99/2026")
    page.primary.click()
    return page


def sign_in_one(made: Any) -> Page:
    return SignInPage((Operator("1", "Test Nurse-One", Role.NURSE),))


def sign_in_waiting(made: Any) -> Page:
    page = SignInPage(
        (
            Operator("1", "Test Nurse-One", Role.NURSE),
            Operator("2", "Test Clinician-Two " * 4, Role.CLINICIAN),
        )
    )
    page.show_refused(StationError(ErrorCode.SECRET_WAIT, seconds=30))
    return page


def sign_in_nobody(made: Any) -> Page:
    page = SignInPage(())
    page.show_notice(
        Level.ERROR,
        "The station's key files are damaged.",
        "The pictures are still stored, but locked.",
        "Do not set the station up anew; call IT to restore the key files.",
    )
    return page


def welcome(made: Any) -> Page:
    page = WelcomePage(lambda: "copper lantern river seventeen")
    page.secret.suggestion.click()
    return page


def welcome_errors(made: Any) -> Page:
    page = WelcomePage()
    page.set_pin_allowed(False)
    page.secret.first.set_text("one two three four")
    page.primary.click()
    return page


def recovery_key_shown(made: Any) -> Page:
    return RecoveryKeyPage(KEY_WORDS, printable=True)


def recovery_key_typed(made: Any) -> Page:
    page = RecoveryKeyPage(KEY_WORDS)
    page.primary.click()
    page.primary.click()
    return page


def recover_errors(made: Any) -> Page:
    page = RecoverPage("1", lambda: "copper lantern river seventeen")
    page.primary.click()
    return page


def busy(made: Any) -> Page:
    page = BusyPage("Making the package", "The pictures are written, then read back and checked.")
    page.show_progress(2, 5)
    return page


def crash(made: Any) -> Page:
    return CrashPage("3F9A1C")


KEY_WORDS = (
    *("apple", "bridge", "candle", "dolphin", "engine", "forest"),
    *("garden", "harbour", "island", "journey", "kitchen", "lantern"),
)
SCROLLING: set[str] = {
    "summary_long-1366x768",
    "summary_long-1920x1080",
    "home_listed_long-1366x768",
    "certificate_incomplete-1366x768",
    "hand_over_ticked_long-1366x768",
    "summary_package_worse-1366x768",
    "summary_package_refused_long-1366x768",
}  # states that may be taller than a small screen
STATES: dict[str, tuple[Callable[..., Page], str]] = {
    made.__name__: (made, step)
    for made, step in (
        (capture_aiming, "Pictures"),
        (capture_slow, "Pictures"),
        (capture_no_camera, "Pictures"),
        (capture_stale, "Pictures"),
        (capture_saved, "Pictures"),
        (capture_good, "Pictures"),
        (capture_poor, "Pictures"),
        (capture_save_failed, "Pictures"),
        (capture_first, "Pictures"),
        (capture_hands_free, "Pictures"),
        (capture_tools, "Pictures"),
        (capture_lens, "Pictures"),
        (capture_zoomed, "Pictures"),
        (capture_trouble, "Pictures"),
        (capture_five_reasons, "Pictures"),
        (capture_keys, "Pictures"),
        (capture_ruler, "Pictures"),
        (capture_marks, "Pictures"),
        (capture_marks_complete, "Pictures"),
        (capture_no_millimetres, "Pictures"),
        (patient_empty, "Patient"),
        (patient_errors, "Patient"),
        (patient_confirm, "Patient"),
        (patient_confirm_long, "Patient"),
        (patient_confirm_unbroken_long, "Patient"),
        (consent_empty, "Consent"),
        (summary_one_lesion, "Summary"),
        (summary_long, "Summary"),
        (summary_no_route, "Summary"),
        (summary_declined, "Summary"),
        (summary_rads_predicted, "Summary"),
        (summary_package_worse, "Summary"),
        (summary_package_refused_long, "Summary"),
        (hand_over_overdue, "Hand-over"),
        (hand_over_sealed, "Hand-over"),
        (message, "Hand-over"),
        (message_too_long, "Hand-over"),
        (email_refused, "Hand-over"),
        (check_files, "Hand-over"),
        (check_one_pdf, "Hand-over"),
        (hand_over, "Hand-over"),
        (hand_over_ticked_long, "Hand-over"),
        (certificate_complete, "Done"),
        (certificate_incomplete, "Done"),
        (home_empty, ""),
        (home_listed_long, ""),
        (home_retained, ""),
        (station_menu, ""),
        (station_menu_nurse, ""),
        (operators_listed, ""),
        (operator_form, ""),
        (operator_form_errors, ""),
        (secret_own_errors, ""),
        (secret_reset, ""),
        (audit_page, ""),
        (audit_findings, ""),
        (audit_empty, ""),
        (backup_first, ""),
        (backup_running, ""),
        (restore_first, ""),
        (restore_errors, ""),
        (retain, ""),
        (retain_errors, ""),
        (sign_in_one, ""),
        (sign_in_waiting, ""),
        (sign_in_nobody, ""),
        (welcome, ""),
        (welcome_errors, ""),
        (recovery_key_shown, ""),
        (recovery_key_typed, ""),
        (recover_errors, ""),
        (busy, "Package"),
        (crash, ""),
        (patient_handed, "Patient"),
        (consent_missing, "Consent"),
        (consent_declined, "Consent"),
        (consent_withdrawn_long, "Consent"),
        (consent_giver_missing, "Consent"),
        (lesion_empty, "Lesion"),
        (lesion_filled_long, "Lesion"),
        (lesion_missing, "Lesion"),
        (lesion_searched, "Lesion"),
        (lesion_chaperone_missing, "Lesion"),
        (pathway_start, "Summary"),
        (pathway_missing, "Summary"),
        (pathway_chosen_long, "Summary"),
        (history_empty, "Lesion"),
        (history_filled_long, "Lesion"),
        (history_wrong, "Lesion"),
    )
}


def show_and_keep(frame, name, size, qtbot, tmp_path) -> None:
    """Show a page in its window at one of the sizes, which it must not force larger; keep it."""
    qtbot.addWidget(frame)
    width, height = SIZES[size]
    frame.resize(width, height)
    with qtbot.waitExposed(frame):
        frame.show()
    qtbot.wait(1)  # lets the layout settle after the first show
    folder = Path(os.environ.get("DERMSTATION_GALLERY", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    assert frame.grab().save(str(folder / f"{name}-{size}.png"))
    assert frame.size().width() == width, "the page forces the window wider"
    assert frame.size().height() == height, "the page forces the window taller"


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("state", STATES)
def test_nothing_is_cut_off(state, size, qtbot, made, tmp_path) -> None:
    build, step = STATES[state]
    page = build(made)
    frame = framed(page, step, LONG_PATIENT if "long" in state else made.patient)
    show_and_keep(frame, state, size, qtbot, tmp_path)
    assert cut_off(frame) == []
    assert scrolling(frame) == (f"{state}-{size}" in SCROLLING)


def test_no_step_from_stage_to_stage_makes_the_window_larger(qtbot, made) -> None:
    page = capture_first(made)
    page.show_lesion("L12", "Around the eye (midline)")
    frame = framed(page, "Pictures", LONG_PATIENT)
    qtbot.addWidget(frame)
    frame.resize(*SIZES["1366x768"])
    with qtbot.waitExposed(frame):
        frame.show()
    size = frame.size()
    steps = (
        page.enter_holding,
        lambda: page.enter_review(made.skin, made.full_report()),
        page.enter_saving,
        page.return_to_review,
        lambda: page.enter_aiming(ShotKind.DERMOSCOPIC, {ShotKind.GENERAL: Verdict.POOR}),
        page.enter_keys,
        page.leave_panel,
        page.enter_ruler,
        lambda: page.enter_marks(made.skin),
        page.leave_panel,
        lambda: page.enter_aiming(ShotKind.GENERAL, {}),
    )
    for step in steps:
        step()
        qtbot.wait(1)
        assert frame.size() == size, step


@pytest.mark.parametrize("state", STATES)
def test_mnemonics_are_unique(state, qtbot, made) -> None:
    page = STATES[state][0](made)
    qtbot.addWidget(page)
    page.resize(1366, 600)
    page.show()
    marks = [
        button.text().replace("&&", "").partition("&")[2][:1].lower()
        for button in page.findChildren(QAbstractButton)
        if button.isVisible() and "&" in button.text().replace("&&", "")
    ]
    marks.append("l")  # the header's Lock
    if STATES[state][1]:
        marks.append("i")  # and Change patient
    assert sorted(marks) == sorted(set(marks))


@pytest.mark.parametrize("state", STATES)
def test_everything_that_is_pressed_is_large_and_has_a_name(state, qtbot, made) -> None:
    page = STATES[state][0](made)
    qtbot.addWidget(page)
    page.resize(1366, 600)
    page.show()
    for button in page.findChildren(QAbstractButton):
        if button.isVisible():
            assert button.height() >= 40, button.text()
            assert button.accessibleName() or button.text(), button


def framed(page: Page, step: str, patient: Patient) -> QWidget:
    """Put a page where the window puts it: below header and steps."""
    header = Header(demo=True)
    header.show_patient(patient if step else None, date(2026, 9, 4))
    header.show_operator("Test Nurse-One")
    frame = QWidget()
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    layout.addWidget(header)
    if step:
        steps = Steps()
        steps.show_step(step)
        layout.addWidget(steps)
    layout.addWidget(page, 1)
    return frame


def cut_off(root: QWidget) -> list[str]:
    """List every visible widget that does not show all of itself."""
    found = []
    for widget in root.findChildren(QWidget):
        parent = widget.parentWidget()
        if not widget.isVisible() or parent is None or _inside_of_control(widget):
            continue
        scroller = parent.parentWidget()
        if isinstance(scroller, QScrollArea) and scroller.widget() is widget:
            if widget.width() > parent.width():
                found.append(f"{_name(widget)} is wider than its scroll area")
        elif not parent.rect().contains(widget.geometry()):
            found.append(f"{_name(widget)} {widget.geometry()} leaves {_name(parent)}")
        found += _cut_words(widget)
    return found


def scrolling(root: QWidget) -> bool:
    """Tell whether any part of the page has to be scrolled."""
    return any(
        area.verticalScrollBar().isVisible()
        for area in root.findChildren(QScrollArea)
        if area.isVisible()
    )


def _cut_words(widget: QWidget) -> list[str]:
    if isinstance(widget, ElidedLabel):
        return []
    if isinstance(widget, QLabel) and widget.text():
        if widget.hasHeightForWidth():
            needed = widget.heightForWidth(widget.width())
            short = widget.height() < needed
        else:
            short = (
                widget.width() < widget.sizeHint().width()
                or widget.height() < widget.sizeHint().height()
            )
        return [f"{_name(widget)} is cut"] if short else []
    if isinstance(widget, (QAbstractButton, QComboBox)):
        hint = widget.minimumSizeHint() if isinstance(widget, QComboBox) else widget.sizeHint()
        if widget.width() < hint.width() or widget.height() < hint.height():
            return [f"{_name(widget)} {widget.size()} is less than {hint}"]
    return []


def _inside_of_control(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, (QAbstractItemView, QComboBox, LiveView)):
            return True
        if isinstance(parent, QAbstractScrollArea) and not isinstance(parent, QScrollArea):
            return True
        parent = parent.parentWidget()
    return False


def _name(widget: QWidget) -> str:
    words = widget.text() if isinstance(widget, (QLabel, QAbstractButton)) else ""
    return f"{type(widget).__name__}({words!r})"
