"""What can be seen of drawn pages: body maps with their shaded sides, and whether two agree."""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from dermstation.body_map import side_at, view_with
from dermstation.domain.sites import Side
from dermstation.handover.contents import PackageContents

Pixels = Any
_GAP_PX = 64  # between the two hands of a map, and less than between two maps
_LEAST_MAP_PX = 56
_SQUARE_PX = 12
_OTHERWISE = 40  # grey levels, of the mean of a square
_INK = 200
_BLUE = 60  # by which blue outweighs red in the shading, where its edge is smoothed too
_MIDDLE_PX = 1  # on each side of the middle, where a shape that ends there may reach over it


@dataclass(frozen=True)
class Map:
    """A body map on a page: how many pixels are shaded left and right of its middle."""

    left: int
    right: int


def maps_on(page: Pixels) -> list[Map]:
    """Return the body maps on a page, from the top."""
    blue, green, red = (page[..., one].astype(int) for one in range(3))
    skin = (red - blue > 14) & (red - blue < 42) & (red > 235) & (np.abs(green - 231) < 10)
    shaded = blue - red > _BLUE
    near = cv2.morphologyEx(
        skin.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((_GAP_PX // 2, _GAP_PX), np.uint8)
    )
    count, _, boxes, _ = cv2.connectedComponentsWithStats(near)
    found = []
    for one in range(1, count):
        x, y, width, height = (int(value) for value in boxes[one][:4])
        if min(width, height) < _LEAST_MAP_PX:
            continue
        inside = shaded[y : y + height, max(0, x - 2) : x + width + 2]
        middle = inside.shape[1] // 2
        left, right = inside[:, : middle - _MIDDLE_PX], inside[:, middle + _MIDDLE_PX :]
        found.append((y, Map(int(left.sum()), int(right.sum()))))
    return [one for _, one in sorted(found, key=lambda pair: pair[0])]


def wrong_sides(pages: list[Pixels], contents: PackageContents) -> list[str]:
    """Return the lesions whose map does not shade their own side alone."""
    seen = [one for page in pages for one in maps_on(page)]
    lesions = [one.lesion for one in contents.lesions if view_with(one.lesion.site_code)]
    if len(seen) != len(lesions):
        return [f"{len(seen)} body maps for {len(lesions)} lesions"]
    wrong = []
    for lesion, found in zip(lesions, seen, strict=True):
        view = view_with(lesion.site_code)
        is_left = view is not None and side_at(view, 0.0) is lesion.side
        named, other = (found.left, found.right) if is_left else (found.right, found.left)
        if lesion.side in (Side.LEFT, Side.RIGHT) and (other or not named):
            wrong.append(
                f"body map of {lesion.site_words}: {named} px shaded on this side, {other} on the"
                " other"
            )
    return wrong


def differences(pages: list[Pixels], others: list[Pixels], strays: int, most: float) -> list[str]:
    """Return where two drawings of one document do not look the same."""
    if len(pages) != len(others):
        return [f"{len(others)} pages, not {len(pages)}"]
    found = []
    for number, (page, other) in enumerate(zip(pages, others, strict=True), start=1):
        if np.abs(np.subtract(page.shape, other.shape)).max() > 1:
            found.append(f"page {number} is {other.shape[:2]}, not {page.shape[:2]}")
            continue
        height, width = (min(*one) for one in zip(page.shape[:2], other.shape[:2], strict=True))
        grey = [cv2.cvtColor(one[:height, :width], cv2.COLOR_BGR2GRAY) for one in (page, other)]
        size = (width // _SQUARE_PX, height // _SQUARE_PX)
        squares = [cv2.resize(one, size, interpolation=cv2.INTER_AREA).astype(int) for one in grey]
        share = float((np.abs(squares[0] - squares[1]) > _OTHERWISE).mean())
        if share > most:
            found.append(f"page {number}: {share:.1%} of it looks otherwise")
        apart = int(np.abs(np.subtract(*(_ink_box(one) for one in grey))).max())
        if apart > strays:
            found.append(f"page {number}: the ink ends {apart} px elsewhere")
    return found


def _ink_box(grey: Pixels) -> tuple[int, int, int, int]:
    """Return the edges of everything that is dark on a page."""
    rows, columns = (
        np.nonzero((grey < _INK).any(axis=1))[0],
        np.nonzero((grey < _INK).any(axis=0))[0],
    )
    if not rows.size:
        return 0, 0, 0, 0
    return int(rows[0]), int(rows[-1]), int(columns[0]), int(columns[-1])
