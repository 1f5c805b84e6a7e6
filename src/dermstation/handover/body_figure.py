"""The body map of the referral summary: one view of the body, with the site and the spot.

The patient's left and right are labelled, because a picture of a body can be read both ways. Pure
functions.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from xml.sax.saxutils import escape

from dermstation.body_map import VIEWS, side_at, view_with
from dermstation.domain.lesion_facts import Spot
from dermstation.domain.records import Lesion
from dermstation.handover.body_shapes import Point, body_view, shaded

SKIN, LINE = "#f6e7dc", "#8a6a55"
SHADED = "#005eb8"
SIDE_NOT_KNOWN = "#9cc0e2"  # paler: it may be either side
SPOT = "#a4161a"
_SPOT_RADIUS = 0.016  # of the height


@dataclass(frozen=True, slots=True)
class BodyFigure:
    """A drawing as SVG, the sides at its left and right, a line below it, and a text for it."""

    svg: str
    left: str
    right: str
    below: str
    alt: str


def body_figure(lesion: Lesion) -> BodyFigure | None:
    """Return the figure of a lesion's site, or None if no view shows the site."""
    spot = lesion.facts.spot
    if spot is not None and spot.view not in VIEWS:
        spot = None  # written by a newer station
    view = spot.view if spot else view_with(lesion.site_code)
    if view is None:
        return None
    below = VIEWS[view]
    if lesion.lacks_side:
        below = f"{below}; side not recorded"
    elif spot is not None:
        below = f"{below}; the dot is the lesion"
    return BodyFigure(
        _drawn(view, lesion, spot),
        side_at(view, 0.0).value,
        side_at(view, 1.0).value,
        below,
        f"Body map, {VIEWS[view].lower()}: {lesion.label} {lesion.told_site}",
    )


def _drawn(view: str, lesion: Lesion, spot: Spot | None) -> str:
    drawing = body_view(view)
    pen = f'stroke="{LINE}" stroke-width="{drawing.height / 260:.2f}" stroke-linejoin="round"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {drawing.width:g} '
        f'{drawing.height:g}"><g {pen}>{"".join(_shapes(view, lesion))}</g>'
        f"{''.join(_marks(view, spot))}</svg>"
    )


def _shapes(view: str, lesion: Lesion) -> Iterator[str]:
    colour = SIDE_NOT_KNOWN if lesion.lacks_side else SHADED
    for shape in body_view(view).shapes:
        yield _path(shape.outline, SKIN if shape.is_filled else "none")
        part = shaded(view, shape, lesion.site_code, lesion.side)
        if part:
            yield _path(part, colour)


def _marks(view: str, spot: Spot | None) -> Iterator[str]:
    drawing = body_view(view)
    for x, y, size, words in drawing.words:
        yield (
            f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" text-anchor="middle" '
            f'font-family="Noto Sans">{escape(words)}</text>'
        )
    if spot is not None:
        yield (
            f'<circle cx="{spot.x * drawing.width:.2f}" cy="{spot.y * drawing.height:.2f}" '
            f'r="{_SPOT_RADIUS * drawing.height:.2f}" fill="{SPOT}" stroke="#ffffff" '
            f'stroke-width="{drawing.height / 200:.2f}"/>'
        )


def _path(outline: tuple[Point, ...], colour: str) -> str:
    points = "L".join(f"{x:.2f} {y:.2f}" for x, y in outline)
    return f'<path fill="{colour}" d="M{points}Z"/>'
