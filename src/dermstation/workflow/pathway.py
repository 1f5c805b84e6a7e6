"""The pathway chart, read from TOML; a practice may use its own file.

Pure, except for `load_pathway`. A file with a mistake is refused whole: half a chart would hide a
route.
"""

import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.routes import Route
from dermstation.plain_files import TooLargeError, read_plain
from dermstation.workflow.how_to import LINKS_APART, PARTS_APART, OwnLink, read_link

MAX_PLACE = 7  # rows and columns, from 0
MAX_BYTES = 200_000
_LISTS = ("criteria", "needs", "after", "links")


@dataclass(frozen=True, slots=True)
class Box:
    """One box of the chart, and the details that it opens."""

    id: str
    title: str
    row: int
    column: int
    text: str
    source: str
    date: str
    criteria: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    route: Route | None = None
    links: tuple[OwnLink, ...] = ()  # of the chart
    own_links: tuple[OwnLink, ...] = ()  # of the practice's setting


@dataclass(frozen=True, slots=True)
class Pathway:
    """A chart: its boxes in reading order."""

    title: str
    boxes: tuple[Box, ...]

    def of_route(self, route: Route) -> Box:
        """Return the box that leads to a route."""
        return next(box for box in self.boxes if box.route is route)

    def with_links(self, setting: str) -> "Pathway":
        """Return the chart with the practice's links, "box|Title|target", separated by ";;".

        Raises StationError PATHWAY_LINK_INVALID (`place`, from 1; `fault`).
        """
        found: dict[str, list[OwnLink]] = {box.id: [] for box in self.boxes}
        for place, (name, link) in enumerate(read_box_links(setting), start=1):
            if name not in found:
                raise StationError(ErrorCode.PATHWAY_LINK_INVALID, place=place, fault="box")
            found[name].append(link)
        boxes = (replace(box, own_links=tuple(found[box.id])) for box in self.boxes)
        return replace(self, boxes=tuple(boxes))


def load_pathway(file: Path) -> Pathway:
    """Read the practice's own chart. Raises StationError PATHWAY_NOT_USABLE."""
    try:
        text = read_plain(file, MAX_BYTES, follows_link=True).decode("utf-8")
    except TooLargeError:
        raise StationError(ErrorCode.PATHWAY_NOT_USABLE, fault="size") from None
    except (OSError, UnicodeDecodeError):
        raise StationError(ErrorCode.PATHWAY_NOT_USABLE, fault="file") from None
    return read_pathway(text)


def read_box_links(setting: str) -> tuple[tuple[str, OwnLink], ...]:
    """Read "box|Title|target" entries, separated by ";;", as pairs of a box's name and a link.

    Raises StationError PATHWAY_LINK_INVALID (`place`, from 1; `fault`).
    """
    found = []
    entries = (one.strip() for one in setting.split(LINKS_APART))
    for place, entry in enumerate(filter(None, entries), start=1):
        name, _, link = entry.partition(PARTS_APART)
        try:
            found.append((name.strip(), read_link(link)))
        except StationError as trouble:
            fault = trouble.facts["fault"]
            raise StationError(ErrorCode.PATHWAY_LINK_INVALID, place=place, fault=fault) from None
    return tuple(found)


def read_pathway(text: str) -> Pathway:
    """Read a chart.

    Every route must have exactly one box. Every box must have its own place, a text, a source and
    a date, and may follow only boxes of the chart. Raises StationError PATHWAY_NOT_USABLE
    (`fault`, `box`).
    """
    try:
        content = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        raise StationError(ErrorCode.PATHWAY_NOT_USABLE, fault="toml") from None
    title, rows = content.get("title"), content.get("box")
    if not isinstance(title, str) or not isinstance(rows, list):
        raise StationError(ErrorCode.PATHWAY_NOT_USABLE, fault="title or boxes")
    boxes = tuple(_box(row, place) for place, row in enumerate(rows, start=1))
    names = [box.id for box in boxes]
    routes = [box.route for box in boxes if box.route is not None]
    faults = {
        "a name twice": len(set(names)) < len(names),
        "a place twice": len({(box.row, box.column) for box in boxes}) < len(boxes),
        "not every route once": sorted(routes) != sorted(Route),
        "a box that is not there": not {one for box in boxes for one in box.after} <= set(names),
    }
    for fault, is_so in faults.items():
        if is_so:
            raise StationError(ErrorCode.PATHWAY_NOT_USABLE, fault=fault)
    return Pathway(title, tuple(sorted(boxes, key=lambda box: (box.row, box.column))))


def _box(row: Any, place: int) -> Box:
    if not isinstance(row, dict):
        raise StationError(ErrorCode.PATHWAY_NOT_USABLE, fault="box", box=place)
    texts = [row.get(name) for name in ("id", "title", "text", "source", "date")]
    places = [row.get("row"), row.get("column")]
    lists = [row.get(name, []) for name in _LISTS]
    route = row.get("route")
    is_right = (
        all(isinstance(one, str) and one.strip() for one in texts)
        and all(type(one) is int and 0 <= one <= MAX_PLACE for one in places)
        and all(isinstance(one, list) and all(isinstance(x, str) for x in one) for one in lists)
        and (route is None or route in list(Route))
    )
    if not is_right:
        raise StationError(ErrorCode.PATHWAY_NOT_USABLE, fault="box", box=place)
    try:
        links = tuple(read_link(entry) for entry in row.get("links", ()))
    except StationError:
        raise StationError(ErrorCode.PATHWAY_NOT_USABLE, fault="link", box=place) from None
    return Box(
        id=row["id"],
        title=row["title"],
        row=row["row"],
        column=row["column"],
        text=row["text"],
        source=row["source"],
        date=row["date"],
        criteria=tuple(row.get("criteria", ())),
        needs=tuple(row.get("needs", ())),
        after=tuple(row.get("after", ())),
        route=Route(route) if route is not None else None,
        links=links,
    )
