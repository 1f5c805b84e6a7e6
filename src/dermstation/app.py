"""Compose the window: the only place where Qt, station and log meet."""

import os
import sys
import threading
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QLockFile
from PySide6.QtWidgets import QApplication

from dermstation.camera.leftovers import remove_leftovers
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.files import make_private
from dermstation.paths import StationPaths
from dermstation.security.disk import named_troubles
from dermstation.settings import Settings
from dermstation.ui import theme
from dermstation.ui.frame.collecting import Collector
from dermstation.ui.window import StationWindow
from dermstation.workflow.patient_inbox import leave_note
from dermstation.workflow.station import Station, build_station

# If one of these is set, Qt knows of a screen or knows to do without one.
_SCREEN_VARIABLES = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def qt_application() -> QApplication:
    """Return the process's QApplication, with the station's theme.

    Raises StationError SCREEN_ABSENT if there is no screen: Qt itself would abort the process.
    """
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        if sys.platform == "linux" and not any(os.environ.get(one) for one in _SCREEN_VARIABLES):
            raise StationError(ErrorCode.SCREEN_ABSENT)
        # pictures are small: painting them on several threads costs more than it saves
        os.environ.setdefault("QT_NO_GUI_THREADPOOL", "1")
        application = QApplication(["dermstation"])  # our own arguments do not reach Qt
        Collector(application)
    theme.apply(application)
    return application


def run_window(
    paths: StationPaths,
    settings: Settings,
    *,
    one_camera: bool = False,
    patient_file: Path | None = None,
) -> int:
    """Show the window until it is closed, and return the exit status.

    With `one_camera`, the camera in the settings takes every shot, whatever the station remembers.
    A `patient_file` is passed to a window that is already open, instead of opening a second one.
    Raises StationError CAMERA_NOT_KNOWN, SCREEN_ABSENT or PATIENT_FILE_UNREADABLE.
    """
    lock, is_open = _lock_home(paths)
    if patient_file is not None:
        if not patient_file.is_file():
            raise StationError(ErrorCode.PATIENT_FILE_UNREADABLE)
        with named_troubles():
            leave_note(paths.incoming, patient_file)
        if is_open:
            return 0
    remove_leftovers()
    # before the window: a wrong camera is reported even without a screen
    station = build_station(paths, settings, one_camera=one_camera)
    try:
        application = qt_application()
        window = show_window(station)
        window.begin()
        return application.exec()
    finally:
        station.stop()
        lock.unlock()


def _lock_home(paths: StationPaths) -> tuple[QLockFile, bool]:
    """Lock the station's home while a window is open; return whether another window holds it."""
    with suppress(OSError):  # a home that cannot be written is reported at sign-in
        make_private(paths.home)
    lock = QLockFile(str(paths.home / "window.lock"))
    lock.setStaleLockTime(0)  # stale only if its process has ended
    lock.tryLock(0)
    return lock, lock.error() is QLockFile.LockError.LockFailedError


def show_window(station: Station) -> StationWindow:
    """Show the window of `station` on the whole screen, with the crash page ready."""
    window = StationWindow(station)
    _catch_bugs(window)
    # fill the screen even without a window manager
    window.setGeometry(window.screen().availableGeometry())
    window.showMaximized()
    return window


def _catch_bugs(window: StationWindow) -> None:
    """Send every uncaught exception, from any thread, to the window's crash page."""

    def on_bug(
        _kind: type[BaseException], error: BaseException, _trace: TracebackType | None
    ) -> None:
        window.show_crash(error)

    def on_thread_bug(bug: threading.ExceptHookArgs) -> None:
        if bug.exc_value is not None:
            window.background.crashed.emit(bug.exc_value)

    sys.excepthook = on_bug
    threading.excepthook = on_thread_bug
