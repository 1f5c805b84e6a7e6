"""Write docs/licences.md: what the program runs with, and under which licence.

    .venv/bin/python packaging/licences.py

Names come from requirements.lock, licences from what is installed. Packages for Windows alone are
not installed here; their licences are written below, as their own metadata says them.
"""

import re
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK, PAGE = ROOT / "requirements.lock", ROOT / "docs" / "licences.md"
# not installed where this runs, or without a word of it in the metadata but with a licence file
BY_HAND = {
    "cv2-enumerate-cameras": "MIT",
    "opencv-python": "Apache-2.0",
    "pywin32-ctypes": "BSD-3-Clause",
    "sqlcipher3": "Zlib",
}
SAME = {
    "Apache 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD",
    "BSD license": "BSD",
    "GNU Library or Lesser General Public License (LGPL)": "LGPL",
    "MIT License": "MIT",
}
_LONGEST = 60
HEAD = """\
# Licences

The station itself: Apache-2.0 ([LICENSE](../LICENSE)). What it runs with is listed below; nothing
of it is copied into this repository. `make package` puts it into the program's folder, and whoever
hands that folder on does so under these licences too; the texts that the packages bring lie there
in `_internal/licences/`. This list is written by `packaging/licences.py` from what is installed.

## What asks for more than a notice

| Library | Licence | What follows |
|---|---|---|
| Qt, by `pyside6-essentials` and `shiboken6` | LGPL-3.0 (chosen of the three) | linked as \
libraries that lie as files of their own in the program's folder, and can be exchanged there |
| `python-bidi` | LGPL-3.0 | used unchanged, for text from right to left in the PDF; whoever \
wants another version changes the lock and builds with `make package` |
| FFmpeg, inside the OpenCV packages | LGPL-2.1 | libraries as files of their own; the package \
lists them, with others that it brings, in `LICENSE-3RD-PARTY.txt` |
| Noto, by `manimgx-fonts` | OFL-1.1 | embedded in PDFs, which the licence allows; the fonts are \
not sold by themselves |
| SQLCipher, inside `sqlcipher3` | BSD-3-Clause | the notice goes with the program |

## Every package

| Package | Licence |
|---|---|
"""


def main() -> None:
    """Write the page."""
    rows = "".join(f"| `{name}` | {licence_of(name)} |\n" for name in locked(LOCK.read_text()))
    PAGE.write_text(HEAD + rows, "utf-8")


def locked(lock: str) -> list[str]:
    """List the packages of a lock."""
    return re.findall(r"^([A-Za-z0-9][\w.-]*)==", lock, re.MULTILINE)


def licence_of(name: str) -> str:
    """Tell a package's licence by its metadata. Raises LookupError where nothing says it."""
    if name in BY_HAND:
        return BY_HAND[name]
    try:
        told = distribution(name).metadata
    except PackageNotFoundError:
        raise LookupError(f"{name} is not installed: write its licence into BY_HAND") from None
    classifiers = [
        one.rpartition(" :: ")[2]
        for one in told.get_all("Classifier", [])
        if one.startswith("License :: ")
    ]
    text = (told.get("License") or "").strip()
    short = [text] if 0 < len(text) <= _LONGEST and "see" not in text else []
    found = [told.get("License-Expression"), *classifiers, *short]
    licence = next((one for one in found if one), None)
    if licence is None:
        raise LookupError(f"{name} does not tell its licence: write it into BY_HAND")
    return SAME.get(licence, licence)


if __name__ == "__main__":
    main()
