"""Start and end one camera process. Used only by the watchdog's thread; handles no frames."""

import multiprocessing
from multiprocessing.context import SpawnProcess

from dermstation.camera.child_pipe import ChildPipe, MalformedMessageError
from dermstation.camera.messages import LONGEST_REPORT, order_bytes, report_of
from dermstation.camera.process import run_camera
from dermstation.camera.reports import Adjust, Begin, Finish, Order, SourceReport, Turn
from dermstation.camera.ring import FrameRing
from dermstation.camera.spec import CameraSpec

_FINISH_WITHIN_S = 0.6
_END_WITHIN_S = 5.0
_MOST_REPORTS = 64  # at one look; a camera process has a handful to say


class CameraChild:
    """A camera process and the pipe to it. The process opens no camera until `begin`.

    It is handed the memory of `ring` when it starts, and touches it only from `begin` on.
    """

    def __init__(self, ring: FrameRing) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe = ChildPipe(context)
        self._process: SpawnProcess = context.Process(
            target=run_camera,
            args=(self._pipe.theirs, ring.memory),
            name="camera",
            daemon=True,
        )
        self._process.start()
        self._is_cut_off = False
        self._pipe.theirs.close()  # so that each side notices when the other is gone

    @property
    def pid(self) -> int | None:
        """Return the process id."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Return whether the process is still running and listening."""
        return not self._is_cut_off and self._process.is_alive()

    def reports(self, wait_s: float) -> list[SourceReport]:
        """Wait at most `wait_s` for reports and return them; empty if the process is gone.

        Raises MalformedMessageError for what no camera process of ours sends.
        """
        reports: list[SourceReport] = []
        try:
            while self._pipe.has_message(wait_s, LONGEST_REPORT):
                if len(reports) == _MOST_REPORTS:
                    raise MalformedMessageError("too many")
                reports.append(report_of(self._pipe.take(LONGEST_REPORT)))
                wait_s = 0.0
        except (EOFError, OSError):
            self._is_cut_off = True
        return reports

    def begin(self, spec: CameraSpec, width: int, height: int) -> None:
        """Send the process the camera to open. Does nothing if the process has ended."""
        self._send(Begin(spec, width, height))

    def send(self, order: Turn | Adjust) -> None:
        """Send an order to the process. Does nothing if the process has ended."""
        self._send(order)

    def finish(self) -> None:
        """Ask the process to end, and kill it if it does not."""
        self._send(Finish())
        self._process.join(_FINISH_WITHIN_S)
        self.kill()

    def _send(self, order: Order) -> None:
        if self._is_cut_off:
            return
        try:
            self._pipe.send(order_bytes(order))
        except OSError:  # it has ended, or does not read: what it got may be half an order
            self._is_cut_off = True

    def kill(self) -> None:
        """Kill the process, whatever it is doing."""
        self._process.kill()
        self._process.join(_END_WITHIN_S)
        self._pipe.close()
        if self._process.exitcode is not None:
            self._process.close()
