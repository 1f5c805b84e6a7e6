"""The PC's own lock, over a private bus with a logind that answers like the real one."""

import shutil
import subprocess
import sys

import pytest
from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusVariant, QDBusVirtualObject

from dermstation.ui.system.os_lock import LOGIND, OsLock, is_leaving

SESSION = "/org/freedesktop/login1/session/_31"
MANAGER = "/org/freedesktop/login1"

needs_bus = pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("dbus-daemon") is None, reason="needs dbus-daemon"
)


@pytest.fixture
def address(tmp_path):
    if shutil.which("dbus-daemon") is None:
        pytest.skip("needs dbus-daemon")
    daemon = subprocess.Popen(
        [
            "dbus-daemon",
            "--session",
            "--nofork",
            "--print-address=1",
            f"--address=unix:path={tmp_path / 'bus'}",
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    yield daemon.stdout.readline().strip()
    daemon.terminate()
    daemon.stdout.close()
    daemon.wait()


class Logind(QDBusVirtualObject):
    """A logind that answers queries of properties and emits the signals of the test."""

    def __init__(self, bus):
        super().__init__()
        self.properties = {"LockedHint": False, "Active": True}
        self.bus = bus
        assert bus.registerService(LOGIND)
        assert bus.registerVirtualObject(
            "/", self, QDBusConnection.VirtualObjectRegisterOption.SubPath
        )

    def answered(self, name):
        """Do nothing; a test can replace this to see the query."""

    def introspect(self, path):
        return ""

    def handleMessage(self, message, connection):
        if message.member() == "Get":
            value = QDBusVariant(self.properties[message.arguments()[1]])
            self.answered(message.arguments()[1])
            reply = message.createReply()
            reply.setArguments([value])
            return connection.send(reply)
        return False

    def emit(self, path, interface, name, arguments=()):
        signal = QDBusMessage.createSignal(path, interface, name)
        signal.setArguments(list(arguments))
        assert self.bus.send(signal)


@pytest.fixture
def logind(address):
    made = Logind(QDBusConnection.connectToBus(address, "logind"))
    yield made
    QDBusConnection.disconnectFromBus("logind")


@pytest.fixture
def lock(logind, address, monkeypatch, qapp):
    monkeypatch.setenv("XDG_SESSION_ID", "1")
    made = OsLock()
    bus = QDBusConnection.connectToBus(address, "station")
    # the answer would need this same event loop, so a blocking call would hang
    monkeypatch.setattr("dermstation.ui.system.os_lock._session_path", lambda _bus: SESSION)
    assert made.watch(0, bus)
    yield made
    QDBusConnection.disconnectFromBus("station")


CHANGED = (
    SESSION,
    "org.freedesktop.DBus.Properties",
    "PropertiesChanged",
    ("org.freedesktop.login1.Session", {}, ["LockedHint"]),
)


@needs_bus
@pytest.mark.parametrize(
    ("said", "properties"),
    [
        ((SESSION, "org.freedesktop.login1.Session", "Lock", ()), {}),
        ((MANAGER, "org.freedesktop.login1.Manager", "PrepareForSleep", (True,)), {}),
        (CHANGED, {"LockedHint": True}),
        (CHANGED, {"Active": False}),
    ],
    ids=["lock", "sleep", "locked hint", "another user"],
)
def test_each_sign_of_leaving_from_logind_is_noticed(lock, logind, qtbot, said, properties):
    logind.properties |= properties
    with qtbot.waitSignal(lock.left):
        logind.emit(*said)


@needs_bus
def test_waking_up_and_other_changes_do_not_lock(lock, logind, qtbot):
    answered = []
    logind.answered = answered.append
    with qtbot.assertNotEmitted(lock.left):
        logind.emit(MANAGER, "org.freedesktop.login1.Manager", "PrepareForSleep", (False,))
        logind.emit(*CHANGED)
        qtbot.waitUntil(lambda: len(answered) == 2)
        qtbot.wait(20)


def test_windows_messages_are_interpreted_as_documented():
    assert is_leaving(0x02B1, 0x7)  # WTS_SESSION_LOCK
    assert is_leaving(0x02B1, 0x2)  # WTS_CONSOLE_DISCONNECT: another user
    assert not is_leaving(0x02B1, 0x8)  # WTS_SESSION_UNLOCK
    assert is_leaving(0x0218, 0x4)  # PBT_APMSUSPEND
    assert not is_leaving(0x0218, 0x12)
    assert not is_leaving(0x0100, 0x7)


@pytest.mark.skipif(sys.platform != "linux", reason="needs logind")
def test_without_a_session_the_idle_lock_remains(monkeypatch, qapp):
    monkeypatch.delenv("XDG_SESSION_ID", raising=False)
    assert not OsLock().watch(0)
