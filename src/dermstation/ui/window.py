"""The window: it connects shell and flows, locks when idle, and shows the crash page."""

import logging
import secrets
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QGuiApplication, QShowEvent
from PySide6.QtWidgets import QMainWindow

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.machine_policy import machine_policy
from dermstation.settings_file import settings_faults
from dermstation.ui.capture.flow import Pressed
from dermstation.ui.entry.flow import EntryFlow
from dermstation.ui.entry.sign_in_page import SignInPage
from dermstation.ui.frame.background import Background
from dermstation.ui.frame.crash_page import CrashPage
from dermstation.ui.frame.shell import Shell
from dermstation.ui.parts.notice import Level
from dermstation.ui.system.hands import HandWatch
from dermstation.ui.system.os_lock import OsLock
from dermstation.ui.system.screen_capture import exclude_from_capture
from dermstation.ui.system.timers import timer
from dermstation.ui.walk import Left, Walk
from dermstation.workflow import auditing, unlocking
from dermstation.workflow.notices import (
    BACKUP_RUNS_ON,
    NOT_SAVED_YET,
    closing_words,
    reminder_words,
)
from dermstation.workflow.outstanding import Reminder, reminder
from dermstation.workflow.setting_faults import fault_message, policy_message
from dermstation.workflow.station import Station
from dermstation.workflow.unlocking import SignedIn

log = logging.getLogger(__name__)

PROGRAM = "dermstation"


class StationWindow(QMainWindow):
    """The window of the station, for one operator at a time."""

    def __init__(self, station: Station) -> None:
        super().__init__()
        self.setWindowTitle(PROGRAM)
        self._station = station
        self._signed_in: SignedIn | None = None
        self._left: Left | None = None  # what was open at the lock
        self._reference = ""  # of the crash, once there was one
        self._asked_about: Pressed | None = None  # the unsaved picture the operator was warned of
        self._may_close = False  # nothing is outstanding, or this page has said what is
        self.shell = Shell(demo=station.made_up_patients)
        self.setCentralWidget(self.shell)
        self.background = Background(station.jobs, self.shell.show_trouble, self)
        self.background.crashed.connect(self.show_crash)
        self._entry = EntryFlow(station, self.shell, self.background)
        self._entry.entered.connect(self.enter)
        self.walk = Walk(station, self.shell, self.background)
        self.shell.header.lock.clicked.connect(self.lock)
        self.shell.header.change.clicked.connect(self.walk.change_patient)
        self.walk.patient.incoming_shown.connect(self._come_forward)
        self.shell.page_changed.connect(self._on_page_changed)
        self._idle = timer(self, station.settings.lock_after_minutes * 60_000, once=True)
        self._idle.timeout.connect(self.lock)
        self._os_lock = OsLock(self)
        self._os_lock.left.connect(self.lock)
        self._hands = HandWatch(self)
        self._hands.noticed.connect(self._stay)

    @property
    def signed_in(self) -> SignedIn:
        """Return who is signed in. Raises StationError VAULT_LOCKED if nobody is."""
        if self._signed_in is None:
            raise StationError(ErrorCode.VAULT_LOCKED)
        return self._signed_in

    def begin(self) -> None:
        """Show the set-up or sign-in page, and start listening for the PC's own lock."""
        if not self._os_lock.watch(int(self.winId())):
            log.info("the PC's own lock cannot be detected: the idle lock remains")
        if self._station.settings.hide_from_capture:
            excluded = exclude_from_capture(int(self.winId()))
            log.info("the window is kept out of screenshots: %s", excluded)
        words = policy_message(machine_policy()) or fault_message(
            settings_faults(self._station.paths.settings)
        )
        if words is not None:
            self.shell.carry(Level.WARN, words)
        self._entry.begin()

    def enter(self, signed_in: SignedIn) -> None:
        """Start the session, at the place that was left at the lock."""
        self._signed_in = signed_in
        self.shell.show_operator(signed_in.operator)
        self._idle.start()
        vault, settings = signed_in.vault, self._station.settings
        self.background.on_vault(auditing.note_settings, vault, settings).silently()
        left, self._left = self._left, None
        self.walk.begin(signed_in, left)

    def lock(self) -> None:
        """Close the vault and blank the window; a held frame stays in memory."""
        if self._signed_in is None:
            return
        self._left = self.walk.lock()
        runs_on = bool(self._signed_in.vault.before_lock)
        self._end_session(unlocking.lock)
        self._entry.begin()
        if runs_on:
            self.shell.show_words(Level.INFO, BACKUP_RUNS_ON)

    def show_crash(self, error: BaseException) -> None:
        """Log a bug and show its reference number; close camera and vault, drop a held frame.

        A bug that follows the first one is logged under the first one's number.
        """
        if self._reference:
            log.error("crash %s, and then", self._reference, exc_info=error)
            return
        self._reference = secrets.token_hex(3).upper()
        log.error("crash %s", self._reference, exc_info=error)
        self.walk.stop()
        self.walk.capture.forget()
        self._end_session(unlocking.leave)
        page = CrashPage(self._reference)
        page.close_station.clicked.connect(self.close)
        self.shell.show_page(page)

    def _come_forward(self) -> None:
        """Bring the window to the front to show an incoming patient."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.activateWindow()

    def _end_session(self, ending: Callable[[SignedIn], Reminder | None]) -> None:
        """Close the vault after the running jobs, and blank everything that names a person."""
        self.background.end_session()
        self._entry.abandon()
        self._idle.stop()
        self.shell.clipboard.clear()
        self.shell.show_operator(None)
        self.shell.show_patient(None)
        signed_in, self._signed_in = self._signed_in, None
        if signed_in is not None:
            locking = self.background.on_vault(ending, signed_in).even_after_session()
            locking.then(self._remind).silently()

    def _remind(self, left: Reminder | None) -> None:
        """Show on the locked screen what is not handed over, unless it shows a notice already."""
        words = reminder_words(left, leaving=True) if left is not None else None
        page = self.shell.page
        if words is None or left is None or not isinstance(page, SignInPage):
            return
        if not page.notice.words or left.backup_made or left.backup_failed:
            level = Level.WARN if left.backup_failed else Level.INFO
            self.shell.show_words(level, words)

    def close_unasked(self) -> None:
        """Close without asking, for a program that plays the operator."""
        self._may_close = True
        self.close()

    def _on_left_known(self, left: Reminder) -> None:
        """Show what is outstanding before the window closes, or close it if nothing is."""
        words = closing_words(left)
        if words is None:
            self.close_unasked()
        else:
            self._may_close = True
            self.shell.show_words(Level.WARN, words)

    def _on_page_changed(self, title: str) -> None:
        self._may_close = False
        # other programs can read window titles: pages never put a patient into theirs
        self.setWindowTitle(f"{PROGRAM} \u00b7 {title}")

    def _stay(self) -> None:
        """Restart the idle timer, because somebody is there."""
        if self._idle.isActive():
            self._idle.start()

    def showEvent(self, event: QShowEvent) -> None:
        """Watch for activity here even if the system never gives a window the focus."""
        super().showEvent(event)
        self._hands.listen_at(self.windowHandle())

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close camera and vault before the window; ask once if something would be left."""
        if self._asks_first():
            event.ignore()
            return
        self.walk.lock()
        self.walk.capture.forget()
        self._end_session(unlocking.leave)
        self._os_lock.stop()
        super().closeEvent(event)

    def _asks_first(self) -> bool:
        """Ask about an unsaved picture, then about what is not handed over; return whether it asks.

        The end of the PC's session is never delayed.
        """
        waiting = self.walk.capture.waiting
        if waiting is not None and waiting is not self._asked_about:
            self._asked_about = waiting
            self.shell.show_words(Level.WARN, NOT_SAVED_YET)
            return True
        application = QGuiApplication.instance()
        is_ending = isinstance(application, QGuiApplication) and application.isSavingSession()
        if self._may_close or self._signed_in is None or is_ending:
            return False
        asking = self.background.on_vault(reminder, self._signed_in.vault)
        asking.then(self._on_left_known).otherwise(lambda _: self.close_unasked())
        return True
