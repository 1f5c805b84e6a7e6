"""Pictures of the colour chart as a camera with known errors would take them."""

import cv2
import numpy as np

from dermstation.imaging import chart_layout as layout
from dermstation.imaging.chart import MARKERS
from dermstation.imaging.colour_difference import to_linear

_PX_PER_MM = 8


def drawn_chart(markers: tuple[int, ...] = layout.LARGE_MARKERS) -> np.ndarray:
    """Return the chart as it is printed, BGR uint8, 8 px for each millimetre."""
    scale = _PX_PER_MM
    sheet = np.full((int(layout.HEIGHT_MM * scale), int(layout.WIDTH_MM * scale), 3), 255, np.uint8)
    family = cv2.aruco.getPredefinedDictionary(MARKERS)
    side = int(layout.MARKER_MM * scale)
    for number, (x, y) in zip(markers, layout.MARKER_CORNERS, strict=True):
        bits = cv2.aruco.generateImageMarker(family, number, side)
        left, top = int(x * scale), int(y * scale)
        inked = np.where(bits[..., None] > 0, layout.PAPER, layout.INK)
        sheet[top : top + side, left : left + side] = inked
    half = layout.PATCH_MM / 2
    for (x, y), colour in zip(layout.patch_centres(), layout.PATCHES, strict=True):
        (left, top), (right, bottom) = ((np.array([x, y]) + off) * scale for off in (-half, half))
        sheet[round(top) : round(bottom), round(left) : round(right)] = colour[::-1]
    for centre in layout.EDGE_CENTRES:
        corners = np.rint(layout.edge_corners(centre) * scale * 16).astype(np.int32)
        cv2.fillPoly(sheet, [corners], layout.INK, lineType=cv2.LINE_AA, shift=4)
    return sheet


def photographed(
    *,
    size: tuple[int, int] = (1280, 720),
    tilt: float = 0.06,
    matrix: np.ndarray | None = None,
    exposure: float = 0.8,
    shade_stops: float = 0.0,
    blur_px: float = 0.7,
    noise: float = 0.004,
    seed: int = 1,
    markers: tuple[int, ...] = layout.LARGE_MARKERS,
) -> np.ndarray:
    """Return a picture of the chart: seen at an angle, with the camera's errors in linear light."""
    width, height = size
    sheet = to_linear(drawn_chart(markers)[..., ::-1] / 255).astype(np.float32)
    tall, wide = sheet.shape[:2]
    left, right = width * 0.12, width * 0.86
    top, bottom = height * 0.06, height * 0.06 + (right - left) * tall / wide
    off = width * tilt
    here = np.float32([(0, 0), (wide, 0), (wide, tall), (0, tall)])
    there = np.float32(
        [(left + off, top), (right - off / 2, top + off / 2), (right, bottom), (left, bottom)]
    )
    there[:, 1] *= min(1.0, (height * 0.97) / there[:, 1].max())
    plane = cv2.getPerspectiveTransform(here, there)
    # twice as many pixels, so that a pixel's area is seen
    many = np.diag([2.0, 2.0, 1.0]) @ plane
    seen = cv2.warpPerspective(
        sheet,
        many,
        (width * 2, height * 2),
        borderValue=(0.18, 0.18, 0.18),
    )
    seen = cv2.GaussianBlur(seen, (0, 0), max(blur_px * 2, 0.1))
    seen = cv2.resize(seen, size, interpolation=cv2.INTER_AREA)
    if matrix is not None:
        seen = seen @ np.asarray(matrix).T
    ramp = np.linspace(0, shade_stops, width)
    seen = seen * exposure * 2.0 ** -ramp[None, :, None]
    seen += np.random.default_rng(seed).normal(0, noise, seen.shape) * np.sqrt(seen.clip(0.05))
    seen = seen.clip(0, 1)
    coded = np.where(seen <= 0.0031308, seen * 12.92, 1.055 * seen ** (1 / 2.4) - 0.055)
    return np.rint(coded * 255).astype(np.uint8)[..., ::-1].copy()
