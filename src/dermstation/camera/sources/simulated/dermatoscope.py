"""The simulated dermatoscope as a frame source, with the faults a real device can have.

Lives in the camera process. A new scene takes up to about two seconds to render, so a separate
thread renders it while the old one still streams.
"""

import os
import time
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

import cv2
import numpy as np

from dermstation.camera.controls import Control, ControlState
from dermstation.camera.frames import Encoding
from dermstation.camera.source import Mode, RawFrame
from dermstation.camera.sources.simulated.controls import SimulatedControls
from dermstation.camera.sources.simulated.knobs import Knobs, SimulatedFault
from dermstation.camera.sources.simulated.optics import NOMINAL_FPS, Image, Optics
from dermstation.camera.sources.simulated.scenes import SceneKey, render
from dermstation.domain.errors import ErrorCode, StationError

JPEG_QUALITY = 92
HANG_S = 10.0
SLOW_FPS = 1.4
_CRASH_STATUS = 70
_STALL_WAIT_S = 0.1
_PARTIAL_SHARE = 0.6


class SimulatedDermatoscope:
    """A simulated dermatoscope. `set_knobs` may be called at any time, also before `open`."""

    label = "Simulated dermatoscope"
    is_recording = False

    def __init__(self, knobs: Knobs, width: int, height: int) -> None:
        self._knobs = knobs
        self._size = (width, height)
        self._optics: Optics | None = None
        self._renderer: ThreadPoolExecutor | None = None
        self._coming: Future[Optics] | None = None
        self._number = 0
        self._due_s = 0.0
        self._frozen: RawFrame | None = None
        self._controls = SimulatedControls()

    def set_knobs(self, turns: Mapping[str, object]) -> None:
        """Set knobs by name. Raises StationError SETTING_INVALID."""
        self._knobs = self._knobs.turned(turns)

    def open(self) -> Mode:
        """Render the scene and start. Raises StationError CAMERA_ABSENT or CAMERA_BUSY."""
        self._raise_if_gone()
        width, height = self._size
        key = SceneKey.of(self._knobs, width, height)
        if self._optics is None or self._optics.key != key:
            self._optics = _optics_of(key)
        self._renderer = self._renderer or ThreadPoolExecutor(1, "scene")
        self._due_s = time.perf_counter()
        return Mode(width, height, NOMINAL_FPS)

    def read(self) -> RawFrame | None:
        """Return the next frame, or None if it is not due yet.

        Raises StationError as `open` does, and CAMERA_FAILED if it is not open.
        """
        self._raise_if_gone()
        fault = self._knobs.fault
        if fault is SimulatedFault.CRASH:
            os._exit(_CRASH_STATUS)
        if fault is SimulatedFault.HANG:
            time.sleep(HANG_S)
        if fault is SimulatedFault.STALL:
            time.sleep(_STALL_WAIT_S)
            return None
        if not self._wait_until_due():
            return None
        if fault is SimulatedFault.FREEZE and self._frozen is not None:
            held = self._frozen
            now_ns = time.perf_counter_ns()
            return RawFrame(now_ns, held.encoding, held.width, held.height, held.payload)
        self._number += 1
        optics = self._scene()
        # the ring belongs to the scene in view, not to the one that is still being rendered
        knobs = self._controls.applied_to(replace(self._knobs, scene=optics.key.scene))
        raw = self._taken(optics.frame(self._number, knobs))
        self._frozen = None
        if fault is SimulatedFault.FREEZE:
            self._frozen = RawFrame(
                raw.captured_at_ns, raw.encoding, raw.width, raw.height, raw.payload.copy()
            )
        return raw

    def close(self) -> None:
        """Stop rendering; the scene is kept for the next `open`."""
        if self._renderer is not None:
            self._renderer.shutdown(wait=False, cancel_futures=True)
        self._renderer = self._coming = None

    def controls(self) -> tuple[ControlState, ...]:
        """Return the controls."""
        return self._controls.states()

    def adjust(self, control: Control, value: float | None) -> None:
        """Set a control."""
        self._controls.adjust(control, value)

    def _raise_if_gone(self) -> None:
        if self._knobs.fault is SimulatedFault.ABSENT:
            raise StationError(ErrorCode.CAMERA_ABSENT)
        if self._knobs.fault is SimulatedFault.BUSY:
            raise StationError(ErrorCode.CAMERA_BUSY)

    def _wait_until_due(self) -> bool:
        """Wait at most 0.1 s until the frame is due; return whether it is."""
        now_s = time.perf_counter()
        if now_s < self._due_s:
            time.sleep(min(self._due_s - now_s, _STALL_WAIT_S))
            if time.perf_counter() < self._due_s - 0.001:  # tolerance for the timer
                return False
        rate = SLOW_FPS if self._knobs.fault is SimulatedFault.SLOW else NOMINAL_FPS
        # if it has fallen behind, it does not try to catch up
        self._due_s = max(self._due_s + 1 / rate, now_s)
        return True

    def _scene(self) -> Optics:
        """Return the optics of the wanted scene, or of the last one until that is rendered."""
        if self._optics is None or self._renderer is None:
            raise StationError(ErrorCode.CAMERA_FAILED, reason="not_open")
        if self._coming is not None and self._coming.done():
            self._optics, self._coming = self._coming.result(), None
        width, height = self._size
        wanted = SceneKey.of(self._knobs, width, height)
        if wanted != self._optics.key and self._coming is None:
            self._coming = self._renderer.submit(_optics_of, wanted)
        return self._optics

    def _taken(self, image: Image) -> RawFrame:
        """Apply white balance and the device's fault to the picture, and encode it if wanted."""
        self._controls.tint(image)
        fault = self._knobs.fault
        if fault is SimulatedFault.BLACK:
            np.minimum(image, 2, out=image)
        elif fault is SimulatedFault.WHITE:
            np.maximum(image, 254, out=image)
        elif fault is SimulatedFault.WRONG_SIZE:
            image = np.ascontiguousarray(image[::2, ::2])
        elif fault is SimulatedFault.COLOUR_FLIP:
            image = np.ascontiguousarray(image[:, :, ::-1])
        captured_at_ns = time.perf_counter_ns()
        height, width = image.shape[:2]
        if not (self._knobs.jpeg > 0 or fault is SimulatedFault.PARTIAL_JPEG):
            return RawFrame(captured_at_ns, Encoding.BGR, width, height, image)
        _, packet = cv2.imencode(".jpg", image, (cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY))
        packet = packet.reshape(-1)
        if fault is SimulatedFault.PARTIAL_JPEG:
            packet = packet[: int(packet.size * _PARTIAL_SHARE)]
        return RawFrame(captured_at_ns, Encoding.JPEG, width, height, np.asarray(packet, np.uint8))


def _optics_of(key: SceneKey) -> Optics:
    return Optics(key, render(key))
