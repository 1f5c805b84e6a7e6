"""Skin and pigment: the colours of a scene before anything is placed on it.

Colour images are float32 BGR from 0 to 255, shape (3, height, width): whole planes are worked on
faster than pixels. Pigment absorbs light, blue most, by the Beer-Lambert law applied to display
values: it looks right but is not exact physics.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from dermstation.camera.sources.simulated.textures import Plane, Shape, cells, cloud, grain

Colour = NDArray[np.float32]


def colour(blue: float, green: float, red: float) -> Colour:
    """Return a colour that planes can be multiplied by."""
    return np.array((blue, green, red), np.float32)[:, None, None]


_PALE = colour(186.0, 205.0, 238.0)
_SKIN_MELANIN = colour(1.28, 1.10, 0.86)
_PIGMENT = colour(1.50, 1.02, 0.56)
_BLOOD = colour(0.20, 0.27, 0.04)


def skin(
    rng: np.random.Generator, shape: Shape, unit: float, tone: float, *, relief: float
) -> Colour:
    """Render bare skin with mottling, blood, furrows and grain.

    `relief` runs from 0 (under gel) to 1 (dry).
    """
    melanin = tone + 0.022 * cloud(rng, shape, 420 * unit, 5) + 0.014 * grain(rng, shape, 5 * unit)
    blood = 0.11 * cloud(rng, shape, 240 * unit, 5) + 0.11 * cloud(rng, shape, 20 * unit, 3)
    blood += 0.10 * grain(rng, shape, 4 * unit)
    light = 1 + 0.022 * grain(rng, shape, 1.8 * unit) + 0.020 * grain(rng, shape, 3.6 * unit)
    light += relief * _furrows(rng, shape, unit)
    image = _PALE * np.exp(-melanin * _SKIN_MELANIN - (blood + 0.40) * _BLOOD)
    return np.asarray(image * light, np.float32)


def pigmented(image: Colour, density: Plane) -> Colour:
    """Return the skin with pigment of optical `density` added."""
    return np.asarray(image * np.exp(-density * _PIGMENT), np.float32)


def vessels(rng: np.random.Generator, shape: Shape, unit: float, count: int) -> Plane:
    """Draw fine, winding vessels: 0 is none, 1 is blood."""
    mask = np.zeros(shape, np.uint8)
    height, width = shape
    for _ in range(count):
        point = np.array((rng.uniform(0, width), rng.uniform(0, height)))
        angle = rng.uniform(0, 2 * np.pi)
        line = [point.copy()]
        for _ in range(int(rng.uniform(8, 26))):
            angle += rng.normal(0, 0.5)
            point += np.array((np.cos(angle), np.sin(angle))) * 7 * unit
            line.append(point.copy())
        fixed = np.rint(np.array(line) * 16).astype(np.int32)
        weight = max(1, round(1.6 * unit))
        cv2.polylines(mask, [fixed], False, int(rng.uniform(60, 170)), weight, cv2.LINE_AA, 4)
    return np.asarray(cv2.GaussianBlur(mask, (0, 0), max(0.4, 0.9 * unit)) / 255, np.float32)


def reddened(image: Colour, blood: Plane) -> Colour:
    """Return the skin with blood added."""
    return np.asarray(image * np.exp(-blood * _BLOOD * 2.2), np.float32)


def laid_on(image: Colour, cover: Plane, above: Colour) -> Colour:
    """Return the skin covered with a colour; `cover` runs from 0 (none) to 1 (all)."""
    return np.asarray(image * (1 - cover) + above * cover, np.float32)


def _furrows(rng: np.random.Generator, shape: Shape, unit: float) -> Plane:
    """Return the crossing lines of the skin: fine cells within coarse ones, dark in the furrows."""
    to_coarse, _ = cells(rng, shape, 34 * unit, 0.5)
    to_fine, _ = cells(rng, shape, 13 * unit, 0.5)
    coarse = np.exp(-((to_coarse / (2.4 * unit)) ** 2))
    fine = np.exp(-((to_fine / (1.5 * unit)) ** 2))
    strength = 0.75 + 0.25 * cloud(rng, shape, 120 * unit, 2)
    slope = cv2.Sobel(cv2.GaussianBlur(to_coarse, (0, 0), 1.2 * unit), cv2.CV_32F, 1, 1, ksize=3)
    shade = np.clip(slope / 8, -1, 1)
    return np.asarray(-(0.085 * coarse + 0.04 * fine) * strength + 0.03 * shade, np.float32)
