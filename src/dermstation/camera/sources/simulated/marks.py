"""Objects on or in front of the skin: ruler, gel bubbles, ring of the scope, glare.

The ruler and the bubbles lie on the skin and are part of the scene. Ring and glare move with the
scope: they are uint8 BGR overlays of the picture's size, applied as a maximum (ring) and a minimum
(glare) of each value, which takes a fraction of a millisecond a frame.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from dermstation.camera.sources.simulated.skin import Colour, colour
from dermstation.camera.sources.simulated.textures import cloud, grain, ramp

CLOSEUP_PX_PER_MM = 37.0
_INK = (38.0, 34.0, 32.0)


def with_ruler(image: Colour, rng: np.random.Generator, unit: float, amount: float) -> Colour:
    """Return the image with a paper millimetre ruler below the lesion, faded in by `amount`."""
    if amount <= 0:
        return image
    height, width = image.shape[1:]
    top, bottom = round(height * 0.735), round(height * 0.905)
    weave = 1 + 0.008 * grain(rng, (height, width), 2.4 * unit)
    paper = np.asarray(cv2.merge([*(colour(226, 231, 233) * weave)]), np.float32)
    step = CLOSEUP_PX_PER_MM * unit
    for millimetre in range(int(width / step) + 1):
        x = round((millimetre + 0.4) * step * 16)
        reach = {0: 78, 5: 58}.get(millimetre % 10, 40) * unit
        ends = (x, top * 16), (x, round((top + reach) * 16))
        weight = max(1, round(3.2 * unit))
        cv2.line(paper, *ends, _INK, weight, cv2.LINE_AA, 4)
        if millimetre % 10 == 0:
            _number(paper, str(millimetre), x / 16, top + 128 * unit, 1.35 * unit)
    _number(paper, "mm", width * 0.93, top + 178 * unit, 1.2 * unit)
    cover = np.zeros((height, width), np.float32)
    cover[top:bottom] = 1
    turn = cv2.getRotationMatrix2D((width / 2, height * 0.8), float(rng.uniform(-2.5, 2.5)), 1)
    sheet = cv2.warpAffine(paper, turn, (width, height), borderMode=cv2.BORDER_REPLICATE)
    laid = cv2.warpAffine(cover, turn, (width, height), borderMode=cv2.BORDER_REPLICATE)
    shadow = cv2.GaussianBlur(laid, (0, 0), 9 * unit)
    image = image * (1 - 0.35 * amount * shadow)
    part = laid * amount
    return np.asarray(image * (1 - part) + np.array(cv2.split(sheet)) * part, np.float32)


def with_bubbles(image: Colour, rng: np.random.Generator, unit: float, amount: float) -> Colour:
    """Return the image with air bubbles in the gel near the rim.

    A bubble has a dark outline and a bright crescent inside.
    """
    height, width = image.shape[1:]
    light = np.zeros((height, width), np.float32)
    count = round(34 * amount)
    for _ in range(count):
        angle, reach = rng.uniform(0, 2 * np.pi), rng.uniform(0.38, 0.50)
        x = width * 0.5 + np.cos(angle) * reach * height
        y = height * 0.5 + np.sin(angle) * reach * height
        radius = (4 + rng.gamma(1.5, 4.5)) * unit
        centre = (round(x * 16), round(y * 16))
        weight = max(1, round(radius / 5))
        cv2.circle(light, centre, round(radius * 16), -0.30, weight, cv2.LINE_AA, 4)
        axes = (round(radius * 0.62), round(radius * 0.62))
        if axes[0] > 1:
            cv2.ellipse(light, (round(x), round(y)), axes, 0, 195, 285, 0.42, weight, cv2.LINE_AA)
    soft = cv2.GaussianBlur(light, (0, 0), max(0.4, 0.8 * unit))
    return np.asarray(image * (1 + np.minimum(soft, 0)) + np.maximum(soft, 0) * 150, np.float32)


def ring_overlay(width: int, height: int, amount: float, ruler: float) -> NDArray[np.uint8]:
    """Return the maximum of each value: dark outside the scope's plate, with its scale."""
    unit = height / 1200
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    distance = np.hypot(xs - width / 2, ys - height / 2) / unit
    inside = 1 - ramp(np.asarray(distance, np.float32), 622, 648)
    grey = 255 * (1 - amount * (1 - inside)) + 9 * amount * (1 - inside)
    overlay = np.repeat(np.asarray(grey, np.uint8)[..., None], 3, axis=2)
    if ruler > 0 and amount > 0:
        shade = (round(255 - 225 * ruler),) * 3
        for tick in range(-5, 6):
            x = round((width / 2 + tick * 62 * unit) * 16)
            reach = (40 if tick % 5 == 0 else 24) * unit
            foot = height / 2 + 545 * unit
            ends = (x, round((foot - reach) * 16)), (x, round(foot * 16))
            cv2.line(overlay, *ends, shade, max(1, round(3 * unit)), cv2.LINE_AA, 4)
    return overlay


def glare_overlay(width: int, height: int, amount: float, seed: int) -> NDArray[np.uint8]:
    """Return the minimum of each value: blown-out patches with sharp edges."""
    unit = height / 1200
    rng = np.random.default_rng((seed, 77))
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    veil = np.zeros((height, width), np.float32)
    for _ in range(round(2 + 7 * amount)):
        x, y = rng.uniform(0.30, 0.70) * width, rng.uniform(0.25, 0.75) * height
        size = rng.uniform(24, 75) * unit * (0.5 + amount)
        distance = np.hypot(xs - x, (ys - y) * rng.uniform(1.2, 2.0)) / size
        veil = np.maximum(veil, 1.35 - distance)
    veil += 0.10 * cloud(rng, (height, width), 30 * unit, 4) * (veil > 0)
    bright = np.asarray(ramp(np.asarray(veil, np.float32), 0.30, 0.44) * 255, np.uint8)
    return np.repeat(bright[..., None], 3, axis=2)


def _number(image: NDArray[np.float32], text: str, x: float, y: float, scale: float) -> None:
    font, weight = cv2.FONT_HERSHEY_SIMPLEX, max(1, round(3.2 * scale))
    (wide, _), _ = cv2.getTextSize(text, font, scale, weight)
    place = (round(x - wide / 2), round(y))
    cv2.putText(image, text, place, font, scale, _INK, weight, cv2.LINE_AA)
