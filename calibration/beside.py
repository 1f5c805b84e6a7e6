"""Print every figure of the real pictures, to be held beside those of other library versions.

    OTHER/bin/python -m calibration.beside DATA > other.json
    python -m calibration.beside DATA other.json

Scores, measures, verdicts and causes of each picture as each kind of shot, and of the degraded
copies of some. The first command prints them; the second says what differs.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import cv2

from calibration.cases import Case, judge_cases, judge_plain
from calibration.sources import NO_SKIN_FOLDER, SKIN_FOLDERS, sources
from dermstation.domain.quality import Judgement
from dermstation.domain.shots import ShotKind

_COPIES_OF_EVERY = 20  # pictures: some minutes for all of them
Found = dict[str, Any]  # a number, or a word


def main(words: Sequence[str]) -> int:
    """Print the figures as JSON, or how they differ from those in a file."""
    cv2.setNumThreads(1)
    found = dict(_figures(Path(words[0])))
    if words[1:]:
        print(difference(found, json.loads(Path(words[1]).read_text("utf-8"))))  # noqa: T201
    else:
        print(json.dumps(found))  # noqa: T201 - a command's output
    return 0


def difference(ours: Found, others: Found) -> str:
    """Say how many figures differ and by how much, and name verdicts and causes that do."""
    shared = sorted(ours.keys() & others.keys())
    pairs = [(name, ours[name], others[name]) for name in shared if ours[name] != others[name]]
    steps = [abs(one - other) for _, one, other in pairs if isinstance(one, float)]
    words = [f"{name}: {one}, {other}" for name, one, other in pairs if isinstance(one, str)]
    first = (
        f"{len(shared)} figures, {len(ours.keys() ^ others.keys())} in one of the two alone. "
        f"Numbers that differ: {len(steps)}, the most by {max(steps, default=0):.2g}. "
        f"Verdicts and causes that differ: {len(words)}"
    )
    return "\n".join([first, *words])


def _figures(data: Path) -> Iterator[tuple[str, float | str]]:
    for number, case in enumerate(_cases(data)):
        for judgement in case.report.judgements:
            place = f"{number} {case.name} {case.kind} {case.report.shot} {judgement.aspect}"
            for name, value in _figures_of(judgement):
                yield f"{place} {name}", value


def _cases(data: Path) -> Iterator[Case]:
    """Judge each picture as each kind of shot, and the degraded copies of some."""
    no_skin = sources(data, NO_SKIN_FOLDER)
    for chosen in (*(sources(data, one) for one in SKIN_FOLDERS.values()), no_skin):
        for shot in ShotKind:
            yield from judge_plain(chosen, shot)
    for shot, folder in SKIN_FOLDERS.items():
        some = sources(data, folder)[::_COPIES_OF_EVERY]
        yield from judge_cases(some, shot, no_skin, seed=0, workers=1)


def _figures_of(judgement: Judgement) -> Iterator[tuple[str, float | str]]:
    yield "score", float(judgement.score)
    yield "verdict", str(judgement.verdict)
    yield "cause", str(judgement.cause)
    for name, value in judgement.measures.items():
        yield name, float(value)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
