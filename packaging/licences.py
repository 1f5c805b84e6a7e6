"""Write docs/licences.md: the packages that the program needs, and their licences.

    .venv/bin/python packaging/licences.py

Names come from requirements.lock, licences from the installed packages. Packages that are needed
only on Windows are not installed here; their licences are given below, as in their own metadata.
"""

import re
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK, PAGE = ROOT / "requirements.lock", ROOT / "docs" / "licences.md"
# not installed here, or without a licence in the metadata, although there is a licence file
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
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
_LONGEST = 60
HEAD = """\
# Licences

The station itself is under Apache-2.0 ([LICENSE](../LICENSE)). The packages that it needs are
listed below; none of them is copied into this repository. `make package` puts them into the
program's folder, and anybody who passes that folder on does so under these licences too. The texts
that come with the packages are in its `_internal/licences/`. `packaging/licences.py` writes this
list from the installed packages.

## Licences that ask for more than a notice

| Library | Licence | What follows |
|---|---|---|
| Qt, by `pyside6-essentials` and `shiboken6` | LGPL-3.0 (chosen of the three) | linked as \
libraries, which are separate files in the program's folder and can be replaced there |
| FFmpeg, inside the OpenCV packages | LGPL-2.1 | libraries in separate files; the package lists \
them, and the others that it brings, in `LICENSE-3RD-PARTY.txt` |
| Noto, by `manimgx-fonts` and `justmytype-intl-cjk`; IBM Plex, by \
`fontpkg-ibm-plex-sans-arabic` | OFL-1.1 | embedded in PDFs, which the licence allows; the fonts \
are not sold on their own |
| DejaVu Sans Mono and other fonts, inside `typst` | Bitstream Vera licence, OFL-1.1, GUST Font \
License | embedded in PDFs, which the licences allow |
| `certifi` | MPL-2.0 | used as it is; its source is on the package index under this version |
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
    """Return the names of the packages in a lock."""
    return re.findall(r"^([A-Za-z0-9][\w.-]*)==", lock, re.MULTILINE)


def licence_of(name: str) -> str:
    """Return a package's licence from its metadata. Raises LookupError if it states none."""
    if name in BY_HAND:
        return BY_HAND[name]
    try:
        metadata = distribution(name).metadata
    except PackageNotFoundError:
        raise LookupError(f"{name} is not installed: write its licence into BY_HAND") from None
    classifiers = [
        one.rpartition(" :: ")[2]
        for one in metadata.get_all("Classifier", [])
        if one.startswith("License :: ")
    ]
    text = (metadata.get("License") or "").strip()
    short = [text] if 0 < len(text) <= _LONGEST and "see" not in text else []
    found = [metadata.get("License-Expression"), *classifiers, *short]
    licence = next((one for one in found if one), None)
    if licence is None:
        raise LookupError(f"{name} does not state its licence: write it into BY_HAND")
    return SAME.get(licence, licence)


if __name__ == "__main__":
    main()
