"""Draw an arrow or a ring on a copy of a picture, to show which lesion is meant.

The screen uses the same geometry while the mark is being placed. Pure functions; any thread.
"""

import math

import cv2
import numpy as np

from dermstation.domain.copies import Shape, ShapeKind
from dermstation.imaging.codec import Bgr

Point = tuple[float, float]

MARK_BGR = (61, 194, 255)  # stands out on any skin, with its dark edge even on the palest
EDGE_BGR = (15, 15, 15)
_STROKE_SHARE = 1 / 130  # of the shorter side
_LEAST_STROKE_PX = 2.0
_EDGE_SHARE = 0.5  # of the stroke, on each side
_HEAD_STROKES = 7.0
_SUBPIXEL_BITS = 4


def stroke_px(width: float, height: float) -> float:
    """Return the width of a mark's stroke on a picture of this size."""
    return max(_LEAST_STROKE_PX, min(width, height) * _STROKE_SHARE)


def edge_px(stroke: float) -> float:
    """Return how far the dark edge extends beyond a stroke."""
    return max(1.0, stroke * _EDGE_SHARE)


def arrow_head(tail: Point, tip: Point, stroke: float) -> tuple[Point, Point, Point]:
    """Return the tip of an arrow and the two corners behind it, in the unit of the points."""
    length = math.hypot(tip[0] - tail[0], tip[1] - tail[1]) or 1.0
    along = ((tip[0] - tail[0]) / length, (tip[1] - tail[1]) / length)
    reach = min(_HEAD_STROKES * stroke, length)
    back = (tip[0] - along[0] * reach, tip[1] - along[1] * reach)
    half = reach * 0.55
    return (
        tip,
        (back[0] - along[1] * half, back[1] + along[0] * half),
        (back[0] + along[1] * half, back[1] - along[0] * half),
    )


def marked(bgr: Bgr, shapes: tuple[Shape, ...]) -> Bgr:
    """Return a copy of upright (height, width, 3) pixels with the shapes drawn on it."""
    copy = bgr.copy()
    height, width = copy.shape[:2]
    stroke = stroke_px(width, height)
    for shape in shapes:
        for colour, wide in ((EDGE_BGR, stroke + 2 * edge_px(stroke)), (MARK_BGR, stroke)):
            if shape.kind is ShapeKind.ARROW:
                _draw_arrow(copy, shape, stroke, wide, colour)
            else:
                _draw_ring(copy, shape, wide, colour)
    return copy


def _draw_ring(bgr: Bgr, shape: Shape, wide: float, colour: tuple[int, int, int]) -> None:
    height, width = bgr.shape[:2]
    left, upper, right, lower = shape.box
    centre = _fixed((left + right) / 2 * width, (upper + lower) / 2 * height)
    axes = _fixed(max(1.0, (right - left) / 2 * width), max(1.0, (lower - upper) / 2 * height))
    cv2.ellipse(
        bgr, centre, axes, 0, 0, 360, colour, round(wide), cv2.LINE_AA, shift=_SUBPIXEL_BITS
    )


def _draw_arrow(
    bgr: Bgr, shape: Shape, stroke: float, wide: float, colour: tuple[int, int, int]
) -> None:
    height, width = bgr.shape[:2]
    tail, tip = (shape.x0 * width, shape.y0 * height), (shape.x1 * width, shape.y1 * height)
    corners = arrow_head(tail, tip, stroke)
    base = ((corners[1][0] + corners[2][0]) / 2, (corners[1][1] + corners[2][1]) / 2)
    fixed = np.array([_fixed(*one) for one in corners], np.int32)
    cv2.line(
        bgr, _fixed(*tail), _fixed(*base), colour, round(wide), cv2.LINE_AA, shift=_SUBPIXEL_BITS
    )
    cv2.fillPoly(bgr, [fixed], colour, cv2.LINE_AA, shift=_SUBPIXEL_BITS)
    edge = round(wide - stroke)
    if edge > 0:  # the dark edge around the head
        cv2.polylines(bgr, [fixed], True, colour, edge, cv2.LINE_AA, shift=_SUBPIXEL_BITS)


def _fixed(x: float, y: float) -> tuple[int, int]:
    return round(x * (1 << _SUBPIXEL_BITS)), round(y * (1 << _SUBPIXEL_BITS))
