"""Detection of the PC being locked, going to sleep, or switching users. GUI thread.

Linux: logind, over D-Bus. Windows: session notifications in a native event filter, written from
the documentation and not tested there. If neither is available, the idle lock remains.
"""

import ctypes
import logging
import os
import sys
from typing import cast

from PySide6.QtCore import (
    SLOT,
    QAbstractNativeEventFilter,
    QByteArray,
    QCoreApplication,
    QObject,
    Signal,
    Slot,
)
from PySide6.QtDBus import QDBus, QDBusConnection, QDBusMessage, QDBusVariant

from dermstation.ui.system.adorning import adorning

log = logging.getLogger(__name__)

LOGIND = "org.freedesktop.login1"
_MANAGER_PATH = "/org/freedesktop/login1"
_MANAGER = "org.freedesktop.login1.Manager"
_SESSION = "org.freedesktop.login1.Session"
_PROPERTIES = "org.freedesktop.DBus.Properties"
_ANSWER_WITHIN_MS = 500

_WM_POWERBROADCAST = 0x0218
_WM_WTSSESSION_CHANGE = 0x02B1
_PBT_APMSUSPEND = 0x0004
# console or remote disconnect, logoff, lock
_LEAVING = {0x2, 0x4, 0x6, 0x7}
_NOTIFY_FOR_THIS_SESSION = 0


class OsLock(QObject):
    """The signal `left`, emitted whenever the operator may have left the PC."""

    left = Signal()

    def watch(self, window_id: int, bus: QDBusConnection | None = None) -> bool:
        """Start listening; return whether the operating system can be listened to."""
        is_heard = False
        with adorning("hearing the PC's own lock"):
            if sys.platform == "win32":
                is_heard = self._watch_windows(window_id)
            elif sys.platform == "linux":
                is_heard = self._watch_logind(bus or QDBusConnection.systemBus())
        return is_heard

    def stop(self) -> None:
        """Stop listening."""
        if sys.platform == "win32":
            application = QCoreApplication.instance()
            if application is not None and self._filter is not None:
                application.removeNativeEventFilter(self._filter)
            with adorning("no longer hearing the PC's own lock"):
                ctypes.WinDLL("wtsapi32").WTSUnRegisterSessionNotification(self._window_id)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._filter: _SessionFilter | None = None
        self._window_id = 0
        self._bus: QDBusConnection | None = None
        self._session = ""

    def _watch_logind(self, bus: QDBusConnection) -> bool:
        if not bus.isConnected():
            return False
        session = _session_path(bus)
        if not session:
            return False
        self._bus, self._session = bus, session
        heard = [
            bus.connect(LOGIND, session, _SESSION, "Lock", self, _slot("_on_lock()")),
            bus.connect(
                LOGIND, _MANAGER_PATH, _MANAGER, "PrepareForSleep", self, _slot("_on_sleep(bool)")
            ),
            bus.connect(
                LOGIND,
                session,
                _PROPERTIES,
                "PropertiesChanged",
                self,
                _slot("_on_properties()"),
            ),
        ]
        return all(heard)

    @Slot()
    def _on_lock(self) -> None:
        log.info("the PC was locked")
        self.left.emit()

    @Slot(bool)
    def _on_sleep(self, is_going: bool) -> None:
        if is_going:
            log.info("the PC is going to sleep")
            self.left.emit()

    @Slot()
    def _on_properties(self) -> None:
        """Ask for the properties that may have changed.

        Qt for Python cannot read them from the signal itself.
        """
        if self._bus is None:
            return
        for name, slot in (("LockedHint", "_on_hint"), ("Active", "_on_active")):
            call = QDBusMessage.createMethodCall(LOGIND, self._session, _PROPERTIES, "Get")
            call.setArguments([_SESSION, name])
            self._bus.callWithCallback(
                call,
                self,
                _slot(f"{slot}(QDBusMessage)"),
                _slot("_on_no_answer()"),
                _ANSWER_WITHIN_MS,
            )

    @Slot(QDBusMessage)
    def _on_hint(self, answer: QDBusMessage) -> None:
        if _value_of(answer) is True:
            log.info("the PC was locked")
            self.left.emit()

    @Slot(QDBusMessage)
    def _on_active(self, answer: QDBusMessage) -> None:
        if _value_of(answer) is False:
            log.info("another user took over the PC")
            self.left.emit()

    @Slot()
    def _on_no_answer(self) -> None:
        """Do nothing: the idle lock remains."""

    def _watch_windows(self, window_id: int) -> bool:
        application = QCoreApplication.instance()
        if sys.platform == "win32" and application is not None:
            self._window_id = window_id
            self._filter = _SessionFilter(self)
            application.installNativeEventFilter(self._filter)
            register = ctypes.WinDLL("wtsapi32").WTSRegisterSessionNotification
            return bool(register(window_id, _NOTIFY_FOR_THIS_SESSION))
        return False


class _SessionFilter(QAbstractNativeEventFilter):
    """A filter for Windows' session and power messages. Not tested on Windows."""

    def __init__(self, lock: OsLock) -> None:
        super().__init__()
        self._lock = lock

    def nativeEventFilter(
        self, kind: QByteArray | bytes | bytearray | memoryview, message: int
    ) -> tuple[bool, int]:
        """Inspect a message and pass it on."""
        name = kind.data() if isinstance(kind, QByteArray) else kind
        if sys.platform == "win32" and bytes(name) == b"windows_generic_MSG":
            from ctypes import wintypes  # noqa: PLC0415 - only used on Windows

            found = wintypes.MSG.from_address(int(message))
            if is_leaving(found.message, found.wParam):
                self._lock.left.emit()
        return False, 0


def _slot(signature: str) -> bytes:
    """Return a slot's name in the form that Qt's string-based connections need."""
    return cast("bytes", SLOT(signature))


def is_leaving(message: int, parameter: int) -> bool:
    """Return whether a Windows message means that the session is locked, left or going to sleep."""
    if message == _WM_WTSSESSION_CHANGE:
        return parameter in _LEAVING
    return message == _WM_POWERBROADCAST and parameter == _PBT_APMSUSPEND


def _value_of(answer: QDBusMessage) -> object:
    """Return the single value of an answer."""
    value = answer.arguments()[0] if answer.arguments() else None
    return value.variant() if isinstance(value, QDBusVariant) else value


def _session_path(bus: QDBusConnection) -> str:
    """Return the path of this program's session in logind; empty if there is none."""
    asked = ("GetSession", [os.environ.get("XDG_SESSION_ID", "")])
    if not asked[1][0]:
        return ""
    call = QDBusMessage.createMethodCall(LOGIND, _MANAGER_PATH, _MANAGER, asked[0])
    call.setArguments(asked[1])
    answer = bus.call(call, QDBus.CallMode.Block, _ANSWER_WITHIN_MS)
    if answer.type() != QDBusMessage.MessageType.ReplyMessage or not answer.arguments():
        return ""
    path = answer.arguments()[0]
    return str(path.path() if hasattr(path, "path") else path)
