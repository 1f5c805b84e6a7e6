"""Keep one camera process running and report the state of the link. A thread of the station.

Judges by the age of the newest frame and by the process's last sign of life, never by what a
driver returns. A process that crashes or hangs is replaced by a spare one that was started
beforehand (docs/adr/0047-spare-camera-process.md). The ring, and with it the last frame, outlives
the process.
"""

import contextlib
import logging
import threading
import time
from dataclasses import replace

from dermstation.camera.child import CameraChild
from dermstation.camera.child_pipe import MalformedMessageError
from dermstation.camera.link_status import LinkState, LinkStatus
from dermstation.camera.messages import settled_spec
from dermstation.camera.rate import Rate
from dermstation.camera.reports import Activity, Adjust, Phase, SourceReport, Turn
from dermstation.camera.ring import FrameRing
from dermstation.camera.sources.simulated.knobs import Knobs
from dermstation.camera.spec import CameraSpec
from dermstation.domain.errors import ErrorCode

log = logging.getLogger(__name__)

STALLED_AFTER_S = 1.0
HUNG_AFTER_S = 1.2
OPEN_WITHIN_S = 20.0
# An antivirus may read every library at the first start. A process that ends is noticed at once.
START_WITHIN_S = 120.0
_CHECK_EVERY_S = 0.05
_STEADY_AFTER_S = 5.0
_SPARE_AFTER_S = 2.0  # of streaming, so that starting a spare does not delay the first pictures
_FAILED_FROM_LOSSES = 3
_MOST_PATIENCE = 6  # times as long as at first
_LONGEST_PAUSE_S = 0.8  # leaves time to start a process within the promised 2 s


class Watchdog(threading.Thread):
    """Owns the camera process of one link from `start` to `finish`."""

    def __init__(
        self,
        ring: FrameRing,
        spec: CameraSpec,
        width: int,
        height: int,
        after: threading.Thread | None = None,
    ) -> None:
        super().__init__(name="camera watchdog", daemon=True)
        self._after = after
        self._ring = ring
        self._size = (width, height)
        self._finish = threading.Event()
        self._lock = threading.Lock()
        self._spec = spec
        self._turns: dict[str, object] = {}
        self._changes: list[Adjust] = []
        self._child: CameraChild | None = None
        self._spare: CameraChild | None = None
        self._report = SourceReport(Phase.OPENING)
        self._status = LinkStatus()
        self._has_reported = False  # the camera process that runs now
        self._losses = 0  # in a row
        self._answered_s: float | None = None  # when this process first said how its camera is
        self._next_start_s = 0.0
        self._started_s = 0.0
        self._rate = Rate()
        self._published: object = None  # what the last status was built from

    @property
    def status(self) -> LinkStatus:
        """Return the latest status without waiting."""
        return self._status

    @property
    def spec(self) -> CameraSpec:
        """Return the camera, which is no longer `auto` once one was chosen."""
        with self._lock:
            return self._spec

    @property
    def process_id(self) -> int | None:
        """Return the id of the camera process."""
        child = self._child
        return child.pid if child is not None else None

    def turn(self, knobs: Knobs, turns: dict[str, object]) -> None:
        """Queue the knob changes `turns`; `knobs` is the result, for a process started later."""
        with self._lock:
            self._spec = replace(self._spec, knobs=knobs)
            self._turns.update(turns)

    def adjust(self, change: Adjust) -> None:
        """Queue a change of controls; the resulting values are restored after a restart."""
        with self._lock:
            self._changes.append(change)

    def finish(self) -> None:
        """End the camera process and this thread, and wait for both to end."""
        self._finish.set()
        self.join()

    def run(self) -> None:
        """Look after the camera process until `finish` is called."""
        try:
            if self._after is not None:
                self._after.join()  # one camera cannot be opened twice
            while not self._finish.is_set():
                self._check()
        finally:
            if self._child is not None:
                self._child.finish()
                self._child = None
            if self._spare is not None:
                self._spare.kill()
                self._spare = None
            if not self._finish.is_set():
                code = ErrorCode.CAMERA_FAILED
                self._status = replace(self._status, state=LinkState.FAILED, detail_code=code)

    def _check(self) -> None:
        child = self._child
        if child is None:
            if time.perf_counter() < self._next_start_s:
                self._finish.wait(_CHECK_EVERY_S)
            else:
                self._start_child()
            return
        if not self._listen_to(child):
            self._replace_child("broke a rule")
            self._publish()
            return
        self._pass_orders_to(child)
        if not child.is_alive:
            self._replace_child("ended")
        elif self._is_hung():
            if self._ring.last_beat()[0] == Activity.OPENING:
                with self._lock:  # FFmpeg waits for a first packet without a limit
                    self._spec = replace(self._spec, tries_packets=False)
            self._replace_child("hung")
        elif self._spare is None and self._needs_spare():
            with contextlib.suppress(OSError):  # no resources for a second process: do without it
                self._spare = CameraChild(self._ring)
        self._publish()

    def _listen_to(self, child: CameraChild) -> bool:
        """Take what the camera process says; return whether all of it is what it may say."""
        try:
            for report in child.reports(_CHECK_EVERY_S):
                self._take(report)
        except MalformedMessageError:
            return False
        return self._ring.is_sound

    def _pass_orders_to(self, child: CameraChild) -> None:
        with self._lock:
            turns, self._turns = self._turns, {}
            changes, self._changes = self._changes, []
            if turns:
                self._spec = self._spec.after_restart()
        if turns:
            child.send(Turn(turns))
        for change in changes:
            child.send(change)

    def _start_child(self) -> None:
        with self._lock:
            spec, self._turns = self._spec, {}
            self._spec = spec.after_restart()
        self._report = replace(self._report, phase=Phase.OPENING)
        self._has_reported = False
        self._answered_s = None
        self._ring.mend()
        self._ring.beat(Activity.STARTING, time.perf_counter_ns())
        self._started_s = time.perf_counter()
        spare, self._spare = self._spare, None
        if spare is not None and not spare.is_alive:
            spare.kill()
            spare = None
        self._child = spare or CameraChild(self._ring)
        self._child.begin(spec, *self._size)

    def _needs_spare(self) -> bool:
        if self._status.state is not LinkState.STREAMING:
            return False
        # a camera process that crashed once may soon crash again
        return self._status.restarts > 0 or (time.perf_counter() - self._started_s > _SPARE_AFTER_S)

    def _take(self, report: SourceReport) -> None:
        if not self._has_reported:
            self._has_reported = True
            log.info("camera process %s", "is confined" if report.confined else "is not confined")
        if report.phase is not Phase.OPENING and self._answered_s is None:
            self._answered_s = time.perf_counter()
        if report.phase is not self._report.phase:
            log.info("camera %s", _phase_words(report))
        if report.torn > self._report.torn:
            log.info("most frames are torn: %d were refused", report.torn)
        label, mode = report.label or self._report.label, report.mode
        if report.phase is not Phase.STREAMING:
            mode = self._report.mode
        self._report = replace(report, label=label, mode=mode)
        if report.settled is not None:
            with self._lock:
                # stay with this camera from now on, rather than search for the first one again
                self._spec = settled_spec(self._spec, report.settled)

    def _is_hung(self) -> bool:
        """Return whether the process has been silent for too long.

        After each loss in a row the next process may take longer until it is steady: a slow PC or
        driver would otherwise lose one process after another at its start.
        """
        activity, beat_ns = self._ring.last_beat()
        silent_s = (time.perf_counter_ns() - beat_ns) / 1e9
        patience_s, times = OPEN_WITHIN_S, self._losses + 1
        if activity == Activity.STARTING:
            patience_s = START_WITHIN_S
        if activity in {Activity.READING, Activity.WAITING}:
            patience_s, times = HUNG_AFTER_S, max(1, self._losses)  # a single fault ends within 2 s
        if not self._is_steady():
            patience_s *= min(times, _MOST_PATIENCE)
        return silent_s > patience_s

    def _is_steady(self) -> bool:
        """Return whether this process has been at work for a while, after its start."""
        answered_s = self._answered_s
        return answered_s is not None and time.perf_counter() - answered_s > _STEADY_AFTER_S

    def _replace_child(self, why: str) -> None:
        """Kill the camera process; the next one starts at once, or after a pause."""
        if self._child is not None:
            self._child.kill()
            self._child = None
        now_s = time.perf_counter()
        self._losses = 1 if self._is_steady() else self._losses + 1
        self._next_start_s = now_s + min(_LONGEST_PAUSE_S, 0.5 * (self._losses - 1))
        log.warning("camera process %s and is replaced", why)
        code = ErrorCode.CAMERA_FAILED
        self._report = replace(self._report, phase=Phase.OPENING, detail_code=code)
        self._status = replace(self._status, restarts=self._status.restarts + 1)
        self._published = None

    def _publish(self) -> None:
        sequence, instant_ns = self._ring.newest_stamp()
        now_ns = time.perf_counter_ns()
        report = self._report
        state, code = LinkState(report.phase.value), report.detail_code
        fps = self._rate.after(sequence, now_ns)
        if report.phase is Phase.STREAMING:
            age_s = (now_ns - instant_ns) / 1e9
            state = LinkState.STALLED if age_s > STALLED_AFTER_S else LinkState.STREAMING
            torn = ErrorCode.CAMERA_TORN if code is ErrorCode.CAMERA_TORN else None
            code = torn
            if state is LinkState.STALLED:
                code = torn or ErrorCode.CAMERA_STALLED
                self._rate.forget()
            elif self._rate.is_slow:
                code = torn or ErrorCode.CAMERA_SLOW
        else:
            self._rate.forget()
            if report.phase is Phase.OPENING and self._losses >= _FAILED_FROM_LOSSES:
                state = LinkState.FAILED
        current = (state, code, fps, report)
        if current == self._published:
            return
        self._published = current
        self._status = replace(
            self._status,
            state=state,
            label=report.label,
            width=report.mode.width,
            height=report.mode.height,
            nominal_fps=report.mode.fps,
            fps=fps,
            detail_code=code,
            program=report.program,
            other=report.other,
            controls=report.controls if report.phase is Phase.STREAMING else (),
            mode=report.mode,
        )


def _phase_words(report: SourceReport) -> str:
    """Return the phase for the log, and while it streams the mode."""
    mode = report.mode
    if report.phase is not Phase.STREAMING:
        return report.phase.value
    kept = "its own bytes kept" if mode.keeps_packets else "decoded"
    kept += ", Huffman tables added" if mode.adds_tables else ""
    form = ", ".join(filter(None, (mode.backend, mode.coding, kept)))
    return f"streaming: {mode.width} x {mode.height}, {mode.fps:g} a second, {form}"
