"""The station's how-to topics and rules for pictures, and the practice's links. GUI thread."""

from functools import cache

from dermstation.domain.errors import StationError
from dermstation.resources import resource_text, resources
from dermstation.settings import Settings
from dermstation.workflow.guidance import Guidance, read_guidance
from dermstation.workflow.how_to import HowTo, OwnLink, read_how_to, read_links, read_policy

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


@cache
def own_guidance() -> Guidance:
    """Return the station's rules for pictures."""
    return read_guidance(resource_text("guidance", "pictures.toml"))


def picture_policy(settings: Settings) -> tuple[OwnLink | None, StationError | None]:
    """Return the link to the practice's policy, if it is set, and the trouble if it is wrong."""
    try:
        return read_policy(settings.picture_policy), None
    except StationError as trouble:
        return None, trouble
