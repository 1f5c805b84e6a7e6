"""Write every page in every state, as people see it, into a folder with an index: `make screens`.

`python -m tests.screens FOLDER [WORD ...]` takes the states whose names contain one of the words.
Each look is drawn by a process of its own, because a process has one scheme and one scale.
"""

import os
import subprocess
import sys
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from dermstation.ui import theme
from tests.ui.conftest import Made
from tests.ui.framing import LONG_PATIENT, framed
from tests.ui.test_gallery import STATES

_QUICK = 60  # Qt packs a PNG a quarter as long, and hardly any larger


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


def draw(name: str, folder: Path, words: list[str]) -> None:
    """Draw the states in one look."""
    look, application = LOOKS[name], QApplication([])
    theme.apply(application, theme.Scheme(look.scheme))
    for state, (build, step) in STATES.items():
        if words and not any(word in state for word in words):
            continue
        patient = LONG_PATIENT if "long" in state else Made.patient
        frame = framed(build(Made), step, patient)
        lengthen(frame, look.longer)
        for width, height in look.sizes:
            frame.resize(width, height)
            frame.show()
            for _ in range(4):  # layouts take a few rounds to settle
                application.processEvents()
            file = folder / f"{state}-{name}-{width}x{height}.png"
            frame.grab().save(str(file), "PNG", _QUICK)
        frame.deleteLater()
        application.processEvents()


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
    text = f"<!doctype html><meta charset=utf-8><title>Screens</title>{style}{''.join(rows)}"
    (folder / "index.html").write_text(text, "utf-8")


def _shown(name: str, look: str) -> str:
    return f'<a href="{name}"><img loading="lazy" src="{name}" alt="{name}">{look}</a>'


def main(folder: Path, words: list[str]) -> None:
    """Draw every look, each in a process of its own, then write the index."""
    folder.mkdir(parents=True, exist_ok=True)
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


if __name__ == "__main__":
    given, wanted = Path(sys.argv[1]), sys.argv[2:]
    if "DERMSTATION_LOOK" in os.environ:
        draw(os.environ["DERMSTATION_LOOK"], given, wanted)
    else:
        main(given, wanted)
