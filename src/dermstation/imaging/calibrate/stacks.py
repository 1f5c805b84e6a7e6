"""Real focus stacks: how the score follows the distance from focus. None was used for fitting."""

import re
from pathlib import Path

from dermstation.domain.quality import Aspect
from dermstation.domain.shots import ShotKind
from dermstation.imaging.assessment import assess
from dermstation.imaging.calibrate.sources import STACK_FOLDER, Source, read, sources

# steps of these count from the focus; exposures are stacks of their own
_FROM_FOCUS = re.compile(r"sharpness_eval__(?:defocus__(?P<scene>\w+?)__(?P<step>\d+)$)")
_EXPOSED = re.compile(r"sharpness_eval__defocus_expo__(\w+?)__(\d+)_(\d+)$")
# a sweep passes through the focus, where its sharpest step is
_SWEPT = re.compile(r"(keyboard_macro|tagarno_smd)__step_(\d+)$")
_FOCUS_STEP = {"keyboard_macro": 1, "tagarno_smd": 15}


def stack_scores(data: Path) -> dict[str, list[tuple[int, float]]]:
    """Give distance from focus and focus score of each picture, stack by stack."""
    stacks: dict[str, list[tuple[int, float]]] = {}
    for source in sources(data, STACK_FOLDER):
        place = _place(source)
        if place is not None:
            name, distance = place
            report = assess(read(source), ShotKind.CLOSEUP)
            stacks.setdefault(name, []).append((distance, report.finding(Aspect.FOCUS).score))
    return {name: sorted(stack) for name, stack in stacks.items()}


def _place(source: Source) -> tuple[str, int] | None:
    if found := _FROM_FOCUS.match(source.name):
        return found["scene"], int(found["step"])
    if found := _EXPOSED.match(source.name):
        return f"{found[1]}, exposure {found[3]}", int(found[2])
    if found := _SWEPT.match(source.name):
        return found[1].replace("_", " "), abs(int(found[2]) - _FOCUS_STEP[found[1]])
    return None
