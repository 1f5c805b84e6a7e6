"""The station's end of the camera: start it, read its status, take the newest frame.

Used from any thread of the station's process. Nothing here waits for a driver; each frame is
copied. No Qt: the window polls with its own timer.
"""

import threading
from dataclasses import replace
from types import TracebackType
from typing import Self

from dermstation.camera.admission import most_packet_pixels
from dermstation.camera.controls import Wanted
from dermstation.camera.frames import Frame
from dermstation.camera.link_status import LinkState, LinkStatus
from dermstation.camera.reports import Adjust
from dermstation.camera.ring import FrameRing
from dermstation.camera.spec import CameraKind, CameraSpec
from dermstation.camera.watchdog import Watchdog
from dermstation.domain.errors import ErrorCode, StationError

__all__ = ["CameraLink", "LinkState", "LinkStatus"]


class CameraLink:
    """A camera in its own process; also a context manager that starts and stops it."""

    def __init__(
        self, spec: CameraSpec, *, width: int = 1600, height: int = 1200, first: int = 0
    ) -> None:
        """Prepare a link to the camera of `spec`; `first` is the sequence of its first frame."""
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
        """Reserve the shared memory and start the camera process; return before the camera is open.

        If the thread `after` is closing another link to the same camera, the process starts once
        that thread has ended. Does nothing if already started. Raises StationError CAMERA_MEMORY.
        """
        with self._lock:
            if self._watchdog is not None:
                return
            most_pixels = most_packet_pixels(self._spec.kind)
            self._ring = FrameRing.create(
                *self._size, first=self._first, most_packet_pixels=most_pixels
            )
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
        """Return the status of the link: ABSENT before `start` and after `stop`."""
        watchdog = self._watchdog
        return watchdog.status if watchdog is not None else LinkStatus(LinkState.ABSENT)

    @property
    def spec(self) -> CameraSpec:
        """Return the camera, which is no longer `auto` once one was chosen."""
        watchdog = self._watchdog
        return watchdog.spec if watchdog is not None else self._spec

    def newest(self, after_sequence: int = -1) -> Frame | None:
        """Return the newest frame, or None if no frame is newer than `after_sequence`.

        The last frame stays available when the camera is lost: check `Frame.is_stale` before use.
        """
        ring, kept = self._ring, self._kept
        if ring is None:
            return None
        least = max(after_sequence, kept.sequence if kept is not None else -1)
        if (frame := ring.newest(least)) is not None:
            self._kept = kept = frame
        return kept if kept is not None and kept.sequence > after_sequence else None

    def sequences_between(self, start_ns: int, end_ns: int) -> list[int]:
        """Return the sequences of frames captured between two instants of perf_counter_ns.

        Oldest first; reaches back about a second (17 frames at most in BGR of 1600 x 1200). Nothing
        is copied, so the oldest frames may be gone by the time they are fetched.
        """
        ring = self._ring
        return ring.sequences_between(start_ns, end_ns) if ring is not None else []

    def lengths_between(self, start_ns: int, end_ns: int) -> dict[int, int]:
        """Return the lengths in bytes of the same frames, by sequence: of packets, say."""
        ring = self._ring
        return ring.lengths_between(start_ns, end_ns) if ring is not None else {}

    def frame(self, sequence: int) -> Frame | None:
        """Return a copy of frame `sequence` (about 1 ms), or None if it is no longer held."""
        ring = self._ring
        return ring.frame(sequence) if ring is not None else None

    def set_knobs(self, **knobs: object) -> None:
        """Set knobs of the simulated dermatoscope; they take effect within about 0.1 s.

        Raises StationError SETTING_INVALID for an unknown knob, a value out of bounds, or a spec
        that can never become the simulated dermatoscope.
        """
        if self._spec.kind not in {CameraKind.SIMULATED, CameraKind.AUTO}:
            raise StationError(ErrorCode.SETTING_INVALID, camera=self._spec.kind.value)
        with self._lock:
            self._knobs = self._knobs.turned(knobs)
            if self._watchdog is not None:
                self._watchdog.turn(self._knobs, knobs)
                # a one-time fault must not be repeated at the next call or start
                self._knobs = self._knobs.after_restart()

    def adjust(self, wanted: Wanted) -> None:
        """Set controls of the camera within about 0.1 s; `status().controls` shows the result.

        A control that the driver lacks or refuses to set stays as it was.
        """
        with self._lock:
            if self._watchdog is not None:
                self._watchdog.adjust(Adjust(dict(wanted)))

    @property
    def process_id(self) -> int | None:
        """Return the id of the camera process, or None if there is none."""
        watchdog = self._watchdog
        return watchdog.process_id if watchdog is not None else None
