"""Compose the window: the only place where Qt, station and log meet."""

import os
import sys
import threading
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication

from dermstation.camera.leftovers import remove_leftovers
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.logs import start_logging
from dermstation.paths import StationPaths
from dermstation.process_messages import LineKind, LineMessage
from dermstation.resources import resources
from dermstation.security.keystore import Keystore
from dermstation.security.pin_policy import allows_pin
from dermstation.settings_file import load_settings
from dermstation.ui import theme
from dermstation.ui.frame.collecting import Collector
from dermstation.ui.system.contrast import high_contrast_wanted
from dermstation.ui.system.launcher_line import LauncherLine
from dermstation.ui.system.restart import restart_after_upgrade
from dermstation.ui.system.text_size import window_scale
from dermstation.ui.window import StationWindow, rooms_class
from dermstation.workflow.keystores import keystore_of
from dermstation.workflow.station import Station, build_station
from dermstation.workflow.succession import Inheritance, SessionKey, WindowPlace

_PAINTED_AFTER_MS = 100
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
        if sys.platform == "win32":  # without a screen, Qt does not look for the fonts of Windows
            fonts = Path(os.environ.get("SYSTEMROOT", "C:/Windows"), "Fonts")
            os.environ.setdefault("QT_QPA_FONTDIR", str(fonts))
        # pictures are small: painting them on several threads costs more than it saves
        os.environ.setdefault("QT_NO_GUI_THREADPOOL", "1")
        if (scale := window_scale()) > 1.0:
            os.environ.setdefault("QT_SCALE_FACTOR", f"{scale:.2f}")
        application = QApplication(["dermstation"])  # our own arguments do not reach Qt
        application.setWindowIcon(QIcon(str(resources() / "icons" / "dermstation.svg")))
        Collector(application)
    wanted = theme.system_scheme(application, high_contrast=high_contrast_wanted())
    theme.apply(application, wanted)
    return application


def run_window(connection: Connection, home: Path, camera: str = "") -> int:
    """Wait for the launcher's order, show the window until it ends, and return the exit status.

    A `camera` named on the command line takes every shot, whatever the station remembers.
    Raises StationError CAMERA_NOT_KNOWN or SCREEN_ABSENT.
    """
    line = LauncherLine(connection)
    key = SessionKey()
    keystore = None
    if (order := line.order_at_once()) is None:
        keystore = _load_beforehand(StationPaths(home))
        line.tell(LineMessage(LineKind.READY, {"public": key.public.hex()}))
        order = line.wait_for_order(rooms_class)
    if order is None:
        return 0  # the launcher is gone
    is_first = "first" in order.facts
    paths = StationPaths(home)
    start_logging(paths.logs)
    if is_first:
        remove_leftovers()
    settings = load_settings(paths.settings, {"camera": camera} if camera else {})
    # before the window: a wrong camera is reported even without a screen
    station = build_station(paths, settings, one_camera=bool(camera), keystore=keystore)
    inheritance = None if is_first else Inheritance.from_message(order)
    if inheritance is not None and (inheritance.held or inheritance.session):
        rooms_class()  # while the window of the process before this one is still there
    try:
        application = qt_application()
        line.start()
        window = show_window(station, line, inheritance.place if inheritance else None)
        window.begin(inheritance, key)
        restart_after_upgrade()

        def painted() -> None:
            # the process before this one is only hidden behind it, never missed
            line.tell(LineMessage(LineKind.SHOWN))
            window.prepare_rooms()

        QTimer.singleShot(_PAINTED_AFTER_MS, painted)
        return application.exec()
    finally:
        line.stop()
        station.stop()


def _load_beforehand(paths: StationPaths) -> Keystore | None:
    """Load and ask what is slow before a sign-in; return the keystore if there is one."""
    with suppress(StationError):  # without a screen, the order leads to the same trouble
        qt_application()
    keystore = keystore_of(paths)
    allows_pin(keystore)
    return keystore


def show_window(
    station: Station, line: LauncherLine | None = None, place: WindowPlace | None = None
) -> StationWindow:
    """Show the window of `station` on the whole screen, with the crash page ready.

    With a `place` it takes the place of another window, and is as much in the way as that one was.
    """
    window = StationWindow(station, line)
    place = place or WindowPlace()
    _catch_bugs(window)
    screens = {one.name(): one for one in QGuiApplication.screens()}
    screen = screens.get(place.screen, window.screen())
    # fill the screen even without a window manager
    window.setGeometry(screen.availableGeometry())
    if not place.is_active:
        window.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    if place.is_minimised:
        window.showMinimized()
    else:
        window.showMaximized()
        if place.is_active:
            window.activateWindow()
        else:
            window.lower()
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
