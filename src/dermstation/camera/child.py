"""Start and end one camera process. Used only by the watchdog's thread; handles no frames."""

import contextlib
import multiprocessing
from multiprocessing.context import SpawnProcess

from dermstation.camera.process import run_camera
from dermstation.camera.reports import Adjust, Begin, Finish, SourceReport, Turn
from dermstation.camera.ring import FrameRing
from dermstation.camera.spec import CameraSpec

_FINISH_WITHIN_S = 0.6
_END_WITHIN_S = 5.0


class CameraChild:
    """A camera process and the pipe to it. The process opens no camera until `begin`.

    It is handed the memory of `ring` when it starts, and touches it only from `begin` on.
    """

    def __init__(self, ring: FrameRing) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process: SpawnProcess = context.Process(
            target=run_camera,
            args=(theirs, ring.memory),
            name="camera",
            daemon=True,
        )
        self._process.start()
        theirs.close()  # so that each side notices when the other is gone

    @property
    def pid(self) -> int | None:
        """Return the process id."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Return whether the process is still running."""
        return self._process.is_alive()

    def reports(self, wait_s: float) -> list[SourceReport]:
        """Wait at most `wait_s` for reports and return them; empty if the process is gone."""
        reports = []
        with contextlib.suppress(EOFError, OSError):
            while self._pipe.poll(wait_s):
                reports.append(self._pipe.recv())
                wait_s = 0.0
        return reports

    def begin(self, spec: CameraSpec, width: int, height: int) -> None:
        """Tell the process which camera to open. Does nothing if the process has ended."""
        with contextlib.suppress(OSError):
            self._pipe.send(Begin(spec, width, height))

    def send(self, order: Turn | Adjust) -> None:
        """Send an order to the process. Does nothing if the process has ended."""
        with contextlib.suppress(OSError):
            self._pipe.send(order)

    def finish(self) -> None:
        """Ask the process to end, and kill it if it does not."""
        with contextlib.suppress(OSError):
            self._pipe.send(Finish())
        self._process.join(_FINISH_WITHIN_S)
        self.kill()

    def kill(self) -> None:
        """Kill the process, whatever it is doing."""
        self._process.kill()
        self._process.join(_END_WITHIN_S)
        self._pipe.close()
        if self._process.exitcode is not None:
            self._process.close()
