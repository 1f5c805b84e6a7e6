"""The window: it connects shell and flows, locks when idle, and shows the crash page."""

import gc
import logging
import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QShowEvent
from PySide6.QtWidgets import QMainWindow

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.machine_policy import machine_policy
from dermstation.settings_file import settings_faults
from dermstation.ui.entry.flow import EntryFlow
from dermstation.ui.frame.background import Background
from dermstation.ui.frame.busy_page import BusyPage
from dermstation.ui.frame.crash_page import CrashPage
from dermstation.ui.frame.privacy import PrivacyScreen
from dermstation.ui.frame.shell import Shell
from dermstation.ui.home.page import HomePage
from dermstation.ui.parts.notice import Level
from dermstation.ui.system.hands import HandWatch
from dermstation.ui.system.launcher_line import LauncherLine
from dermstation.ui.system.os_lock import OsLock
from dermstation.ui.system.screen_capture import exclude_from_capture
from dermstation.ui.system.timers import timer
from dermstation.workflow import auditing, unlocking
from dermstation.workflow.notices import (
    BACKUP_RUNS_ON,
    NOT_SAVED_YET,
    closing_words,
    shared_home_message,
)
from dermstation.workflow.outstanding import Reminder, reminder
from dermstation.workflow.setting_faults import fault_message, policy_message
from dermstation.workflow.station import Station
from dermstation.workflow.succession import Inheritance, Left, SessionKey
from dermstation.workflow.unlocking import SignedIn

if TYPE_CHECKING:
    from dermstation.ui.rooms import Rooms
    from dermstation.ui.walk import Walk

log = logging.getLogger(__name__)

PROGRAM = "dermstation"


class StationWindow(QMainWindow):
    """The window of the station, for one operator at a time.

    With a line to the launcher, each lock ends the process; without one, the demonstration and the
    tests lock and sign in within the same window.
    """

    def __init__(self, station: Station, line: LauncherLine | None = None) -> None:
        super().__init__()
        self.setWindowTitle(PROGRAM)
        self._station = station
        self._line = line
        self._rooms: Rooms | None = None
        self._signed_in: SignedIn | None = None
        self._left: Left | None = None  # what was open at the lock
        self._tools: tuple[str, ...] = ()  # that were on in the process before this one
        self._reference = ""  # of the crash, once there was one
        self._asked_about: object = None  # the unsaved picture the operator was warned of
        self._may_close = False  # nothing is outstanding, or this page has said what is
        self.shell = Shell(demo=station.made_up_patients)
        self.setCentralWidget(self.shell)
        self._privacy = PrivacyScreen(self)
        self.background = Background(station.jobs, self.shell.show_trouble, self)
        self.background.crashed.connect(self.show_crash)
        self._entry = EntryFlow(station, self.shell, self.background)
        self._entry.entered.connect(self.enter)
        self.shell.header.lock.clicked.connect(self.lock)
        self.shell.page_changed.connect(self._on_page_changed)
        self._idle = timer(self, station.settings.lock_after_minutes * 60_000, once=True)
        self._idle.timeout.connect(self.lock)
        self._os_lock = OsLock(self)
        self._os_lock.left.connect(self.lock)
        self._hands = HandWatch(self)
        self._hands.noticed.connect(self._stay)
        if line is not None:
            line.lost.connect(self._on_launcher_lost)
            line.successor_known.connect(self._on_successor_known)

    @property
    def rooms(self) -> "Rooms":
        """Return what lies behind the sign-in, built by the first call."""
        if self._rooms is None:
            station, shell = self._station, self.shell
            rooms = self._rooms = rooms_class()(station, shell, self.background, self._line)
            shell.header.work_list.clicked.connect(rooms.walk.leave_for_work_list)
            rooms.walk.patient.incoming_shown.connect(self._come_forward)
            rooms.walk.before_home = self._goes_on_afresh
            rooms.walk.capture.resume(None, self._tools)
            if rooms.giving_way is not None:
                rooms.giving_way.stays.connect(self._go_on_here)
        return self._rooms

    @property
    def walk(self) -> "Walk":
        """Return the walk from place to place."""
        return self.rooms.walk

    def prepare_rooms(self) -> None:
        """Load what lies behind the sign-in while somebody looks at its page, and build it."""
        loading = self.background.at_low_priority(rooms_class).even_after_session()

        def build(_class: object) -> None:
            _ = self.rooms
            # what is loaded stays: looking through it for garbage would halt the window for 60 ms
            gc.freeze()

        loading.then(build)

    @property
    def signed_in(self) -> SignedIn:
        """Return who is signed in. Raises StationError VAULT_LOCKED if nobody is."""
        if self._signed_in is None:
            raise StationError(ErrorCode.VAULT_LOCKED)
        return self._signed_in

    def begin(self, inheritance: Inheritance | None = None, key: SessionKey | None = None) -> None:
        """Show the set-up or sign-in page, and start listening for the PC's own lock.

        A successor takes up the `inheritance`; with `key` it opens the session in it.
        """
        self._listen()
        if inheritance is None:
            paths = self._station.paths
            words = (
                policy_message(machine_policy())
                or shared_home_message(paths)
                or fault_message(settings_faults(paths.settings))
            )
            if words is not None:
                self.shell.carry(Level.WARN, words)
            self._entry.begin()
        else:
            self._take_up(inheritance, key)

    def _listen(self) -> None:
        if not self._os_lock.watch(int(self.winId())):
            log.info("the PC's own lock cannot be detected: the idle lock remains")
        if self._station.settings.hide_from_capture:
            excluded = exclude_from_capture(int(self.winId()))
            log.info("the window is kept out of screenshots: %s", excluded)

    def _take_up(self, inheritance: Inheritance, key: SessionKey | None) -> None:
        """Go on where the process before this one ended."""
        self._left, self._tools = inheritance.left, inheritance.tools
        if inheritance.held:  # closing the window asks about it
            self.rooms.held.sealed = inheritance.held
        if inheritance.session and key is not None:
            self._entry.go_on(inheritance.operator_id, inheritance.session, key)
        else:
            self._entry.begin()
            self._entry.remind(inheritance.reminder)

    def enter(self, signed_in: SignedIn) -> None:
        """Start the session, at the place that was left at the lock."""
        self._signed_in = signed_in
        self.shell.show_operator(signed_in.operator)
        self._idle.start()
        vault, settings = signed_in.vault, self._station.settings
        self.background.on_vault(auditing.note_settings, vault, settings).silently()

        def go_in() -> None:
            self.rooms.held.enter(vault, self._begin_walk)

        if self._rooms is not None:
            go_in()
        else:  # a quick sign-in waits until they are loaded, and the window does not stand still
            self.background.on_worker(rooms_class).then(lambda _: go_in())

    def _begin_walk(self) -> None:
        left, self._left = self._left, None
        waiting = self.walk.capture.waiting
        if left is None and waiting is not None:  # of a session that a bug or the PC's end cut off
            left = Left(waiting.lesion.episode_id)
        self.walk.begin(self.signed_in, left)

    def lock(self) -> None:
        """Close the vault and blank the window; a held frame is kept for its review.

        In the product the process then ends, and its successor shows the sign-in.
        """
        if self._signed_in is None:
            return
        vault = self._signed_in.vault
        there = self.walk.lock()
        left = self._left = self._left or there  # an earlier place was not taken up yet
        runs_on = bool(vault.before_lock)
        giving_way = self.rooms.giving_way
        if giving_way is None:
            self._end_session(unlocking.lock, self._entry.remind)
            self._entry.begin()
        else:
            giving_way.prepare(left)
            self._end_session(unlocking.lock, giving_way.after_lock)
            self.shell.show_page(BusyPage("Locking", "The patient's data are being closed."))
        if runs_on:
            self.shell.show_words(Level.INFO, BACKUP_RUNS_ON)

    def _go_on_here(self, reminder: Reminder) -> None:
        """Show the sign-in in this process, because no other one can take over."""
        log.warning("no successor: what was in memory stays until the program ends")
        self._entry.begin()
        self._entry.remind(reminder)

    def _goes_on_afresh(self) -> bool:
        """Let a successor show the work list, if this process may still hold what was wiped.

        The operator stays signed in.
        """
        way, signed_in = self.rooms.giving_way, self._signed_in
        if way is None or signed_in is None or not way.may_hand_on(signed_in.vault):
            return False
        self.walk.stop()
        self._blank()
        self.shell.show_page(BusyPage("One moment", "What was wiped leaves the memory as well."))
        way.hand_session_on(signed_in)
        return True

    def _on_successor_known(self) -> None:
        """Let it show the work list, if that had to be shown here after a wipe."""
        if isinstance(self.shell.page, HomePage) and not self.shell.page.notice.words:
            self._goes_on_afresh()

    def _on_launcher_lost(self) -> None:
        """Close, as the whole program was ended."""
        log.warning("the launcher is gone")
        if self._rooms is not None:
            self._rooms.held.keep_at_once()
        self.close_unasked()

    def show_crash(self, error: BaseException) -> None:
        """Log a bug and show its reference number; close camera and vault, keep a held frame.

        A bug that follows the first one is logged under the first one's number.
        """
        if self._reference:
            log.error("crash %s, and then", self._reference, exc_info=error)
            return
        self._reference = secrets.token_hex(3).upper()
        log.error("crash %s", self._reference, exc_info=error)
        rooms = self._rooms
        has_held = rooms is not None and rooms.held.waiting is not None
        if rooms is not None:
            rooms.walk.stop()
        page = CrashPage(self._reference)
        page.close_station.clicked.connect(self.close)
        self.shell.show_page(page)

        def keep(_reminder: Reminder | None) -> None:
            if rooms is not None and has_held:
                rooms.held.keep_after_press(page.say_kept)

        if not self._end_session(unlocking.leave, keep):
            keep(None)

    def _come_forward(self) -> None:
        """Bring the window to the front to show an incoming patient."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.activateWindow()

    def _end_session(
        self,
        ending: Callable[[SignedIn], Reminder | None],
        then: Callable[[Reminder | None], object],
    ) -> bool:
        """Close the vault after the running jobs, and blank everything that names a person.

        Returns whether anybody was signed in; only then does `then` follow.
        """
        signed_in = self._blank()
        if signed_in is not None:
            locking = self.background.on_vault(ending, signed_in).even_after_session()
            locking.then(then).otherwise(lambda _: then(None))
        return signed_in is not None

    def _blank(self) -> SignedIn | None:
        """Blank everything that names a person; return who was signed in."""
        self.background.end_session()
        self._entry.abandon()
        self._idle.stop()
        self.shell.clipboard.clear()
        self.shell.show_operator(None)
        self.shell.show_patient(None)
        was_signed_in, self._signed_in = self._signed_in, None
        return was_signed_in

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
        if self._rooms is not None:
            self._rooms.walk.lock()
            self._rooms.walk.capture.forget()
        self._end_session(unlocking.leave, self._entry.remind)
        self._os_lock.stop()
        super().closeEvent(event)

    def _asks_first(self) -> bool:
        """Ask about an unsaved picture, then about what is not handed over; return whether it asks.

        The end of the PC's session is never delayed.
        """
        if self._rooms is None or self._rooms.held.is_ending:
            return False
        waiting = self._rooms.held.waiting
        if waiting is not None and waiting is not self._asked_about:
            self._asked_about = waiting
            self.shell.show_words(Level.WARN, NOT_SAVED_YET)
            return True
        if self._may_close or self._signed_in is None:
            return False
        asking = self.background.on_vault(reminder, self._signed_in.vault)
        asking.then(self._on_left_known).otherwise(lambda _: self.close_unasked())
        return True


def rooms_class() -> "type[Rooms]":
    """Import what lies behind the sign-in, which takes long. Any thread."""
    from dermstation.ui.rooms import Rooms  # noqa: PLC0415 - only after the first page

    return Rooms
