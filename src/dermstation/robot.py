"""The robot of the headless demonstration, which operates the real window's fields and buttons.

It lives on the window's thread and runs the event loop itself while it waits. It reaches the
workflow only through the pages; what it returns is read from the vault.
"""

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from dermstation.app import qt_application
from dermstation.domain.consents import Answer
from dermstation.domain.identity import Sex
from dermstation.domain.lesion_facts import Note, Question
from dermstation.domain.quality import Verdict
from dermstation.domain.records import Certificate, Operator
from dermstation.domain.routes import Route
from dermstation.domain.shots import STANDARD_SHOTS
from dermstation.domain.sites import Side
from dermstation.ui.capture.page import CapturePage
from dermstation.ui.entry.recovery_key_page import RecoveryKeyPage
from dermstation.ui.entry.welcome_page import WelcomePage
from dermstation.ui.hand_over.certificate_page import CertificatePage
from dermstation.ui.hand_over.page import HandOverPage
from dermstation.ui.home.page import HomePage
from dermstation.ui.lesion.history_page import HistoryPage
from dermstation.ui.lesion.page import LesionPage
from dermstation.ui.parts.page import Page
from dermstation.ui.patient.consent_page import ConsentPage
from dermstation.ui.patient.page import PatientPage
from dermstation.ui.summary.page import SummaryPage
from dermstation.ui.window import StationWindow
from dermstation.workflow import viewing
from dermstation.workflow.scoring import pixels_of
from dermstation.workflow.station import DEMO_PASSPHRASE, Station
from dermstation.workflow.walk import EpisodeView

SIZES = ((1366, 768), (1920, 1080))
PATIENCE_S = 180.0  # a camera process alone may need two minutes at the first start
STEADY_REPORTS = 3  # good ones in a row before a person would press
TRIES = 5
SCENE_WITHIN_S = 15.0
OTHER_SCENE_DN = 10.0  # mean difference of small pictures; an unsteady hand stays below 3
_PNG_QUALITY = 80  # a third of the usual time to write; every pixel stays, in a seventh more bytes
_NOTES = {Note.SIZE_MM: "6", Note.DURATION: "4 months", Note.TEMPO: "slowly growing"}

P = TypeVar("P", bound=Page)


class Robot:
    """One walk through the window, from the set-up to the certificate.

    `seconds` maps each finished step to the time it took.
    """

    operator_name = "Demo operator"

    def __init__(self, station: Station, screens: Path) -> None:
        self._application = qt_application()
        self._station = station
        self._screens = screens
        self._window = StationWindow(station)
        self._window.resize(*SIZES[0])
        self._window.show()
        self._window.activateWindow()
        self._started = time.perf_counter()
        self.seconds: dict[str, float] = {}
        self._shown: list[str] = []
        self._last_taken: NDArray[np.float32] | None = None
        self._secret = DEMO_PASSPHRASE

    def capture_everything(self, patient: Mapping[str, str]) -> EpisodeView:
        """Set up the station, fill in the patient, and take the three pictures."""
        self._window.begin()
        self._set_up()
        self._press_primary(self._page(HomePage), "home")
        self._fill_patient(patient)
        consent = self._page(ConsentPage)
        self._screenshot(consent, "consent")
        consent.verbal.click()
        self._fill_lesion()
        for number, shot in enumerate(STANDARD_SHOTS):
            self._take(number, shot.value)
        self._page(SummaryPage)
        self._done("pictures")
        return self._view()

    def make_package(self) -> EpisodeView:
        """Choose the route, write the question, and make the package."""
        page = self._page(SummaryPage)
        self._type(page.cards[0].opinion.diagnosis, "Atypical naevus")
        self._type(page.cards[0].opinion.uncertain, "Melanoma not excluded")
        page.question.edit.setPlainText("Is this lesion suspicious, and what should happen next?")
        page.routes[Route.RADS].click()
        page.told.buttons[Answer.YES].click()
        page.review.tick.click()
        self._until(lambda: "Reviewed by" in page.review.words, "the review")
        self._press_primary(page, "summary")
        self._page(HandOverPage)
        self._done("package")
        return self._view()

    def hand_over(self) -> Certificate:
        """Tick both boxes, wipe, and return the certificate."""
        page = self._page(HandOverPage)
        page.in_record.click()
        page.in_ers.click()
        episode_id = self._window.shell.episode_id
        self._press_primary(page, "hand-over")
        self._screenshot(self._page(CertificatePage), "certificate")
        self._done("wipe")
        vault = self._window.signed_in.vault
        certificates = self._station.jobs.on_vault(vault.certificates.all).result()
        return next(one for one in certificates if one.episode_id == episode_id)

    def leave(self) -> None:
        """Finish, wait for the empty list, lock, and wait for the sign-in."""
        self._click_primary(self._page(CertificatePage))
        self._screenshot(self._page(HomePage), "home-empty")
        self._window.lock()
        self._until(lambda: self._window.shell.page is not None, "the lock")
        self._screenshot(self._window.shell.page, "locked")

    @property
    def operator(self) -> Operator:
        """Return who is signed in."""
        return self._window.signed_in.operator

    def close(self) -> None:
        """Close the window."""
        self._window.close_unasked()

    def _set_up(self) -> None:
        page = self._page(WelcomePage)
        self._type(page.name.edit, self.operator_name)
        self._type(page.secret.first.edit, self._secret)
        self._type(page.secret.second.edit, self._secret)
        self._press_primary(page, "welcome")
        key = self._page(RecoveryKeyPage)
        self._press_primary(key, "recovery-key")
        self._type(key.typed.edit, " ".join(key.words))
        self._press_primary(key, "recovery-key-typed")
        self._page(HomePage)
        self._done("set-up")

    def _fill_patient(self, patient: Mapping[str, str]) -> None:
        page = self._page(PatientPage)
        for name, text in patient.items():
            self._type(page.fields[name].edit, text)
        page.sex.show_sex(Sex.FEMALE.value)
        self._press_primary(page, "patient")
        self._until(lambda: page.confirming, "the patient's confirmation")
        self._press_primary(page, "patient-confirm")

    def _fill_lesion(self) -> None:
        page = self._page(LesionPage)
        self._type(page.search, "forearm back")
        page.side_buttons[Side.LEFT].click()
        self._screenshot(page, "lesion")
        page.safeguards.neither.click()
        history = self._page(HistoryPage)
        history.questions[Question.SIZE_CHANGED].buttons[Answer.YES].click()
        history.questions[Question.BLEEDS].buttons[Answer.NO].click()
        for note, text in _NOTES.items():
            self._type(history.notes[note], text)
        history.seven.pigmented.buttons[Answer.YES].click()
        history.text.edit.setPlainText("New brown spot, first seen by a relative.")
        self._press_primary(history, "history")
        self._done("patient and lesion")

    def _take(self, number: int, name: str) -> None:
        page = self._page(CapturePage)
        self._move_the_hand()
        self._wait_for_good(page)
        self._screenshot(page, f"aim-{name}")
        for attempt in range(TRIES):
            self._wait_for_good(page)
            self._last_taken = self._small_picture()
            page.shutter.click()
            self._until(lambda: self._window.walk.capture.held is not None, "the held picture")
            held = self._window.walk.capture.held
            good = held is not None and held.report.verdict is Verdict.GOOD
            if good or attempt == TRIES - 1:
                break
            page.retaken.emit()
        self._until(lambda: page.primary is not None and page.primary.isEnabled(), "the review")
        self._screenshot(page, f"review-{name}")
        self._click_primary(page)
        self._until(lambda: self._saved(number + 1), "the save")

    def _move_the_hand(self) -> None:
        """Wait until the live picture shows the new shot, as a hand takes time to move there."""
        before = self._last_taken
        deadline = time.monotonic() + SCENE_WITHIN_S

        def arrived() -> bool:
            seen = self._small_picture()
            if before is None or seen is None:
                return seen is not None
            changed = float(np.abs(seen - before).mean()) > OTHER_SCENE_DN
            return changed or time.monotonic() > deadline

        self._until(arrived, "a live picture")

    def _small_picture(self) -> NDArray[np.float32] | None:
        link = self._station.viewfinder.link
        frame = link.newest() if link is not None else None
        if frame is None:
            return None
        rough = np.ascontiguousarray(pixels_of(frame)[::4, ::4])
        small = cv2.resize(rough, (32, 24), interpolation=cv2.INTER_AREA)
        return small.astype(np.float32)

    def _wait_for_good(self, page: CapturePage) -> None:
        good: list[object] = []

        def steady() -> bool:
            scorer = self._station.viewfinder.scorer
            report = scorer.latest() if scorer is not None else None
            if report is None or report.verdict is not Verdict.GOOD:
                good.clear()
            elif not good or good[-1] is not report:
                good.append(report)
            return len(good) >= STEADY_REPORTS and page.shutter.isEnabled()

        self._until(steady, "a good live picture")

    def _saved(self, count: int) -> bool:
        return len(self._view().captures) >= count

    def _view(self) -> EpisodeView:
        vault, episode_id = self._window.signed_in.vault, self._window.shell.episode_id
        if episode_id is None:
            raise RuntimeError("no episode is open")
        return self._station.jobs.on_vault(viewing.view_of, vault, episode_id).result()

    def _page(self, kind: type[P]) -> P:
        self._until(lambda: isinstance(self._window.shell.page, kind), kind.__name__)
        page = self._window.shell.page
        if not isinstance(page, kind):
            raise TypeError(kind.__name__)
        return page

    def _press_primary(self, page: Page, name: str) -> None:
        self._screenshot(page, name)
        self._click_primary(page)

    def _click_primary(self, page: Page) -> None:
        self._until(lambda: page.primary is not None and page.primary.isEnabled(), "the button")
        if page.primary is not None:
            page.primary.click()
        self._application.processEvents()

    def _type(self, widget: QWidget, text: str) -> None:
        widget.setFocus()
        for character in text:
            self._send(widget, 0, character)

    def _send(self, widget: QWidget, key: int, text: str) -> None:
        none = Qt.KeyboardModifier.NoModifier
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(widget, QKeyEvent(kind, key, none, text))
        self._application.processEvents()

    def _screenshot(self, page: Page | None, name: str) -> None:
        """Save the window at each size; the number keeps the files in the order of the walk."""
        if page is None:
            return
        place = len(self._shown)
        taken = {}
        for width, height in SIZES[::-1]:
            self._window.resize(width, height)
            for _ in range(3):  # layouts take a few rounds to settle
                self._application.processEvents()
            taken[f"{place + 1:02}-{name}-{width}x{height}.png"] = self._window.grab()
        for file, picture in taken.items():  # last: the live picture would be stale by then
            picture.save(str(self._screens / file), "PNG", _PNG_QUALITY)
        self._shown.append(name)

    def _done(self, step: str) -> None:
        now = time.perf_counter()
        self.seconds[step] = round(now - self._started, 2)
        self._started = now

    def _until(self, condition: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not condition():
            if time.monotonic() > deadline:
                page = self._window.shell.page
                said = page.notice.words if page is not None else ""
                raise TimeoutError(f"waited in vain for {what}. {said}")
            self._application.processEvents()
            time.sleep(0.002)
