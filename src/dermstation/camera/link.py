"""The station's end of the camera: start it, ask how it is, take the newest frame.

Used from any thread of the station's process. Nothing here waits for a driver; a frame costs a
copy. No Qt: a window asks with its own timer.
"""

import threading
from dataclasses import replace
from types import TracebackType
from typing import Self

from dermstation.camera.controls import Wanted
from dermstation.camera.frames import Frame
from dermstation.camera.reports import Adjust
from dermstation.camera.ring import FrameRing
from dermstation.camera.spec import CameraKind, CameraSpec
from dermstation.camera.watchdog import LinkState, LinkStatus, Watchdog
from dermstation.domain.errors import ErrorCode, StationError

__all__ = ["CameraLink", "LinkState", "LinkStatus"]


class CameraLink:
    """A camera in its own process; also a context manager that starts and stops it."""

    def __init__(
        self, spec: CameraSpec, *, width: int = 1600, height: int = 1200, first: int = 0
    ) -> None:
        """Take the camera of `spec`; `first` is the sequence of its first frame."""
        self._first = first
        self._spec = spec
        self._knobs = spec.knobs
        self._size = (width, height)
        self._lock = threading.Lock()
        self._ring: FrameRing | None = None
        self._watchdog: Watchdog | None = None
        self._kept: Frame | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self, after: threading.Thread | None = None) -> None:
        """Reserve the shared memory and start the camera process; returns before it is open.

        The process is started when the thread `after`, which closes another link to the same
        camera, has ended. Without effect where it is started. Raises StationError CAMERA_MEMORY.
        """
        with self._lock:
            if self._watchdog is not None:
                return
            self._ring = FrameRing.create(*self._size, first=self._first)
            self._kept = None
            spec = replace(self._spec, knobs=self._knobs)
            self._watchdog = Watchdog(self._ring, spec, *self._size, after)
            self._watchdog.start()

    def stop(self) -> None:
        """End the camera process and remove the shared memory; may take about a second."""
        with self._lock:
            watchdog, self._watchdog = self._watchdog, None
        if watchdog is None:
            return
        watchdog.finish()
        with self._lock:
            ring, self._ring, self._kept = self._ring, None, None
        if ring is not None:
            ring.close()

    def status(self) -> LinkStatus:
        """Return how the link is; ABSENT before `start` and after `stop`."""
        watchdog = self._watchdog
        return watchdog.status if watchdog is not None else LinkStatus(LinkState.ABSENT)

    def newest(self, after_sequence: int = -1) -> Frame | None:
        """Return the newest frame, None where there is none later than `after_sequence`.

        The frame stays when the camera is lost: ask `Frame.is_stale` before it is used.
        """
        ring, kept = self._ring, self._kept
        if ring is None:
            return None
        if (frame := ring.newest(kept.sequence if kept is not None else -1)) is not None:
            self._kept = kept = frame
        return kept if kept is not None and kept.sequence > after_sequence else None

    def sequences_between(self, start_ns: int, end_ns: int) -> list[int]:
        """List the frames captured between two instants of perf_counter_ns, oldest first.

        Reaches back about a second (BGR of 1600 x 1200: 17 frames). No frame is copied, and the
        oldest may be gone when they are asked for.
        """
        ring = self._ring
        return ring.sequences_between(start_ns, end_ns) if ring is not None else []

    def frame(self, sequence: int) -> Frame | None:
        """Return a copy of a frame (about 1 ms), or None if it is no longer held."""
        ring = self._ring
        return ring.frame(sequence) if ring is not None else None

    def set_knobs(self, **knobs: object) -> None:
        """Turn knobs of the simulated dermatoscope, within about 0.1 s; a device has none.

        Raises StationError SETTING_INVALID for an unknown knob, a value out of bounds, or a camera
        that was never meant to be simulated.
        """
        if self._spec.kind not in {CameraKind.SIMULATED, CameraKind.AUTO}:
            raise StationError(ErrorCode.SETTING_INVALID, camera=self._spec.kind.value)
        with self._lock:
            self._knobs = self._knobs.turned(knobs)
            if self._watchdog is not None:
                self._watchdog.turn(self._knobs, knobs)
                # what happens once is not repeated with the next turn or start
                self._knobs = self._knobs.after_restart()

    def adjust(self, wanted: Wanted) -> None:
        """Set controls of the camera, within about 0.1 s; `status().controls` shows the outcome.

        What the driver lacks or does not accept stays as it was.
        """
        with self._lock:
            if self._watchdog is not None:
                self._watchdog.adjust(Adjust(dict(wanted)))

    @property
    def process_id(self) -> int | None:
        """Return the id of the camera process, None while there is none."""
        watchdog = self._watchdog
        return watchdog.process_id if watchdog is not None else None
