"""The launcher: it starts the station's processes, one after another, and holds no secret.

The process that held a vault ends with the lock (docs/adr/0068-lock-ends-the-process.md). Its
successor was started beforehand and waits with everything loaded; it shows its window before the
other one ends. The launcher keeps what belongs to the whole time: that only one station is open
for a home, the arguments, the exit status. It imports no Qt.
"""

import os
import signal
import sys
import time
from contextlib import suppress
from multiprocessing.connection import wait
from pathlib import Path
from types import FrameType

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.paths import StationPaths
from dermstation.process_messages import LineKind, LineMessage, Wanted
from dermstation.station_child import END_WITHIN_S, Child, Target
from dermstation.station_process import run_station

INTERRUPTED = 130  # as a shell reports Ctrl-C
_MOST_FAILURES = 3  # of spares in a row
_SPARE_AFTER_S = 3.0  # of the window, so that starting a spare does not delay a sign-in
_NEVER = float("inf")
_LOCK_FILE = "window.lock"


def launch(
    paths: StationPaths,
    wanted: Wanted,
    patient_file: Path | None = None,
    first: Child | None = None,
) -> int:
    """Run the station until its window is closed, and return the exit status.

    A `patient_file` is passed to a station that is already open, instead of opening a second one.
    The `first` process may have been started already. Raises StationError PATIENT_FILE_UNREADABLE.
    """
    lock = OneStation(paths.own)
    if patient_file is not None:
        _leave_note(paths, patient_file)
        if lock.is_open_elsewhere:
            return 0
    try:
        return Launcher(wanted, first=first).run()
    finally:
        lock.release()


def _leave_note(paths: StationPaths, patient_file: Path) -> None:
    from dermstation.security.disk import named_troubles  # noqa: PLC0415 - rarely needed
    from dermstation.workflow.patient_inbox import leave_note  # noqa: PLC0415

    if not patient_file.is_file():
        raise StationError(ErrorCode.PATIENT_FILE_UNREADABLE)
    with named_troubles():
        leave_note(paths.incoming, patient_file)


class OneStation:
    """The lock of a folder while a window is open for it; it goes with the launcher's process.

    In a home that accounts share each has its window: the vault lets in one at a time.
    """

    def __init__(self, home: Path) -> None:
        self.is_open_elsewhere = False
        self._descriptor = -1
        with suppress(OSError):  # a home that cannot be written is reported at sign-in
            home.mkdir(parents=True, exist_ok=True)
            self._descriptor = os.open(home / _LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o600)
            self.is_open_elsewhere = not _is_locked(self._descriptor)

    def release(self) -> None:
        """Release the lock."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def _is_locked(descriptor: int) -> bool:
    """Take the lock if it is free; return whether it was."""
    try:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415 - exists only on Windows

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # noqa: PLC0415 - exists only on POSIX

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


class Launcher:
    """The station's present process, the one that is leaving, and the spare that waits."""

    def __init__(
        self, wanted: Wanted, target: Target = run_station, first: Child | None = None
    ) -> None:
        self._wanted = wanted
        self._target = target
        self._station = self._told(first or Child(target))
        self._spare: Child | None = None
        self._leaving: Child | None = None
        self._leaving_until_s = _NEVER
        self._spare_due_s = _NEVER
        self._inheritance: LineMessage | None = None  # waits for a spare
        self._has_wiped = False  # a spare shall load all that a session needs
        self._failures = 0

    def run(self) -> int:
        """Serve the processes until the station's window is closed; return its exit status."""
        earlier = signal.signal(signal.SIGINT, _interrupt)
        try:
            self._station.send(LineMessage(LineKind.BEGIN, {"first": True}))
            while not self._station.has_ended or self._falls_back():
                self._step()
            return self._station.status
        except KeyboardInterrupt:
            return INTERRUPTED
        finally:
            signal.signal(signal.SIGINT, earlier)
            for child in (self._station, self._leaving, self._spare):
                if child is not None:
                    child.finish()

    def _told(self, child: Child) -> Child:
        """Tell a process what the command line said, and return it."""
        child.send(self._wanted.to_message())
        return child

    def _step(self) -> None:
        """Wait for something to happen, and handle it."""
        present = [one for one in (self._station, self._spare, self._leaving) if one is not None]
        pipes = {one.pipe: one for one in present if not one.pipe.closed}
        for one in wait([*pipes, *(one.sentinel for one in present)], self._patience_s()):
            if one in pipes:
                self._hear(pipes[one])
        self._reap()
        if time.monotonic() >= self._spare_due_s:
            self._start_spare()

    def _patience_s(self) -> float | None:
        """Return how long nothing needs to be done, unless something happens; None: for ever."""
        due_s = min(self._leaving_until_s, self._spare_due_s)
        return None if due_s == _NEVER else max(0.0, due_s - time.monotonic())

    def _hear(self, child: Child) -> None:
        message = child.received()
        if message is None:
            child.pipe.close()  # its end follows
        elif message.kind is LineKind.READY and child is self._spare:
            self._failures = 0
            child.public = str(message.facts["public"])
            self._station.send(LineMessage(LineKind.SUCCESSOR, {"public": child.public}))
            self._pass_on_wiped()
            self._promote()
        elif message.kind is LineKind.WIPED and child is self._station:
            self._has_wiped = True
            self._pass_on_wiped()
        elif message.kind is LineKind.SHOWN and child is self._station:
            if self._leaving is not None:
                self._leaving.send(LineMessage(LineKind.END))
                self._leaving_until_s = time.monotonic() + END_WITHIN_S
            self._spare_due_s = time.monotonic() + _SPARE_AFTER_S
        elif message.kind is LineKind.GIVE_WAY and child is self._station:
            self._inheritance = LineMessage(LineKind.BEGIN, message.facts, message.body)
            self._start_spare()
            self._promote()

    def _start_spare(self) -> None:
        self._spare_due_s = _NEVER
        if self._spare is not None:
            return
        try:
            self._spare = self._told(Child(self._target))
        except OSError:  # no resources for another process
            self._failures = _MOST_FAILURES
            self._refuse()

    def _pass_on_wiped(self) -> None:
        if self._has_wiped and self._spare is not None and self._spare.public:
            self._spare.send(LineMessage(LineKind.WIPED))

    def _promote(self) -> None:
        """Let the spare take over, if it is ready and wanted."""
        spare, inheritance = self._spare, self._inheritance
        if spare is None or not spare.public or inheritance is None or self._leaving is not None:
            return
        self._inheritance = self._spare = None
        self._has_wiped = False
        self._leaving, self._station = self._station, spare
        self._leaving_until_s = _NEVER  # it is asked to end once the other one is shown
        spare.send(inheritance)

    def _refuse(self) -> None:
        if self._inheritance is not None:
            self._inheritance = None
            self._station.send(LineMessage(LineKind.REFUSED))

    def _reap(self) -> None:
        """Take note of processes that have ended, and of one that does not."""
        leaving = self._leaving
        if leaving is not None and time.monotonic() > self._leaving_until_s:
            leaving.kill()
        if leaving is not None and leaving.has_ended:
            leaving.finish()
            self._leaving, self._leaving_until_s = None, _NEVER
            self._promote()
        spare = self._spare
        if spare is not None and spare.has_ended:
            spare.finish()
            self._spare = None
            self._station.send(LineMessage(LineKind.SUCCESSOR, {"public": ""}))
            self._failures += 1
            if self._failures < _MOST_FAILURES:
                self._start_spare()
            else:
                self._refuse()

    def _falls_back(self) -> bool:
        """Return to the process that gave way, if its successor ended before it was shown."""
        leaving = self._leaving
        if leaving is None or leaving.has_ended or self._leaving_until_s != _NEVER:
            return False
        self._station.finish()
        self._station, self._leaving = leaving, None
        self._station.send(LineMessage(LineKind.REFUSED))
        return True


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
