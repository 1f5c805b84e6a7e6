"""Lens, hand and sensor of the simulated dermatoscope: turn a scene into a frame.

A frame depends only on the scene, the knobs and the frame's number, so that a seed gives the same
frames each time; only `jolt` follows the clock. Designed for 1600 x 1200 at 30 frames a second on
part of one core, so costly parts (scene, blurred scenes, overlays, noise) are made once and kept.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from dermstation.camera.sources.simulated import marks
from dermstation.camera.sources.simulated.knobs import Knobs, Scene
from dermstation.camera.sources.simulated.scenes import SceneKey

Image = NDArray[np.uint8]
NOMINAL_FPS = 30.0
NOISE_DN = 1.2
_NOISE_MARGIN_PX = 97
_BLUR_STEPS_PX = (0.0, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0)
_HALF_SIZE_FROM_PX = 8.0
_GAMMA = 2.2


_KNOCK_DECAY_S = 0.08  # a fortieth is left after 0.3 s


@dataclass(frozen=True, slots=True)
class Hand:
    """The position of the scope during one frame: px from the centre, px moved, px of blur."""

    x: float
    y: float
    shake_x: float
    shake_y: float
    blur: float


def hand_at(number: int, knobs: Knobs, after_knock_s: float = 1.0) -> Hand:
    """Return how a hand holds the scope in frame `number`: slow drift, slight tremor, any shake.

    With `hunting` the focus and the shake come and go: about two seconds in five are good.
    `after_knock_s` is the time since the last knock, for `jolt`.
    """
    time_s = number / NOMINAL_FPS
    focus, shake = knobs.focus, knobs.shake
    if knobs.hunting > 0:
        far = max(0.0, math.sin(2 * math.pi * time_s / 5.3) + 0.25)
        restless = max(0.0, math.sin(2 * math.pi * time_s / 7.9 + 1.1) - 0.35)
        focus += knobs.hunting * 6.5 * far
        shake += knobs.hunting * 16 * restless
    turn = 2 * math.pi * time_s
    x = 11 * math.sin(turn / 6.7) + 5 * math.sin(turn / 2.9 + 1) + 0.25 * math.sin(turn * 7.3)
    y = 9 * math.sin(turn / 5.1 + 2) + 4 * math.sin(turn / 3.7) + 0.25 * math.sin(turn * 8.1)
    direction = turn / 3.1
    swing = math.sin(turn * 4.7)
    reach = 0.5 * (shake + knobs.tremor)
    shake += knobs.tremor * abs(math.cos(turn * 4.7))  # the speed of that swing
    shake += knobs.jolt * math.exp(-after_knock_s / _KNOCK_DECAY_S)
    return Hand(
        x + reach * swing * math.cos(direction),
        y + reach * swing * math.sin(direction),
        shake * math.cos(direction),
        shake * math.sin(direction),
        focus,
    )


class Optics:
    """Takes frames of one rendered scene. For use by one thread."""

    def __init__(self, key: SceneKey, scene: Image) -> None:
        self.key = key
        self._blurred = {0.0: scene}
        self._overlays: dict[tuple[float, ...], Image] = {}
        self._noise = _noise_bank(key)
        self._work = np.empty((key.height, key.width, 3), np.uint8)

    def frame(self, number: int, knobs: Knobs) -> Image:
        """Return frame `number`, uint8 BGR; the next call reuses the array."""
        key, unit = self.key, self.key.unit
        hand = hand_at(number, knobs, time.perf_counter() % 1.0)
        most = key.margin // 2 - 1.0
        shake = _within(most, hand.shake_x * unit), _within(most, hand.shake_y * unit)
        # space around the picture for the trail of the shake
        spare = math.ceil(max(abs(shake[0]), abs(shake[1]))) + 1
        view = self._view(hand, spare)
        image = self._trail(view, shake, spare)
        self._ringed(image, knobs)
        # blown-out areas show no noise, so light is added after the noise but taken away before it
        if knobs.exposure < 0:
            self._expose(knobs.exposure)
        self._add_noise(number)
        if knobs.exposure > 0:
            self._expose(knobs.exposure)
        self._glared(knobs)
        return self._work

    def _view(self, hand: Hand, spare: int) -> Image:
        """Cut out the view, `spare` px wider on each side, at a subpixel position."""
        key = self.key
        reach = key.margin - spare - 2
        x = key.margin - spare + _within(reach, hand.x * key.unit)
        y = key.margin - spare + _within(reach, hand.y * key.unit)
        left, top = int(x), int(y)
        across, down = x - left, y - top
        height, width = key.height + 2 * spare, key.width + 2 * spare
        # correlate with the weights of the four pixels around the position
        weights = np.outer((1 - down, down), (1 - across, across)).astype(np.float32)
        source = self._lens(hand.blur * key.unit)[top : top + height, left : left + width]
        return np.asarray(cv2.filter2D(source, -1, weights, anchor=(0, 0)), np.uint8)

    def _lens(self, radius_px: float) -> Image:
        """Return the scene blurred by a disk of `radius_px`, mixed from the two nearest radii."""
        if radius_px <= 0:
            return self._blurred[0.0]
        upper = next((step for step in _BLUR_STEPS_PX if step >= radius_px), _BLUR_STEPS_PX[-1])
        if upper <= radius_px:
            return self._disk(upper)
        lower = _BLUR_STEPS_PX[_BLUR_STEPS_PX.index(upper) - 1]
        share = (radius_px - lower) / (upper - lower)
        mixed = cv2.addWeighted(self._disk(upper), share, self._disk(lower), 1 - share, 0)
        return np.asarray(mixed, np.uint8)

    def _disk(self, radius_px: float) -> Image:
        if radius_px not in self._blurred:
            self._blurred[radius_px] = _blur_by_disk(self._blurred[0.0], radius_px)
        return self._blurred[radius_px]

    def _trail(self, view: Image, shake: tuple[float, float], spare: int) -> Image:
        """Smear along the shake: average evenly spaced copies, twice as many at each step."""
        length = max(abs(shake[0]), abs(shake[1]))
        step, left, top = 0.5, spare, spare
        while length * step >= 1:  # a half, a quarter, an eighth ... of the way
            dx, dy = round(shake[0] * step), round(shake[1] * step)
            view = _averaged(view, dx, dy)
            left, top = left + min(dx, 0), top + min(dy, 0)
            step /= 2
        height, width = self.key.height, self.key.width
        return view[top : top + height, left : left + width]

    def _ringed(self, image: Image, knobs: Knobs) -> None:
        """Copy the picture to the work array, with the ring of the scope over it if present."""
        key = self.key
        if knobs.scene is not Scene.DERMOSCOPIC or knobs.ring <= 0:
            np.copyto(self._work, image)
            return
        most = self._overlay(
            (1, knobs.ring, knobs.ruler),
            lambda: marks.ring_overlay(key.width, key.height, knobs.ring, knobs.ruler),
        )
        cv2.min(image, most, dst=self._work)

    def _glared(self, knobs: Knobs) -> None:
        key = self.key
        if knobs.glare > 0:
            least = self._overlay(
                (0, knobs.glare),
                lambda: marks.glare_overlay(key.width, key.height, knobs.glare, key.seed),
            )
            cv2.max(self._work, least, dst=self._work)

    def _expose(self, stops: float) -> None:
        cv2.LUT(self._work, _exposure_table(stops), dst=self._work)

    def _overlay(self, name: tuple[float, ...], make: Callable[[], Image]) -> Image:
        if name not in self._overlays:
            self._overlays = {
                kept: overlay for kept, overlay in self._overlays.items() if kept[0] != name[0]
            }
            self._overlays[name] = make()
        return self._overlays[name]

    def _add_noise(self, number: int) -> None:
        height, width = self._work.shape[:2]
        spot = np.random.default_rng((self.key.seed, number)).integers(0, _NOISE_MARGIN_PX, 2)
        area = np.s_[spot[0] : spot[0] + height, spot[1] : spot[1] + width]
        more, less = self._noise
        cv2.add(self._work, more[area], dst=self._work)
        cv2.subtract(self._work, less[area], dst=self._work)


def _within(most: float, value: float) -> float:
    return max(-most, min(most, value))


def _averaged(view: Image, dx: int, dy: int) -> Image:
    """Average a view with itself moved, and return the part in which both lie."""
    height, width = view.shape[0] - abs(dy), view.shape[1] - abs(dx)
    x, y = max(-dx, 0), max(-dy, 0)
    here = view[y : y + height, x : x + width]
    moved = view[y + dy : y + dy + height, x + dx : x + dx + width]
    return np.asarray(cv2.addWeighted(here, 0.5, moved, 0.5, 0), np.uint8)


def _noise_bank(key: SceneKey) -> tuple[Image, Image]:
    """Return sensor noise in two parts: what it adds and what it subtracts."""
    shape = (key.height + _NOISE_MARGIN_PX, key.width + _NOISE_MARGIN_PX, 3)
    rng = np.random.default_rng((key.seed, 5))
    noise = np.rint(rng.standard_normal(shape, np.float32) * NOISE_DN)
    return noise.clip(0, 255).astype(np.uint8), (-noise).clip(0, 255).astype(np.uint8)


def _blur_by_disk(image: Image, radius_px: float) -> Image:
    """Blur like a lens out of focus; large radii at half size, which looks the same."""
    if radius_px >= _HALF_SIZE_FROM_PX:
        small = cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        small = cv2.filter2D(small, -1, _disk_kernel(radius_px / 2), borderType=cv2.BORDER_REFLECT)
        whole = cv2.resize(small, image.shape[1::-1], interpolation=cv2.INTER_LINEAR)
        return np.asarray(whole, np.uint8)
    blurred = cv2.filter2D(image, -1, _disk_kernel(radius_px), borderType=cv2.BORDER_REFLECT)
    return np.asarray(blurred, np.uint8)


def _disk_kernel(radius_px: float) -> NDArray[np.float32]:
    """Return a disk of `radius_px` with a soft edge of one px and a sum of 1."""
    reach = math.ceil(radius_px + 0.5)
    ys, xs = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    disk = np.clip(radius_px + 0.5 - np.hypot(xs, ys), 0, 1)
    return np.asarray(disk / disk.sum(), np.float32)


def _exposure_table(stops: float) -> Image:
    """Return the table of values after `stops` EV: scaled in linear light, then clipped."""
    linear = (np.arange(256) / 255) ** _GAMMA * 2**stops
    return np.asarray(np.rint(np.clip(linear, 0, 1) ** (1 / _GAMMA) * 255), np.uint8)
