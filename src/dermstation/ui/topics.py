"""Load the station's own how-to topics from its resources, once. GUI thread."""

from functools import cache

from dermstation.resources import resources
from dermstation.workflow.how_to import HowTo, read_how_to

FOLDER = "how_to"


@cache
def own_how_to() -> HowTo:
    """Read the topics, in the order of their files."""
    found = sorted((resources() / FOLDER).glob("*.toml"))
    return read_how_to(file.read_text("utf-8") for file in found)
