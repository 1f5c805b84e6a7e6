"""The station's colour chart: where its parts lie, in millimetres, and the colours of its patches.

The colours are our own choice: skin of several tones, what melanin and blood do to it, colours
around them, and greys. No maker's chart is copied. The sheet has the chart twice: large for a
camera at 20 to 30 cm, small for a dermatoscope; only the numbers of the markers differ. Pure.
"""

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]

WIDTH_MM, HEIGHT_MM = 160.0, 120.0  # the large one
SMALL_SHARE = 0.15  # the small one: 24 mm x 18 mm
MARKER_MM = 14.0
MARKER_CORNERS: tuple[tuple[float, float], ...] = ((4, 4), (142, 4), (142, 102), (4, 102))
LARGE_MARKERS, SMALL_MARKERS = (0, 1, 2, 3), (4, 5, 6, 7)  # clockwise from the upper left
PATCH_MM, PITCH_X_MM, PITCH_Y_MM = 16.0, 19.2, 19.6
PATCHES_X_MM, PATCHES_Y_MM = 24.0, 4.0
ROWS, COLUMNS = 4, 6
EDGE_SQUARE_MM = 22.0
EDGE_TURN_DEG = 5.0  # ISO 12233: a slanted edge
EDGE_CENTRES: tuple[tuple[float, float], ...] = ((50.0, 100.0), (110.0, 100.0))
INK = (26, 26, 26)  # of markers and edges: black ink is no black hole
PAPER = (255, 255, 255)

# sRGB, row by row from the upper left
PATCHES: tuple[tuple[int, int, int], ...] = (
    *(
        (245, 220, 200),
        (230, 190, 165),
        (205, 155, 125),
        (170, 118, 88),
        (120, 80, 58),
        (78, 52, 40),
    ),
    *((225, 150, 140), (190, 90, 85), (140, 45, 50), (95, 60, 75), (60, 45, 60), (110, 120, 140)),
    *((200, 50, 45), (60, 140, 70), (45, 70, 150), (225, 195, 50), (175, 70, 130), (40, 140, 160)),
    *(
        (240, 240, 240),
        (200, 200, 200),
        (160, 160, 160),
        (120, 120, 120),
        (84, 84, 84),
        (50, 50, 50),
    ),
)


def marker_points() -> Points:
    """Return the corners of the four markers, (16, 2), each clockwise from its upper left."""
    size = MARKER_MM
    return np.array(
        [
            (left + right, top + below)
            for left, top in MARKER_CORNERS
            for right, below in ((0, 0), (size, 0), (size, size), (0, size))
        ]
    )


def patch_centres() -> Points:
    """Return the centres of the patches, (24, 2), row by row."""
    half = PATCH_MM / 2
    return np.array(
        [
            (PATCHES_X_MM + column * PITCH_X_MM + half, PATCHES_Y_MM + row * PITCH_Y_MM + half)
            for row in range(ROWS)
            for column in range(COLUMNS)
        ]
    )


def paper_centres() -> Points:
    """Return places of bare paper all over the chart: between patches, and at its edges."""
    gap_x, gap_y = PITCH_X_MM - PATCH_MM, PITCH_Y_MM - PATCH_MM
    between = [
        (
            PATCHES_X_MM + column * PITCH_X_MM - gap_x / 2,
            PATCHES_Y_MM + row * PITCH_Y_MM - gap_y / 2,
        )
        for row in range(1, ROWS + 1)
        for column in range(COLUMNS + 1)
    ]
    below = [(x, y) for x in (28.0, 80.0, 132.0) for y in (90.0, 100.0, 110.0)]
    beside = [(x, y) for x in (11.0, 149.0) for y in (30.0, 60.0, 90.0)]
    return np.array([*between, *below, *beside])


def edge_corners(centre: tuple[float, float]) -> Points:
    """Return the corners of a slanted square, (4, 2), clockwise from its upper left."""
    half = EDGE_SQUARE_MM / 2
    turn = np.radians(EDGE_TURN_DEG)
    square = np.array([(-half, -half), (half, -half), (half, half), (-half, half)])
    turned = square @ np.array([(np.cos(turn), np.sin(turn)), (-np.sin(turn), np.cos(turn))])
    return np.asarray(turned + np.array(centre))
