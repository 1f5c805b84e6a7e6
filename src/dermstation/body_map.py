"""The drawings of the body map: what each view is called, and which sites it shows.

The shapes were drawn for this project. The id of a shape is "s" and the code of its site
(with ".2" for a second shape of that site), or "go-" and the view that shows it larger. The screen
and the PDF use the same files. Pure functions on the installed resources.
"""

import re
from functools import cache

from dermstation.domain.sites import Side
from dermstation.resources import resource_text

VIEWS = {"front": "Front", "back": "Back", "head": "Head", "hands": "Hands", "feet": "Feet"}
MIDLINE_SHOWN = 0.06  # share of the width on each side of the middle
_ID = re.compile(r'id="([^"]+)"')


@cache
def drawing(view: str) -> str:
    """Return the SVG of a view. Raises FileNotFoundError if there is no such view."""
    return resource_text("body", f"{view}.svg")


def shape_ids(view: str) -> list[str]:
    """Return the ids of a view's shapes in the order in which they are painted."""
    return _ID.findall(drawing(view))


def site_of(shape_id: str) -> str:
    """Return the site code of a shape: "s54468004.2" belongs to 54468004."""
    return shape_id.removeprefix("s").split(".")[0]


def sites_of(view: str) -> set[str]:
    """Return the codes of the sites that a view shows."""
    return {site_of(one) for one in shape_ids(view) if one.startswith("s")}


def view_with(code: str) -> str | None:
    """Return the first view that shows a site, or None for the few sites without one."""
    return next((view for view in VIEWS if code in sites_of(view)), None)


def side_at(view: str, x: float) -> Side:
    """Return the patient's side at `x` (0 to 1): mirrored in all views except the back."""
    is_left_of_picture = x < 0.5  # noqa: PLR2004 - the middle
    return Side.LEFT if is_left_of_picture == (view == "back") else Side.RIGHT
