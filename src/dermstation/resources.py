"""Find the files that ship with the program: icons, drawings, charts, topics and the style sheet.

They are in `resources/` in a checkout, beside this module in a wheel, and beside the libraries in
the frozen program. SQL migrations and the calibration's table stay beside their code.
"""

import sys
from functools import cache
from pathlib import Path

IN_WHEEL = "_resources"  # the folder's name in pyproject.toml and packaging/dermstation.spec
_PACKAGE = Path(__file__).resolve().parent


@cache
def resources() -> Path:
    """Return the folder of all resources. Raises FileNotFoundError if they are not installed."""
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen is not None:
        places = [Path(frozen) / "dermstation" / IN_WHEEL]
    else:
        places = [_PACKAGE / IN_WHEEL, _PACKAGE.parents[1] / "resources"]
    for place in places:
        if place.is_dir():
            return place
    raise FileNotFoundError("the program's resources are not installed")


def resource_text(*name: str) -> str:
    """Return the content of a text file, as in `resource_text("pathways", "skin_lesions.toml")`.

    Raises FileNotFoundError if there is no such file.
    """
    return resources().joinpath(*name).read_text("utf-8")


def resource_bytes(*name: str) -> bytes:
    """Return the bytes of a file. Raises FileNotFoundError if there is no such file."""
    return resources().joinpath(*name).read_bytes()
