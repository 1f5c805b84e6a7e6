"""Try a camera out: how it opens, how soon, and how many frames a second it really gives.

The camera is opened in the real camera process, so that a driver that hangs costs a time limit and
not the program. Slow (seconds for each back end): for a worker thread or the command line. No
frame is kept.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from dermstation.camera.discovery import backends
from dermstation.camera.frames import Encoding, Frame
from dermstation.camera.link import CameraLink, LinkState
from dermstation.camera.pixel_cause import PixelCause, pixel_cause
from dermstation.camera.source import Mode
from dermstation.camera.spec import CameraKind, CameraSpec
from dermstation.camera.watchdog import OPEN_WITHIN_S, START_WITHIN_S
from dermstation.domain.errors import ErrorCode
from dermstation.workflow.camera_setup import OWN_BYTES, CameraMemory, CameraSetup

MEASURED_OVER_S = 2.0
OPENED_WITHIN_S = START_WITHIN_S + OPEN_WITHIN_S  # as long as the watchdog allows
_LOOK_EVERY_S = 0.01
_FINAL = frozenset({LinkState.ABSENT, LinkState.BUSY, LinkState.FAILED})
_LEAST_GAIN = 1.1  # a back end that is only slightly faster is not worth a change


@dataclass(frozen=True, slots=True)
class Trial:
    """One opening of a camera by one back end; sizes are in px, 0 if it gave no picture.

    `opened_after_s` is the time to the first picture. `keeps_packets` says whether captures will
    be the camera's own bytes, and `cause` why they will not. `coding` is what the camera sends,
    empty if the system does not say, and `adds_tables` whether Huffman tables are added to it. If
    there was no picture, `code` says why, and `program` names the program that may be using the
    camera.
    """

    backend: str
    label: str
    requested: tuple[int, int]
    actual: tuple[int, int] = (0, 0)
    nominal_fps: float = 0.0
    fps: float = 0.0
    opened_after_s: float = 0.0
    keeps_packets: bool | None = None
    cause: PixelCause | None = None
    coding: str = ""
    adds_tables: bool = False
    code: ErrorCode | None = None
    program: str = ""

    @property
    def as_requested(self) -> bool:
        """Return whether it gave the requested size."""
        return self.actual == self.requested


def try_camera(spec: CameraSpec, width: int, height: int) -> tuple[Trial, ...]:
    """Try a camera and return the trials, fastest first; a device is tried with each back end."""
    names = backends() if spec.kind is CameraKind.DEVICE else ("",)
    trials = [_try(replace(spec, backend=name), width, height) for name in names]
    return tuple(sorted(trials, key=lambda trial: trial.fps, reverse=True))


def best_backend(trials: tuple[Trial, ...]) -> str:
    """Choose a back end by full size, then by frame rate, then by the platform's own order."""
    usable = [trial for trial in trials if trial.fps > 0]
    full = [trial for trial in usable if trial.as_requested] or usable
    if not full:
        return ""
    fastest = max(trial.fps for trial in full)
    order = {name: place for place, name in enumerate(backends())}
    near = [trial for trial in full if trial.fps * _LEAST_GAIN >= fastest]
    return min(near, key=lambda trial: order.get(trial.backend, len(order))).backend


def remember_trials(setup: CameraSetup, camera: str, trials: tuple[Trial, ...]) -> CameraSetup:
    """Return the setup with the rates measured for `camera` and its best back end."""
    memory = setup.cameras.get(camera, CameraMemory())
    fps = {trial.backend: trial.fps for trial in trials if trial.backend}
    best = best_backend(trials)
    causes = [one.cause for one in trials if one.backend == best and one.keeps_packets is not None]
    pictures = (causes[0] or OWN_BYTES) if causes else memory.pictures
    return setup.with_memory(camera, replace(memory, backend=best, fps=fps, pictures=pictures))


def pictures_of(spec: CameraSpec, mode: Mode, frame: Frame) -> str:
    """Return how a camera's pictures come: OWN_BYTES, or why as pixels."""
    return _cause(spec, mode, frame) or OWN_BYTES


def _cause(spec: CameraSpec, mode: Mode, frame: Frame) -> PixelCause | None:
    if frame.encoding is Encoding.JPEG:
        return None
    return pixel_cause(spec.kind, mode, has_controls_set=bool(spec.controls or spec.lock))


def _try(spec: CameraSpec, width: int, height: int) -> Trial:
    began_s = time.perf_counter()
    with CameraLink(spec, width=width, height=height) as link:

        def settled() -> Frame | bool | None:
            return link.newest() or link.status().state in _FINAL

        _wait(settled, OPENED_WITHIN_S)
        first, status = link.newest(), link.status()
        trial = Trial(spec.backend, status.label, (width, height))
        if first is None:
            code = status.detail_code or ErrorCode.CAMERA_FAILED
            return replace(trial, code=code, program=status.program)
        opened_s = time.perf_counter() - began_s
        end_ns = first.captured_at_ns + int(MEASURED_OVER_S * 1e9)
        last = first

        def measured() -> bool:
            nonlocal last
            last = link.newest() or last
            return last.captured_at_ns >= end_ns

        _wait(measured, 2 * MEASURED_OVER_S)
        elapsed_s = (last.captured_at_ns - first.captured_at_ns) / 1e9
        frames = last.sequence - first.sequence
        mode = link.status().mode
        return replace(
            trial,
            label=link.status().label,
            actual=(last.width, last.height),
            nominal_fps=mode.fps,
            fps=round(frames / elapsed_s, 1) if elapsed_s > 0 else 0.0,
            opened_after_s=round(opened_s, 2),
            keeps_packets=last.encoding is Encoding.JPEG,
            cause=_cause(spec, mode, last),
            coding=mode.coding,
            adds_tables=mode.adds_tables,
        )


def _wait(condition: Callable[[], object], within_s: float) -> None:
    ends_s = time.perf_counter() + within_s
    while not condition() and time.perf_counter() < ends_s:
        time.sleep(_LOOK_EVERY_S)
