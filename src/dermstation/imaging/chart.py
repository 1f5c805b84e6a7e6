"""Find the station's colour chart in a picture, and measure colour, sharpness and evenness by it.

Four markers (ArUco, OpenCV) give the plane of the chart. Colours are compared at the paper's own
brightness, so that exposure and shading are no error of colour; a tint is. Pure functions.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from dermstation.imaging import chart_layout as layout
from dermstation.imaging.codec import Bgr
from dermstation.imaging.colour_difference import (
    Colours,
    delta_e,
    luminance,
    to_lab,
    to_linear,
)
from dermstation.imaging.slanted_edge import mtf50

MARKERS = cv2.aruco.DICT_4X4_50
_LONG_SIDES_PX = (1600, 900, 500)  # soft markers are found in a smaller picture
_LEAST_PX_PER_MM = 1.5  # of the large chart's millimetres: a patch is then 24 px wide
_PATCH_SHARE = 0.5  # of a patch's side that is measured
_PAPER_MM = 1.6
_THRESHOLD_MOST_PX, _THRESHOLD_STEP_PX = 83, 20
_CELL_PX, _CELL_MARGIN = 8, 0.33  # blur mixes the cells of a marker at their borders
_CLIPPED = 252
_DARKEST = 1e-4
_HALF_OF_IT = 0.5
_CLIPPED_MOST = 0.2  # of the places of bare paper


@dataclass(frozen=True, slots=True)
class ChartPlace:
    """The chart in a picture: its plane, its four outer corners in px, and its real size."""

    to_picture: NDArray[np.float64]  # from the large chart's millimetres to px
    corners: tuple[tuple[float, float], ...]
    is_small: bool
    px_per_mm: float  # real millimetres


@dataclass(frozen=True, slots=True)
class ChartMeasures:
    """What was measured: CIEDE2000 of all patches, MTF50, and the change of light in stops.

    MTF50 is in cycles for each pixel and in line pairs for each millimetre; None: no edge could be
    measured.
    """

    differences: tuple[float, ...]
    mtf50_cy_px: float | None
    mtf50_lp_mm: float | None
    unevenness_stops: float
    is_too_bright: bool

    @property
    def median(self) -> float:
        """Return the median difference."""
        return float(np.median(self.differences))

    @property
    def worst(self) -> float:
        """Return the largest difference."""
        return max(self.differences)


def find_chart(bgr: Bgr) -> ChartPlace | None:
    """Return where the chart is in a picture, or None: not all four markers, or too small."""
    grey = np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY), np.uint8)
    for long_side_px in _LONG_SIDES_PX:
        found = _markers(grey, min(1.0, long_side_px / max(grey.shape)))
        for markers in (layout.LARGE_MARKERS, layout.SMALL_MARKERS):
            if all(number in found for number in markers):
                return _placed(np.concatenate([found[number] for number in markers]), markers)
    return None


def measure_chart(bgr: Bgr, place: ChartPlace) -> ChartMeasures:
    """Measure a chart that was found."""
    known = to_lab(to_linear(np.array(layout.PATCHES) / 255))
    papers = _boxes(bgr, place, layout.paper_centres(), _PAPER_MM)
    patches = _boxes(bgr, place, layout.patch_centres(), layout.PATCH_MM * _PATCH_SHARE)
    white = np.array([_light(one) for one in papers])
    clipped = np.mean([float((one >= _CLIPPED).mean()) > _HALF_OF_IT for one in papers])
    at = layout.paper_centres()
    shade = _shading(at, luminance(white))
    light = np.array([_light(one) for one in patches]) / shade(layout.patch_centres())[:, None]
    cycles = _sharpness(bgr, place)
    there = shade(at)
    return ChartMeasures(
        differences=tuple(delta_e(to_lab(light), known).tolist()),
        mtf50_cy_px=cycles,
        mtf50_lp_mm=None if cycles is None else cycles * place.px_per_mm,
        unevenness_stops=float(np.log2(there.max() / there.min())),
        is_too_bright=bool(clipped > _CLIPPED_MOST),
    )


@cache
def _detector() -> cv2.aruco.ArucoDetector:
    wanted = cv2.aruco.DetectorParameters()
    wanted.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_SUBPIX
    wanted.perspectiveRemovePixelPerCell = _CELL_PX
    wanted.perspectiveRemoveIgnoredMarginPerCell = _CELL_MARGIN
    wanted.adaptiveThreshWinSizeMax = _THRESHOLD_MOST_PX  # a soft marker has wide edges
    wanted.adaptiveThreshWinSizeStep = _THRESHOLD_STEP_PX
    return cv2.aruco.ArucoDetector(cv2.aruco.getPredefinedDictionary(MARKERS), wanted)


def _markers(grey: NDArray[np.uint8], share: float) -> dict[int, NDArray[np.float64]]:
    """Return the corners of the markers seen at a share of the picture's size, by number."""
    size = (round(grey.shape[1] * share), round(grey.shape[0] * share))
    small = np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA))
    corners, ids, _ = _detector().detectMarkers(small)
    if not corners:
        return {}
    return {
        int(number): np.asarray(four, np.float64).reshape(4, 2) / share
        for number, four in zip(np.asarray(ids).ravel(), corners, strict=True)
    }


def _placed(points: NDArray[np.float64], markers: Sequence[int]) -> ChartPlace | None:
    plane = np.asarray(cv2.findHomography(layout.marker_points(), points)[0], np.float64)
    if plane.shape != (3, 3):  # no plane fits
        return None
    outer = np.array(
        [(0, 0), (layout.WIDTH_MM, 0), (layout.WIDTH_MM, layout.HEIGHT_MM), (0, layout.HEIGHT_MM)],
        np.float64,
    )
    corners = _moved(plane, outer)
    area = float(cv2.contourArea(corners.astype(np.float32)))
    px_per_mm = float(np.sqrt(area / (layout.WIDTH_MM * layout.HEIGHT_MM)))
    if px_per_mm < _LEAST_PX_PER_MM:
        return None
    is_small = tuple(markers) == layout.SMALL_MARKERS
    real = px_per_mm / layout.SMALL_SHARE if is_small else px_per_mm
    listed = tuple((float(x), float(y)) for x, y in corners)
    return ChartPlace(plane, listed, is_small, real)


def _moved(plane: NDArray[np.float64], points: NDArray[np.float64]) -> NDArray[np.float64]:
    moved = cv2.perspectiveTransform(points.reshape(-1, 1, 2).astype(np.float64), plane)
    return np.asarray(moved, np.float64).reshape(-1, 2)


def _boxes(
    bgr: Bgr, place: ChartPlace, centres: NDArray[np.float64], side_mm: float
) -> list[NDArray[np.uint8]]:
    """Return the pixels in a square around each centre, (n, 3); at least the one in its middle."""
    half = side_mm / 2
    square = np.array([(-half, -half), (half, -half), (half, half), (-half, half)])
    found = []
    for centre in centres:
        outline = _moved(place.to_picture, centre + square)
        middle = _moved(place.to_picture, centre[None])[0]
        # upright and inside the outline: the patches are larger than what is measured
        reach = max(0.0, float(np.abs(outline - middle).min(axis=1).max()) - 0.5)
        left, top = np.rint(middle - reach).astype(int)
        right, bottom = np.rint(middle + reach).astype(int)
        box = bgr[max(0, top) : max(0, bottom) + 1, max(0, left) : max(0, right) + 1]
        found.append(box.reshape(-1, 3) if box.size else np.zeros((1, 3), np.uint8))
    return found


def _light(box: NDArray[np.uint8]) -> Colours:
    """Return the mean linear light of some pixels as R, G, B."""
    return np.asarray(_LINEAR[box].mean(axis=0)[::-1])


_LINEAR = to_linear(np.arange(256) / 255)


def _shading(at: NDArray[np.float64], seen: Colours) -> Callable[[NDArray[np.float64]], Colours]:
    """Return the paper's luminance at any place, from a smooth surface through some."""
    terms, *_ = np.linalg.lstsq(_powers(at), seen, rcond=None)
    return lambda where: np.maximum(_powers(where) @ terms, _DARKEST)


def _powers(at: NDArray[np.float64]) -> NDArray[np.float64]:
    x, y = at[:, 0] / layout.WIDTH_MM - 0.5, at[:, 1] / layout.HEIGHT_MM - 0.5
    return np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=1)


def _sharpness(bgr: Bgr, place: ChartPlace) -> float | None:
    """Return the median MTF50 of all slanted edges."""
    light = _LINEAR.astype(np.float32)[bgr[..., 1]]
    found = []
    for centre in layout.EDGE_CENTRES:
        corners = _moved(place.to_picture, layout.edge_corners(centre))
        for number in range(4):
            one = mtf50(light, corners[number], corners[(number + 1) % 4])
            found += [one] if one is not None else []
    return float(np.median(found)) if found else None
