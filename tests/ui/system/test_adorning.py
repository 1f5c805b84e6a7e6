"""What only adorns may fail in any way: the session goes on, and the log says what fails."""

import logging
import sys
import threading
import types

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from dermstation.ui.capture import sounds
from dermstation.ui.system import adorning, os_lock, screen_capture


@pytest.fixture
def escaped(monkeypatch: pytest.MonkeyPatch) -> list[BaseException | None]:
    """Collect what would reach the crash page from a thread."""
    found: list[BaseException | None] = []
    monkeypatch.setattr(threading, "excepthook", lambda bug: found.append(bug.exc_value))
    return found


@pytest.mark.parametrize("error", [RuntimeError, OSError, MemoryError])
def test_a_pc_without_a_loudspeaker_stays_silent(
    qapp, monkeypatch: pytest.MonkeyPatch, escaped, error
) -> None:
    def fail(*_: object) -> None:
        raise error("no device")

    fake = types.SimpleNamespace(PlaySound=fail, SND_MEMORY=4, SND_NODEFAULT=2)
    monkeypatch.setitem(sys.modules, "winsound", fake)
    for platform in ("win32", "linux"):
        monkeypatch.setattr(sounds.sys, "platform", platform)
        monkeypatch.setattr(QApplication, "beep", fail)
        sounds.play_shutter()
        monkeypatch.undo()
        monkeypatch.setitem(sys.modules, "winsound", fake)
    for thread in threading.enumerate():
        if thread.name == "shutter sound":
            thread.join()
    assert escaped == []


@pytest.mark.parametrize("error", [OSError, ValueError, RuntimeError])
def test_a_session_that_cannot_be_listened_to_is_said_to_be_so(
    qapp, monkeypatch: pytest.MonkeyPatch, error
) -> None:
    def fail(*_: object) -> None:
        raise error("not here")

    monkeypatch.setattr(os_lock.sys, "platform", "linux")
    monkeypatch.setattr(os_lock, "_session_path", fail)
    monkeypatch.setattr(os_lock.OsLock, "_watch_logind", fail)
    assert os_lock.OsLock().watch(0) is False


def test_a_window_that_cannot_be_kept_out_of_screenshots_is_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(_name: str) -> None:
        raise ValueError("no such library")

    monkeypatch.setattr(screen_capture.sys, "platform", "win32")
    monkeypatch.setattr(screen_capture.ctypes, "WinDLL", fail, raising=False)
    assert screen_capture.exclude_from_capture(0) is False


def test_a_screen_reader_that_fails_is_not_heard_of(
    qtbot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("gone")

    place = QWidget()
    qtbot.addWidget(place)
    monkeypatch.setattr(adorning, "QAccessibleAnnouncementEvent", fail)
    with caplog.at_level(logging.INFO, "dermstation"):
        adorning.announce(place, "Path copied")
    assert "announcing does not work here: RuntimeError" in caplog.text
