"""Write every page in every state, as people see it, into a folder with an index: `make screens`.

`python -m tests.screens FOLDER [WORD ...]` takes the states whose names contain one of the words.
Each look is drawn by a process of its own, because a process has one scheme and one scale. Each
picture is checked as well: what is cut off, covered, outside of the window, without a name or too
small to hit is listed in `findings.txt` and above the pictures, and the program ends with 1.
"""

import os
import subprocess
import sys
from dataclasses import dataclass
from html import escape
from itertools import groupby
from pathlib import Path

from PySide6.QtCore import QPoint, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from dermstation.ui import theme
from dermstation.ui.parts.page import Page
from dermstation.ui.theme import TARGET_PX
from tests.ui.conftest import Made
from tests.ui.framing import (
    LONG_PATIENT,
    bad_buttons,
    cut_off,
    framed,
    overlapping,
    scrolling_sideways,
    settled,
)
from tests.ui.test_gallery import LEAST_TARGET_PX, STATES, gloved

FOUND = "findings.txt"
_QUICK = 86  # Qt packs a PNG in a third of the time; it is a little larger


@dataclass(frozen=True)
class Look:
    """One way to see the window: colours, scale, and how much longer the words are."""

    scheme: str = "light"
    scale: int = 1
    longer: float = 0.0
    sizes: tuple[tuple[int, int], ...] = ((1366, 697),)


LOOKS = {
    "light": Look(sizes=((1366, 697), (911, 512), (1920, 1009))),
    "sharp": Look(scale=2, sizes=((1920, 1009),)),  # 3840 x 2160 at 200 %
    "dark": Look("dark"),
    "contrast": Look("contrast"),
    "longer": Look(longer=0.4),
}


def draw(name: str, folder: Path, words: list[str]) -> list[str]:
    """Draw the states in one look, each built once; return what is wrong with them."""
    qInstallMessageHandler(_note)
    look, application = LOOKS[name], QApplication([])
    theme.apply(application, theme.Scheme(look.scheme))
    found = []
    for state, (build, step) in STATES.items():
        if words and not any(word in state for word in words):
            continue
        patient = LONG_PATIENT if "long" in state else Made.patient
        page = build(Made)
        frame = framed(page, step, patient)
        lengthen(frame, look.longer)
        frame.show()
        for width, height in look.sizes:
            frame.resize(width, height)
            settled(frame, application.processEvents)
            file = folder / f"{state}-{name}-{width}x{height}.png"
            frame.grab().save(str(file), "PNG", _QUICK)
            found += [f"{file.stem}: {one}" for one in findings(frame, page, (width, height))]
        frame.deleteLater()
        application.processEvents()
    return found


def findings(frame: QWidget, page: Page, size: tuple[int, int]) -> list[str]:
    """Return a line for each thing that nobody should meet on a screen."""
    found = cut_off(frame) + scrolling_sideways(frame)
    found += bad_buttons(page, least_px=LEAST_TARGET_PX)
    found += [f"covers: {one}" for one in overlapping(page)]
    found += [f"too low for gloves: {one}" for one in gloved(page) if one.height() < TARGET_PX]
    primary = page.primary
    if primary is not None and primary.isVisible():
        place = primary.rect().translated(primary.mapTo(frame, QPoint(0, 0)))
        found += [] if frame.rect().contains(place) else ["the primary button is outside"]
    if (frame.width(), frame.height()) != size:
        found.append(f"the page forces the window to {frame.width()}x{frame.height()}")
    return found


def _note(kind: QtMsgType, _context: object, words: str) -> None:
    """Print what Qt says, but for what it says of each window without a screen."""
    if "propagateSizeHints" not in words:
        sys.stderr.write(f"{kind.name}: {words}\n")


def lengthen(frame: QWidget, share: float) -> None:
    """Make the words longer, as another language would."""
    if not share:
        return
    for kind in (QLabel, QAbstractButton):
        for made in frame.findChildren(kind):
            words = made.text()
            made.setText(words + "\u00b7" * round(len(words) * share))


def index(folder: Path) -> None:
    """Write a page with a row for each state: its looks side by side, each leading to its file."""
    rows = []
    for state, files in groupby(sorted(folder.glob("*.png")), lambda one: one.stem.split("-")[0]):
        looks = "".join(_shown(file.name, file.stem.partition("-")[2]) for file in files)
        rows.append(f"<h2 id={state}>{state}</h2><div>{looks}</div>")
    style = (
        "<style>body { font-family: sans-serif } div { display: flex; overflow-x: auto; gap: 8px }"
        " img { height: 260px; display: block }</style>"
    )
    found = (folder / FOUND).read_text("utf-8").splitlines()
    listed = "".join(f"<li>{escape(line)}" for line in found)
    head = f"<!doctype html><meta charset=utf-8><title>Screens</title>{style}"
    text = f"{head}<ul>{listed or '<li>nothing found'}</ul>{''.join(rows)}"
    (folder / "index.html").write_text(text, "utf-8")


def _shown(name: str, look: str) -> str:
    return f'<a href="{name}"><img loading="lazy" src="{name}" alt="{name}">{look}</a>'


def main(folder: Path, words: list[str]) -> int:
    """Draw every look, each in a process of its own, then write the index; return 1 if it finds."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FOUND).write_text("", "utf-8")
    for name, look in LOOKS.items():
        environment = {
            **os.environ,
            "QT_QPA_PLATFORM": "offscreen",
            "QT_SCALE_FACTOR": str(look.scale),
            "DERMSTATION_LOOK": name,
        }
        command = [sys.executable, "-m", "tests.screens", str(folder), *words]
        subprocess.run(command, env=environment, check=True)
    index(folder)
    found = (folder / FOUND).read_text("utf-8")
    sys.stdout.write(found or "nothing is cut off, covered, outside, nameless or too small\n")
    return 1 if found else 0


if __name__ == "__main__":
    given, wanted = Path(sys.argv[1]), sys.argv[2:]
    if "DERMSTATION_LOOK" in os.environ:
        lines = draw(os.environ["DERMSTATION_LOOK"], given, wanted)
        with (given / FOUND).open("a", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in lines)
    else:
        raise SystemExit(main(given, wanted))
