"""Compose pictures of parts with different focus: a scale that stays sharp, a room behind.

Works on linear light. Pictures are (height, width) or (height, width, 3) BGR. Pure functions of a
generator.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from calibration.degrade import Linear

_FINE_BITS = 4  # lines are drawn with this many fractional bits
_LONG_SIDE_PX = 1600.0  # the long side to which lengths below refer
_BACKGROUND_SHARES = (0.3, 0.55)
_LEAST_OUTLINE_PX = 0.8

_Line = tuple[float, float, float, float]


def with_scale(linear: Linear, rng: np.random.Generator) -> Linear:
    """Draw a dermatoscope's own scale over the skin; it is sharp whatever was done to the skin.

    The scale has one to three parts, each a ring, a row or a cross of ticks. It is dark or bright
    and may have base lines and numbers. At a long side of 1600 px, pitches are 15 to 70 px and
    ticks 1.2 to 4 px wide.
    """
    unit = max(linear.shape[:2]) / _LONG_SIDE_PX
    height, width = linear.shape[:2]
    cover = np.zeros((height, width), np.uint8)
    for _ in range(int(rng.integers(1, 4))):
        pitch, weight = float(rng.uniform(15, 70)) * unit, float(rng.uniform(1.2, 4)) * unit
        draw = (_ring, _row, _cross)[int(rng.integers(3))]
        for number, line in enumerate(draw(height, width, pitch, rng)):
            _stroke(cover, line, max(1, round(weight)), long=number % 5 == 0)
    if rng.random() < 0.4:  # noqa: PLR2004 - a share
        size = max(0.3, float(rng.uniform(0.3, 1.1)) * unit)
        for number in range(3):
            place = (int(width * rng.uniform(0.1, 0.9)), int(height * rng.uniform(0.1, 0.9)))
            text = str(5 * number)
            cv2.putText(cover, text, place, cv2.FONT_HERSHEY_SIMPLEX, size, 255, 1, cv2.LINE_AA)
    alpha = cv2.GaussianBlur(cover, (0, 0), 0.5).astype(np.float32) * (rng.uniform(0.6, 1) / 255)
    ink = np.float32(rng.uniform(0.01, 0.06) if rng.random() < 0.7 else rng.uniform(0.6, 0.9))  # noqa: PLR2004 - a share
    alpha = alpha[..., None] if linear.ndim > 2 else alpha  # noqa: PLR2004 - colour
    return np.asarray(linear * (1 - alpha) + ink * alpha, np.float32)


def before_background(
    skin: Linear, background: Linear, blur_px: float, rng: np.random.Generator
) -> Linear:
    """Place skin in front of a background that fills 30 to 55 % of the picture from one side.

    The skin is already blurred by `blur_px`, and its outline is made equally soft.
    """
    height, width = skin.shape[:2]
    angle = float(rng.uniform(0, 2 * np.pi))
    y, x = np.mgrid[:height, :width].astype(np.float32)
    along = x / width * np.float32(np.cos(angle)) + y / height * np.float32(np.sin(angle))
    edge = np.quantile(along[::8, ::8], rng.uniform(*_BACKGROUND_SHARES))
    cover = (along > edge).astype(np.float32)
    cover = cv2.GaussianBlur(cover, (0, 0), max(_LEAST_OUTLINE_PX, 0.6 * blur_px))
    cover = cover[..., None] if skin.ndim > 2 else cover  # noqa: PLR2004 - colour
    behind = cv2.resize(background, (width, height), interpolation=cv2.INTER_AREA)
    return np.asarray(skin * cover + behind * (1 - cover), np.float32)


def _ring(height: int, width: int, pitch: float, rng: np.random.Generator) -> list[_Line]:
    radius = height * float(rng.uniform(0.3, 0.48))
    tick = pitch * float(rng.uniform(0.3, 0.9))
    first, last = sorted(rng.uniform(0, 2 * np.pi, 2).tolist())
    last = max(last, first + np.pi / 2)
    angles = np.arange(first, last, pitch / radius)
    across, down = np.cos(angles), np.sin(angles)
    x, y = width / 2 + radius * across, height / 2 + radius * down
    return list(zip(x, y, x + tick * across, y + tick * down, strict=True))


def _row(height: int, width: int, pitch: float, rng: np.random.Generator) -> list[_Line]:
    middle = (width * float(rng.uniform(0.2, 0.8)), height * float(rng.uniform(0.15, 0.85)))
    return _ticks(middle, float(rng.uniform(0, np.pi)), width, pitch, rng)


def _cross(height: int, width: int, pitch: float, rng: np.random.Generator) -> list[_Line]:
    middle = (width * float(rng.uniform(0.4, 0.6)), height * float(rng.uniform(0.4, 0.6)))
    angle = float(rng.uniform(-0.2, 0.2))
    ticks = [_ticks(middle, angle + turn, height * 0.8, pitch, rng) for turn in (0.0, np.pi / 2)]
    return [line for row in ticks for line in row]


def _ticks(
    middle: tuple[float, float], angle: float, length: float, pitch: float, rng: np.random.Generator
) -> list[_Line]:
    """Return ticks along a line, with the line itself in half of the cases."""
    tick = pitch * float(rng.uniform(0.3, 0.9))
    places = np.arange(-length / 2, length / 2, pitch)
    across, down = float(np.cos(angle)), float(np.sin(angle))
    x, y = middle[0] + places * across, middle[1] + places * down
    lines = list(zip(x, y, x - tick * down, y + tick * across, strict=True))
    if rng.random() < 0.5:  # noqa: PLR2004 - a share
        lines.append((float(x[0]), float(y[0]), float(x[-1]), float(y[-1])))
    return lines


def _stroke(cover: NDArray[np.uint8], line: _Line, weight: int, *, long: bool) -> None:
    """Draw one tick; every fifth is longer."""
    x, y, end_x, end_y = line
    reach = 1.6 if long else 1.0
    end = (x + reach * (end_x - x), y + reach * (end_y - y))
    first, last = (tuple(round(v * (1 << _FINE_BITS)) for v in point) for point in ((x, y), end))
    cv2.line(cover, first, last, 255, weight, cv2.LINE_AA, _FINE_BITS)
