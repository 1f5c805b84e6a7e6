"""The camera process: opens the source, reads it and puts its frames in the ring.

Runs as a spawned child; imports numpy and cv2, never Qt. It ends when told to, and at once when
the station's process is gone, even while a driver blocks: a separate thread listens for that.
The gate keeps unusable frames out (torn, of a different size, already seen). Whether the link is
alive is decided by the watchdog in the station's process.
"""

import signal
import time
from collections.abc import Mapping
from dataclasses import replace
from multiprocessing.connection import Connection

import cv2

from dermstation.camera.admission import arrived, most_packet_pixels
from dermstation.camera.controls import Control, ControlState
from dermstation.camera.gate import FrameGate
from dermstation.camera.messages import order_of, report_bytes
from dermstation.camera.orders import Orders
from dermstation.camera.reports import (
    Activity,
    Begin,
    Phase,
    Settled,
    SourceReport,
)
from dermstation.camera.ring import FrameRing
from dermstation.camera.shared_memory import NamelessMemory
from dermstation.camera.source import Adjustable, FrameSource, Mode, RawFrame, Turnable
from dermstation.camera.sources.choice import open_first, source_of
from dermstation.camera.sources.ffmpeg import be_silent
from dermstation.camera.spec import CameraKind, CameraSpec
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.heap import keep_freed_memory
from dermstation.security.confinement import Needs, confine

RETRY_S = 0.5
REOPEN_AFTER_S = 2.0
SETTLED_AFTER_S = 1.0  # automatic exposure and white balance need about that long

_PHASES = {
    ErrorCode.CAMERA_ABSENT: Phase.ABSENT,
    ErrorCode.CAMERA_OTHER: Phase.ABSENT,
    ErrorCode.CAMERA_BUSY: Phase.BUSY,
    ErrorCode.CAMERA_STALLED: Phase.STALLED,
}


def run_camera(connection: Connection, memory: NamelessMemory) -> None:
    """Wait for the order to begin, then serve one camera until ordered to finish.

    The entry point of the child process. It may wait for hours, and ends when the station is gone.
    Until then another process may be writing into `memory`.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the station handles Ctrl-C
    be_silent()
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    cv2.setNumThreads(1)
    keep_freed_memory()
    try:
        begin = order_of(connection.recv_bytes())
    except (EOFError, OSError):
        return
    if not isinstance(begin, Begin):
        return
    ring = FrameRing.attach(memory)
    confined = confine(Needs(network=begin.spec.kind is CameraKind.NETWORK))
    orders = Orders(connection)
    orders.start()
    size = (begin.width, begin.height)
    _CameraLoop(connection, ring, orders, begin.spec, size, confined=confined).run()
    ring.close()


class _CameraLoop:
    """Opens and reads the source, and reopens it after any error, until told to finish."""

    def __init__(
        self,
        connection: Connection,
        ring: FrameRing,
        orders: Orders,
        spec: CameraSpec,
        size: tuple[int, int],
        *,
        confined: bool,
    ) -> None:
        self._confined = confined
        self._connection = connection
        self._ring = ring
        self._orders = orders
        self._spec = spec
        self._size = size
        self._source: FrameSource | None = None
        self._gate = FrameGate()
        self._torn = 0
        self._reported: SourceReport | None = None

    def run(self) -> None:
        """Serve the source; report any error and try again."""
        while not self._orders.finish.is_set():
            self._obey()
            try:
                mode = self._open()
                self._stream(mode)
            except StationError as trouble:
                self._report(_report_of(trouble, self._label))
            except (cv2.error, OSError, ValueError, RuntimeError):
                code = ErrorCode.CAMERA_FAILED
                self._report(SourceReport(Phase.FAILED, self._label, detail_code=code))
            else:
                continue
            finally:
                self._close()
            self._beat(Activity.WAITING)
            self._orders.arrived.wait(RETRY_S)

    @property
    def _label(self) -> str:
        return self._source.label if self._source is not None else ""

    def _open(self) -> Mode:
        self._beat(Activity.OPENING)
        if self._reported is None:
            self._report(SourceReport(Phase.OPENING, self._label))
        if self._spec.kind is CameraKind.AUTO:
            self._spec, self._source, mode = open_first(self._spec, *self._size)
        else:
            self._source = self._source or source_of(self._spec, *self._size)
            mode = self._source.open()
        self._ring.begin_generation()
        return mode

    def _stream(self, mode: Mode) -> None:
        """Read until told to finish, or until no usable frame has come for a while."""
        source = self._source
        if source is None:
            return
        self._adjust(dict(self._spec.controls))
        streaming = self._streaming(source, mode)
        started_s = last_good_s = time.perf_counter()
        while not self._orders.finish.is_set():
            changed = self._orders.arrived.is_set() and self._obey()
            if changed or self._lock_settled(time.perf_counter() - started_s):
                streaming = self._streaming(source, mode)
            self._beat(Activity.READING)
            raw = source.read()
            now_s = time.perf_counter()
            is_good = raw is not None and self._put(raw, mode, source)
            last_good_s = now_s if is_good else last_good_s
            told = self._with_torn(streaming)
            if is_good or told.detail_code is not None:
                self._report(told)
            if now_s - last_good_s > REOPEN_AFTER_S:
                code = told.detail_code or ErrorCode.CAMERA_STALLED
                self._report(replace(told, detail_code=code))
                return

    def _with_torn(self, report: SourceReport) -> SourceReport:
        """Return the report, with the word that most frames are torn if they are."""
        if not self._gate.is_mostly_torn:
            self._torn = 0
            return report
        self._torn = self._torn or self._gate.torn  # as many as when it was first said
        return replace(report, detail_code=ErrorCode.CAMERA_TORN, torn=self._torn)

    def _put(self, raw: RawFrame, mode: Mode, source: FrameSource) -> bool:
        frame = arrived(raw)
        if frame is None or not self._gate.passes(raw, mode, is_recording=source.is_recording):
            return False
        fit = frame.entering(most_packet_pixels(self._spec.kind))
        if fit is None:
            return False
        if fit.payload.size > self._ring.largest_payload:
            raise StationError(ErrorCode.IMAGE_TOO_LARGE, width=raw.width, height=raw.height)
        self._ring.put(fit)
        return True

    def _streaming(self, source: FrameSource, mode: Mode) -> SourceReport:
        controls = self._controls()
        settled = Settled.of(self._spec)
        return SourceReport(Phase.STREAMING, source.label, mode, settled=settled, controls=controls)

    def _obey(self) -> bool:
        """Carry out the pending orders; return whether controls were changed."""
        turns, changes = self._orders.take()
        if turns and self._spec.kind in {CameraKind.SIMULATED, CameraKind.AUTO}:
            self._spec = replace(self._spec, knobs=self._spec.knobs.turned(turns))
            if isinstance(self._source, Turnable):
                self._source.set_knobs(turns)
        for change in changes:
            self._spec = replace(self._spec, lock=self._spec.lock - change.wanted.keys())
            self._adjust(change.wanted)
        return bool(changes)

    def _lock_settled(self, streaming_s: float) -> bool:
        """Fix the controls to be locked once the camera has settled; return whether it did so."""
        if not self._spec.lock or streaming_s < SETTLED_AFTER_S:
            return False
        chosen = {
            one.control: one.value
            for one in self._controls()
            if one.is_auto and one.control in self._spec.lock
        }
        self._spec = replace(self._spec, lock=frozenset())
        self._adjust(chosen)
        return True

    def _controls(self) -> tuple[ControlState, ...]:
        return self._source.controls() if isinstance(self._source, Adjustable) else ()

    def _adjust(self, wanted: Mapping[Control, float | None]) -> None:
        """Set controls and remember them for the next time the camera is opened."""
        source = self._source
        if isinstance(source, Adjustable):
            for control, value in wanted.items():
                source.adjust(control, value)
        kept = {**dict(self._spec.controls), **wanted}
        self._spec = replace(self._spec, controls=tuple(sorted(kept.items())))

    def _close(self) -> None:
        self._beat(Activity.OPENING)  # closing may take as long as opening
        if self._source is not None:
            self._source.close()

    def _beat(self, activity: Activity) -> None:
        self._ring.beat(activity, time.perf_counter_ns())

    def _report(self, report: SourceReport) -> None:
        report = replace(report, confined=self._confined)
        if report != self._reported:
            self._reported = report
            self._connection.send_bytes(report_bytes(report))


def _report_of(trouble: StationError, label: str) -> SourceReport:
    if trouble.facts.get("is_new"):
        return SourceReport(Phase.OPENING, label)
    return SourceReport(
        _PHASES.get(trouble.code, Phase.FAILED),
        label,
        detail_code=trouble.code,
        program=str(trouble.facts.get("program", "")),
        other=str(trouble.facts.get("other", "")),
    )
