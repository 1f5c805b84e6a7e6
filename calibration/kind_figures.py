"""The figures of telling the kind of a shot: pictures of the test half, judged as each shot.

Pictures are judged by `assess`, as everywhere in the program: a picture passes if the whole verdict
is good. Work is spread over processes; the same seed gives the same copies.
"""

import zlib
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from calibration.counting import Figure, Target
from calibration.kind_copies import LONG_SIDE_PX, protocol_copies, rendered
from calibration.kind_fit import rooms_of
from calibration.sources import SKIN_FOLDERS, Source, read, sources
from dermstation.domain.quality import Aspect, Cause, Verdict
from dermstation.domain.shots import ShotKind
from dermstation.imaging.assessment import assess
from dermstation.imaging.shot_kind import KINDS, kind_model

_SEED = 4  # not the seed of the fit
_GENERAL_OF = 2  # one close-up in two lends its skin to a general picture
MOST_PASSED = 0.05
MOST_PASSED_GENERAL = 0.10
MOST_CALLED_OTHER = 0.02


@dataclass(frozen=True, slots=True)
class KindCase:
    """One copy judged as one shot: its true kind, what was done to it, and the outcome."""

    name: str
    kind: ShotKind
    done: str
    asked: ShotKind
    is_good: bool  # by the whole verdict
    looks_like: ShotKind | None
    is_unclear: bool
    passes: bool  # by the kind alone, whatever else is wrong with the picture


def judge_kinds(data: Path, *, workers: int) -> list[KindCase]:
    """Judge copies of the test half, and of rendered general pictures, as each shot."""
    jobs = [
        (data, source, shot)
        for shot, folder in SKIN_FOLDERS.items()
        for source in sources(data, folder)
        if not source.is_training
    ]
    closeups = [source for _, source, shot in jobs if shot is ShotKind.CLOSEUP]
    jobs += [(data, source, ShotKind.GENERAL) for source in closeups[::_GENERAL_OF]]
    if workers > 1:
        with ProcessPoolExecutor(workers) as pool:
            parts = list(pool.map(_cases_of, jobs))
    else:
        parts = [_cases_of(job) for job in jobs]
    return [case for part in parts for case in part]


def kind_figures(cases: Sequence[KindCase]) -> list[Figure]:
    """Return the promised figures, the six pairs of kinds first."""
    found = []
    for kind in KINDS:
        for asked in KINDS:
            if asked is not kind:
                own = _of(cases, kind, asked)
                most = MOST_PASSED_GENERAL if ShotKind.GENERAL in (kind, asked) else MOST_PASSED
                name = f"{kind} passed as {asked}"
                found.append(_share(name, own, "is_good", most))
                found.append(_share(f"{name}, by the kind alone", own, "passes", None))
    for kind in KINDS:
        own = _of(cases, kind, kind)
        found.append(_share(f"{kind} called another kind", own, "looks_like", MOST_CALLED_OTHER))
        found.append(_share(f"{kind} not clear", own, "is_unclear", None))
    return found


def kind_rows(cases: Sequence[KindCase]) -> list[tuple[str, ...]]:
    """Return the figures by what was done to the pictures, as rows of a table with its head."""
    done = list(dict.fromkeys(case.done for case in cases))
    rows = [("figure", *done)]
    for kind in KINDS:
        for asked in KINDS:
            own = _of(cases, kind, asked)
            what = "called another kind" if asked is kind else f"passed as {asked}"
            holds = "looks_like" if asked is kind else "is_good"
            rows.append((f"{kind} {what}", *(_percent(own, one, holds) for one in done)))
        own = _of(cases, kind, kind)
        rows.append((f"{kind} not clear", *(_percent(own, one, "is_unclear") for one in done)))
    return rows


def _cases_of(job: tuple[Path, Source, ShotKind]) -> list[KindCase]:
    data, source, kind = job
    cv2.setNumThreads(1)
    rng = np.random.default_rng([_SEED, zlib.crc32(source.name.encode())])
    picture = read(source)
    if kind is ShotKind.GENERAL:
        small = read(source, LONG_SIDE_PX)
        picture = rendered(small, rooms_of(data, is_training=False), rng)
    return [
        _judged(source, kind, done, asked, copy)
        for done, copy in protocol_copies(picture, rng)
        for asked in KINDS
    ]


def _judged(
    source: Source, kind: ShotKind, done: str, asked: ShotKind, copy: cv2.typing.MatLike
) -> KindCase:
    report = assess(np.asarray(copy, np.uint8), asked)
    framing = report.judgement(Aspect.FRAMING)
    cause = framing.cause
    return KindCase(
        source.name,
        kind,
        done,
        asked,
        report.verdict is Verdict.GOOD,
        report.looks_like,
        cause is Cause.KIND_UNCLEAR,
        framing.measures[f"kind_{asked}"] >= kind_model().least_own,
    )


def _of(cases: Iterable[KindCase], kind: ShotKind, asked: ShotKind) -> list[KindCase]:
    return [case for case in cases if case.kind is kind and case.asked is asked]


def _share(name: str, cases: Sequence[KindCase], holds: str, most: float | None) -> Figure:
    value = float(np.mean([bool(getattr(case, holds)) for case in cases])) if cases else 0.0
    return Figure(name, value, len(cases), Target(most, at_least=False))


def _percent(cases: Sequence[KindCase], done: str, holds: str) -> str:
    own = [bool(getattr(case, holds)) for case in cases if case.done == done]
    return f"{100 * float(np.mean(own)):.0f} %" if own else "-"
