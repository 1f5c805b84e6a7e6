"""Measure how the score follows the distance from focus in real focus stacks.

No stack was used for fitting. One of them, a microscope's sweep, has no distances: its steps are
not in order, and the background comes into focus as the object goes out of focus. It is judged on
the object alone, against a plain sharpness measure, which is reliable within one scene and light.
"""

import re
from pathlib import Path

import cv2
import numpy as np

from calibration.sources import STACK_FOLDER, Source, read, sources
from dermstation.domain.quality import Aspect
from dermstation.domain.shots import ShotKind
from dermstation.imaging.assessment import assess

# these number their steps from the focus; each exposure is a separate stack
_FROM_FOCUS = re.compile(r"sharpness_eval__(?:defocus__(?P<scene>\w+?)__(?P<step>\d+)$)")
_EXPOSED = re.compile(r"sharpness_eval__defocus_expo__(\w+?)__(\d+)_(\d+)$")
# a sweep passes through the focus at its sharpest step
_SWEPT = re.compile(r"(keyboard_macro)__step_(\d+)$")
_FOCUS_STEP = {"keyboard_macro": 1}
_UNPLACED = re.compile(r"tagarno_smd__step_\d+$")
_OBJECT = np.s_[330:714, 400:912]  # rows and columns of the object's flat face in 1600x900
_PLAIN_SIGMA_PX = 2.0


def stack_scores(data: Path) -> dict[str, list[tuple[int, float]]]:
    """Return the distance from focus and the focus score of each picture, for each stack."""
    stacks: dict[str, list[tuple[int, float]]] = {}
    for source in sources(data, STACK_FOLDER):
        place = _place(source)
        if place is not None:
            name, distance = place
            report = assess(read(source), ShotKind.CLOSEUP)
            stacks.setdefault(name, []).append((distance, report.judgement(Aspect.FOCUS).score))
    return {name: sorted(stack) for name, stack in stacks.items()}


def sweep_scores(data: Path) -> list[tuple[float, float]]:
    """Return plain softness and focus score of the microscope's object in each picture."""
    sweep = []
    for source in sources(data, STACK_FOLDER):
        if _UNPLACED.match(source.name):
            piece = np.ascontiguousarray(read(source)[_OBJECT])
            report = assess(piece, ShotKind.CLOSEUP)
            grey = cv2.cvtColor(piece, cv2.COLOR_BGR2GRAY)
            smooth = cv2.GaussianBlur(grey, (0, 0), _PLAIN_SIGMA_PX)
            softness = -float(cv2.Laplacian(smooth, cv2.CV_32F).var())
            sweep.append((softness, report.judgement(Aspect.FOCUS).score))
    return sorted(sweep)


def _place(source: Source) -> tuple[str, int] | None:
    if found := _FROM_FOCUS.match(source.name):
        return found["scene"], int(found["step"])
    if found := _EXPOSED.match(source.name):
        return f"{found[1]}, exposure {found[3]}", int(found[2])
    if found := _SWEPT.match(source.name):
        return found[1].replace("_", " "), abs(int(found[2]) - _FOCUS_STEP[found[1]])
    return None
