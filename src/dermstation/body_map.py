"""The drawings of the body map: what each view is called, and which sites it shows.

The shapes are drawn for this project; the id of each is the SNOMED CT code of its site ("s" and
the code, ".2" for a further shape of it), or "go-" and the view that shows it larger. Screen and
print draw from the same files. Pure functions over what is installed.
"""

import re
from functools import cache

from dermstation.domain.sites import Side
from dermstation.resources import resource_text

VIEWS = {"front": "Front", "back": "Back", "head": "Head", "hands": "Hands", "feet": "Feet"}
MIDLINE_SHOWN = 0.06  # of the width, to each side of the middle
_ID = re.compile(r'id="([^"]+)"')


@cache
def drawing(view: str) -> str:
    """Read the SVG of a view. Raises FileNotFoundError for a view that there is not."""
    return resource_text("body", f"{view}.svg")


def shape_ids(view: str) -> list[str]:
    """List the shapes of a view in the order in which they are painted."""
    return _ID.findall(drawing(view))


def site_of(shape_id: str) -> str:
    """Give the site code of a shape: "s54468004.2" is one of 54468004."""
    return shape_id.removeprefix("s").split(".")[0]


def sites_of(view: str) -> set[str]:
    """List the codes of the sites that a view shows."""
    return {site_of(one) for one in shape_ids(view) if one.startswith("s")}


def view_with(code: str) -> str | None:
    """Find the view that shows a site; None for the few that none shows."""
    return next((view for view in VIEWS if code in sites_of(view)), None)


def side_at(view: str, x: float) -> Side:
    """Tell the patient's own side at `x` from 0 to 1: mirrored in front, as it is from behind."""
    is_left_of_picture = x < 0.5  # noqa: PLR2004 - the middle
    return Side.LEFT if is_left_of_picture == (view == "back") else Side.RIGHT
