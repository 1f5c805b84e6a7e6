"""Load the station's own how-to topics from its resources, once. GUI thread."""

from functools import cache
from importlib.resources import files

from dermstation.workflow.how_to import HowTo, read_how_to

FOLDER = "how_to"


@cache
def own_how_to() -> HowTo:
    """Read the topics, in the order of their files."""
    folder = files("dermstation.ui.resources").joinpath(FOLDER)
    found = sorted(folder.iterdir(), key=lambda one: one.name)
    return read_how_to(one.read_text("utf-8") for one in found if one.name.endswith(".toml"))
