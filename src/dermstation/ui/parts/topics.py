"""The how-to topics of the station, and the links of the practice. GUI thread."""

from functools import cache

from dermstation.domain.errors import StationError
from dermstation.resources import resources
from dermstation.settings import Settings
from dermstation.workflow.how_to import HowTo, OwnLink, read_how_to, read_links

FOLDER = "how_to"


@cache
def own_how_to() -> HowTo:
    """Return the topics, in the order of their files."""
    found = sorted((resources() / FOLDER).glob("*.toml"))
    return read_how_to(file.read_text("utf-8") for file in found)


def own_links(settings: Settings) -> tuple[tuple[OwnLink, ...], StationError | None]:
    """Return the practice's links; if one is wrong, return none of them and the trouble."""
    try:
        return read_links(settings.how_to_links), None
    except StationError as trouble:
        return (), trouble
