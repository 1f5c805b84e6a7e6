"""Building blocks of a rendered scene: noise, cells, blobs, hairs. Pure functions of a generator.

Arrays are float32 of shape (height, width) unless stated otherwise. Lengths are px of the picture
being rendered.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]
Shape = tuple[int, int]
_SUBPIXEL_BITS = 4


def cloud(rng: np.random.Generator, shape: Shape, coarse_px: float, octaves: int = 4) -> Plane:
    """Return smooth noise of mean 0 and standard deviation 1; coarsest detail `coarse_px`."""
    height, width = shape
    total = np.zeros(shape, np.float32)
    for octave in range(octaves):
        grain = max(1.0, coarse_px / 2**octave)
        rows, columns = int(height / grain) + 3, int(width / grain) + 3
        small = rng.standard_normal((rows, columns), np.float32)
        total += cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC) * 0.6**octave
    total -= total.mean()
    return np.asarray(total / max(float(total.std()), 1e-6), np.float32)


def grain(rng: np.random.Generator, shape: Shape, size_px: float) -> Plane:
    """Return fine noise of standard deviation 1 whose smallest detail is about `size_px`."""
    noise = rng.standard_normal(shape, np.float32)
    fine = cv2.GaussianBlur(noise, (0, 0), max(0.35, size_px / 2))
    band = fine - cv2.GaussianBlur(fine, (0, 0), max(0.8, size_px * 1.5))
    return np.asarray(band / max(float(band.std()), 1e-6), np.float32)


def cells(
    rng: np.random.Generator, shape: Shape, spacing_px: float, jitter: float = 0.45
) -> tuple[Plane, Plane]:
    """Return the px to the nearest border and the nearest centre in a jittered grid of cells."""
    height, width = shape
    spacing = max(3.0, spacing_px)
    ys, xs = np.mgrid[0 : height + spacing : spacing, 0 : width + spacing : spacing]
    xs = xs + (np.arange(ys.shape[0]) % 2)[:, None] * spacing / 2
    ys = ys + rng.uniform(-jitter, jitter, ys.shape) * spacing
    xs = xs + rng.uniform(-jitter, jitter, xs.shape) * spacing
    centres = np.full(shape, 255, np.uint8)
    rows = np.clip(ys.astype(int), 0, height - 1)
    centres[rows, np.clip(xs.astype(int), 0, width - 1)] = 0
    to_centre, labels = cv2.distanceTransformWithLabels(
        centres, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    borders = np.full(shape, 255, np.uint8)
    borders[:, 1:][labels[:, 1:] != labels[:, :-1]] = 0
    borders[1:][labels[1:] != labels[:-1]] = 0
    to_border = cv2.distanceTransform(borders, cv2.DIST_L2, 5)
    to_border = cv2.GaussianBlur(to_border, (0, 0), max(0.5, spacing / 22))
    return np.asarray(to_border, np.float32), np.asarray(to_centre, np.float32)


def blob(
    rng: np.random.Generator, shape: Shape, centre: tuple[float, float], radius_px: float
) -> Plane:
    """Return the signed px to the border of an irregular blob, positive inside.

    `centre` is (x, y) in px.
    """
    height, width = shape
    reach = radius_px * 2
    left, right = max(0, int(centre[0] - reach)), min(width, int(centre[0] + reach) + 1)
    top, bottom = max(0, int(centre[1] - reach)), min(height, int(centre[1] + reach) + 1)
    ys, xs = rows_and_columns(top, bottom, left, right)
    dx, dy = (xs - centre[0]) / radius_px, (ys - centre[1]) / (radius_px * 0.82)
    angle = np.arctan2(dy, dx)
    border = np.ones(angle.shape, np.float32)
    for order in range(2, 8):
        amount, phase = rng.normal(0, 0.16 / order), rng.uniform(0, 2 * np.pi)
        border += np.float32(amount) * np.cos(order * angle + np.float32(phase))
    ragged = cloud(rng, (bottom - top, right - left), radius_px * 0.35, 4) * 0.055
    depth = np.full(shape, -reach, np.float32)
    depth[top:bottom, left:right] = (border + ragged - np.hypot(dx, dy)) * radius_px
    return depth


def rows_and_columns(top: int, bottom: int, left: int, right: int) -> tuple[Plane, Plane]:
    """Return the numbers of the rows in one column, and those of the columns in one row."""
    return (
        np.arange(top, bottom, dtype=np.float32)[:, None],
        np.arange(left, right, dtype=np.float32)[None],
    )


def ramp(values: Plane, low: float, high: float) -> Plane:
    """Map values smoothly from 0 at `low` to 1 at `high`."""
    part = np.clip((values - low) / (high - low), 0, 1)
    return np.asarray(part * part * (3 - 2 * part), np.float32)


def hairs(
    rng: np.random.Generator,
    shape: Shape,
    count: int,
    *,
    length_px: float,
    thickness_px: float,
    bend: float = 0.5,
) -> Plane:
    """Draw curved, tapering hairs in roughly one direction: 0 is none, 1 is hair."""
    height, width = shape
    mask = np.zeros(shape, np.uint8)
    lie = rng.uniform(0, np.pi)
    for _ in range(count):
        angle = lie + rng.normal(0, 0.45)
        turn = rng.normal(0, bend) + rng.normal(0, 0.15) * np.linspace(-1, 1, 24)
        steps = angle + np.cumsum(np.full(24, 1 / 24)) * turn
        stride = length_px * rng.uniform(0.5, 1.3) / 24
        x = rng.uniform(-0.1, 1.05) * width + np.cumsum(np.cos(steps)) * stride
        y = rng.uniform(-0.1, 1.05) * height + np.cumsum(np.sin(steps)) * stride
        points = np.stack((x, y), 1)
        thick = max(1.0, thickness_px * rng.uniform(0.6, 1.3))
        shade = int(rng.uniform(140, 255))
        fixed = np.rint(points * 2**_SUBPIXEL_BITS).astype(np.int32)
        for weight in range(1, round(thick) + 1):
            # a hair tapers towards both ends, so a thicker line covers a shorter stretch
            last = round(24 - 13 * (weight - 1) / thick)
            first = 2 * (weight - 1)
            part = [fixed[first:last]]
            cv2.polylines(mask, part, False, shade, weight, cv2.LINE_AA, _SUBPIXEL_BITS)
    soft = cv2.GaussianBlur(mask, (0, 0), 0.55)
    return np.asarray(soft.astype(np.float32) / 255)
