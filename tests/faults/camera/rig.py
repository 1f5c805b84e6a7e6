"""A viewfinder on the simulated dermatoscope, which has faults while the shutter is pressed.

Everything except the device is real: camera process, ring, watchdog, scorer, burst. Each held frame
is compared with the known look of the scene: a frame that does not show it, and was neither refused
nor called poor, is a wrong frame.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

import numpy as np

from dermstation.camera.link import CameraLink, LinkState
from dermstation.camera.spec import parse_camera
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.quality import Verdict
from dermstation.domain.shots import ShotKind
from dermstation.imaging.sight import Thumbnail, difference, thumbnail
from dermstation.workflow.bursting import Press, hold_sharpest
from dermstation.workflow.capturing import CaptureLoop, Held
from dermstation.workflow.scoring import LiveScorer
from dermstation.workflow.viewfinder import Viewfinder

PATIENCE_S = 120.0
STAYS_S = 0.6
_OTHER_SCENE_DN = 16.0
_PRESS_EVERY_S = 0.1
_LOOK_EVERY_S = 0.005
_NEWEST_AGE_S = 1.2  # half a second of age, the burst's reach, and a margin
SHOT = ShotKind.DERMOSCOPIC


@dataclass(frozen=True)
class Fault:
    """A fault: the knobs that cause it, and the state or code that reports it."""

    name: str
    turns: Mapping[str, object]
    states: frozenset[LinkState] = frozenset()
    codes: frozenset[ErrorCode] = frozenset()
    ends_by_itself: bool = False


def _fault(name: str, *said: LinkState | ErrorCode, knob: str = "", once: bool = False) -> Fault:
    states = frozenset(one for one in said if isinstance(one, LinkState))
    codes = frozenset(one for one in said if isinstance(one, ErrorCode))
    return Fault(name, {"fault": knob or name}, states, codes, once)


GONE = (LinkState.OPENING, LinkState.STALLED, LinkState.FAILED)
FAULTS = (
    _fault("unplug", LinkState.ABSENT, knob="absent"),
    _fault("stale_frame", LinkState.STALLED, knob="freeze"),
    _fault("black", ErrorCode.CAMERA_BLACK),
    _fault("white", ErrorCode.CAMERA_WHITE),
    _fault("wrong_size", LinkState.STALLED),
    _fault("slow", ErrorCode.CAMERA_SLOW, ErrorCode.FRAME_STALE),
    _fault("hang", *GONE, once=True),
    _fault("busy", LinkState.BUSY),
    _fault("colour_flip", ErrorCode.CAMERA_COLOURS),
    _fault("partial_jpeg", LinkState.STALLED),
    _fault("crash", *GONE, once=True),
    _fault("replug", LinkState.ABSENT, knob="absent"),
)


@dataclass
class Found:
    """The events during one fault."""

    name: str
    noticed_after_s: float = 0.0
    recovered_after_s: float = 0.0
    pressed_in_fault: int = 0
    refused: int = 0
    held: int = 0
    wrong_frames: int = 0
    wrong: list[str] = field(default_factory=list)


class Rig:
    """The viewfinder, ready to press; a context manager."""

    def __init__(self, width: int, height: int, camera: str = "sim") -> None:
        self._size = (width, height)
        self._viewfinder = Viewfinder(parse_camera(camera), width, height)
        self._scene: Thumbnail | None = None
        self._pressed_s = 0.0

    def __enter__(self) -> Self:
        self._viewfinder.aim(SHOT)
        self._wait(self._is_well)
        self._scene = self._scorer.reference
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._viewfinder.close()
        self._viewfinder.wait_closed()

    def play(self, fault: Fault, stays_s: float = STAYS_S) -> Found:
        """Cause a fault, keep pressing throughout, end it, and wait until all is well."""
        found = Found(fault.name)
        self._wait(self._is_well)
        began_s = time.perf_counter()
        self._link.set_knobs(**fault.turns)
        self._press(found)
        self._wait(lambda: self._is_said(fault), lambda: self._press_now_and_then(found))
        noticed_s = time.perf_counter()
        found.noticed_after_s = noticed_s - began_s
        if not fault.ends_by_itself:
            ends_s = noticed_s + stays_s
            self._wait(
                lambda: time.perf_counter() > ends_s, lambda: self._press_now_and_then(found)
            )
        found.pressed_in_fault = found.held + found.refused
        newest = self._link.newest()
        last = newest.sequence if newest is not None else -1
        ended_s = time.perf_counter()
        self._link.set_knobs(fault="none")
        self._wait(
            lambda: self._link.newest(last) is not None and self._is_well(),
            lambda: self._press_now_and_then(found),
        )
        found.recovered_after_s = time.perf_counter() - ended_s
        self._press(found)
        return found

    @property
    def _link(self) -> CameraLink:
        assert self._viewfinder.link is not None
        return self._viewfinder.link

    @property
    def _scorer(self) -> LiveScorer:
        assert self._viewfinder.scorer is not None
        return self._viewfinder.scorer

    def _is_well(self) -> bool:
        frame = self._link.newest()
        return (
            self._link.status().state is LinkState.STREAMING
            and frame is not None
            and not frame.is_stale(time.perf_counter_ns())
            and self._scorer.fault is None
            and self._scorer.reference is not None
        )

    def _is_said(self, fault: Fault) -> bool:
        status, trouble = self._link.status(), self._scorer.fault
        codes = {status.detail_code, trouble.code if trouble is not None else None}
        frame = self._link.newest()
        if frame is None or frame.is_stale(time.perf_counter_ns()):
            codes.add(ErrorCode.FRAME_STALE)
        return status.state in fault.states or bool(codes & fault.codes)

    def _press_now_and_then(self, found: Found) -> None:
        if time.perf_counter() - self._pressed_s > _PRESS_EVERY_S:
            self._press(found)

    def _press(self, found: Found) -> None:
        """Press as the page lets an operator, not while something is reported as wrong."""
        self._pressed_s = time.perf_counter()
        status = self._link.status()
        slow = status.detail_code is ErrorCode.CAMERA_SLOW
        if status.state is not LinkState.STREAMING or slow or self._scorer.fault is not None:
            found.refused += 1
            return
        try:
            frame = CaptureLoop().press(self._link.newest())
            pressed_ns = time.perf_counter_ns()
            aimed_ns = self._viewfinder.aimed_at_ns
            press = Press(
                frame, pressed_ns, SHOT, "rig", aimed_ns, reference=self._scorer.reference
            )
            held = hold_sharpest(self._link, press)
        except StationError:
            found.refused += 1
            return
        found.held += 1
        if held.report.verdict is not Verdict.POOR and (why := self._wrong(held)):
            found.wrong_frames += 1
            found.wrong.append(why)

    def _wrong(self, held: Held) -> str:
        height, width = held.pixels.shape[:2]
        if (width, height) != self._size:
            return "size"
        if abs(held.details.press_offset_ms or 0) > _NEWEST_AGE_S * 1000:
            return "old"
        scene = self._scene
        assert scene is not None
        if difference(thumbnail(np.ascontiguousarray(held.pixels)), scene) > _OTHER_SCENE_DN:
            return "another scene"
        return ""

    @staticmethod
    def _wait(condition: Callable[[], object], meanwhile: Callable[[], object] = int) -> None:
        until_s = time.monotonic() + PATIENCE_S
        while not condition():
            assert time.monotonic() < until_s, "the condition never became true"
            meanwhile()
            time.sleep(_LOOK_EVERY_S)
