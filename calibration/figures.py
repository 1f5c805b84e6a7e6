"""Compute the promised figures from judged cases, each value with its target.

Pure functions on cases; reads no pictures.
"""

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibration.cases import Case
from dermstation.domain.quality import Aspect, Cause, Verdict
from dermstation.domain.shots import ShotKind
from dermstation.imaging.table import table

_SHARP_PX, _SOFT_PX = 1.0, 3.0
_ORDER_PX = (0.0, 1.5, 3.0, 5.0, 8.0)
_BRIGHT = {Cause.OVER, Cause.CLIPPED}


@dataclass(frozen=True, slots=True)
class Target:
    """The target of a figure: at least or at most `value`, or None if there is no target."""

    value: float | None
    at_least: bool = True

    def holds(self, found: float) -> bool:
        """Return whether a value meets the target."""
        if self.value is None:
            return True
        return found >= self.value if self.at_least else found <= self.value


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: its name, its value, the number of cases and the target."""

    name: str
    value: float
    count: int
    target: Target
    percent: bool = True

    @property
    def holds(self) -> bool:
        """Return whether the target is met."""
        return self.target.holds(self.value)


def figures(cases: Sequence[Case], shot: ShotKind) -> list[Figure]:
    """Return all figures of one kind of shot."""
    contact = shot is ShotKind.DERMOSCOPIC
    standard, nuisance = _of(cases, "standard"), _of(cases, "nuisance")
    sharp = [case for case in nuisance if case.blur_px <= _SHARP_PX]
    soft = [case for case in nuisance if case.blur_px >= _SOFT_PX]
    shaken, lit = _of(cases, "shake"), _of(cases, "as taken", "well exposed")
    dark = _of(cases, "darkened")
    edge = [case for case in soft if case.blur_px == _SOFT_PX]
    found = [case for case in shaken if case.verdict(Aspect.FOCUS) is not Verdict.GOOD]
    least, most = _least, _most
    return [
        _area("AUC of r <= 1 against r >= 3, standard", standard, 0.995 if contact else 0.97),
        _area("AUC of r <= 1 against r >= 3, nuisances", nuisance, 0.98 if contact else 0.95),
        _share("r >= 3 called good", soft, _focus_good, most(0.05 if contact else 0.08)),
        _share("r = 3 called good", edge, _focus_good, Target(None)),
        _share("sharp called poor, focus", sharp, _focus_poor, most(0.05 if contact else 0.06)),
        _share("sharp called poor, whole verdict", sharp, _poor, most(0.05 if contact else 0.06)),
        _share("untouched called good, whole verdict", _of(cases, "as taken"), _good, Target(None)),
        _ordered(standard, 0.95 if contact else 0.90),
        _share("shake of 16 px found", shaken, _not_sharp, least(0.95 if contact else 0.90)),
        _share("of these, called shake", found, _called_shake, least(0.80 if contact else 0.75)),
        _share("r >= 3 called shake", soft, _called_shake, Target(None)),
        _share("-3 EV called under", _of(cases, "under"), _under, least(0.97 if contact else 0.95)),
        _share(
            "+2.5 EV over or clipped", _of(cases, "over"), _over, least(0.97 if contact else 0.95)
        ),
        _share(
            "well exposed called poor, light", lit, _light_poor, most(0.04 if contact else 0.05)
        ),
        _share("well exposed called poor, whole", lit, _poor, most(0.04 if contact else 0.05)),
        _share(
            "dark albedo, well lit, called under", dark, _under, most(0.04 if contact else 0.05)
        ),
        _share(
            "dark albedo, r = 3, called good",
            _of(cases, "darkened blurred"),
            _focus_good,
            Target(None),
        ),
        _share(
            "half size: r >= 3 called good", _small(cases, soft=True), _focus_good, Target(None)
        ),
        _share(
            "half size: sharp called poor", _small(cases, soft=False), _focus_poor, Target(None)
        ),
        _share("pasted glare noticed", _of(cases, "glare"), _glare, Target(None)),
        _share("glare seen where none was pasted", _of(cases, "as taken"), _glare, Target(None)),
        _share("tint of 0.9 stops noticed", _of(cases, "tint"), _tint, Target(None)),
        _share("tint seen where none was added", _of(cases, "as taken"), _tint, Target(None)),
        *_composed(cases),
    ]


def _composed(cases: Sequence[Case]) -> list[Figure]:
    """Return the figures for degraded skin next to something sharp, and for drawn rulers."""
    found = []
    for name, kind in (("beside a scale", "scale"), ("before a sharp background", "background")):
        own = _of(cases, kind)
        sharp = [case for case in own if case.blur_px <= _SHARP_PX]
        soft = [case for case in own if case.blur_px >= _SOFT_PX]
        found += [
            _share(f"{name}: sharp called poor", sharp, _focus_poor, Target(None)),
            _share(f"{name}: sharp called good", sharp, _focus_good, Target(None)),
            _share(f"{name}: r >= 3 called good", soft, _focus_good, Target(None)),
        ]
    for length in (8.0, 16.0):
        shaken = [case for case in _of(cases, "scale shake") if case.blur_px == length]
        name = f"beside a scale: shake of {length:g} px called good"
        found.append(_share(name, shaken, _focus_good, Target(None)))
    return [
        *found,
        _share("drawn ruler seen", _of(cases, "ruler"), _ruler, Target(None)),
        _share("ruler seen where there is none", _ruler_cases(cases), _ruler, Target(None)),
    ]


def _ruler_cases(cases: Sequence[Case]) -> list[Case]:
    """Return the cases without a ruler in which one was searched for."""
    limit = "ruler_strength"
    own = _of(cases, "as taken", "nuisance")
    return [case for case in own if limit in case.report.judgement(Aspect.FRAMING).measures]


def passed_negatives(cases: Sequence[Case]) -> Figure:
    """Return the share of pictures without skin that pass as good dermoscopy."""
    return _share("pictures without skin passed as good", cases, _good, _most(0.05))


def rank_figures(
    stacks: Mapping[str, Sequence[tuple[float, float]]], sweep: Sequence[tuple[float, float]] = ()
) -> list[Figure]:
    """Return the rank correlation of score and distance from focus for each stack, and the mean.

    `sweep` has softness instead of distances and does not count towards the mean.
    """
    values = {name: _rank_correlation(stack) for name, stack in stacks.items()}
    found = [
        Figure(f"rank correlation, {name}", value, len(stacks[name]), Target(None), percent=False)
        for name, value in values.items()
    ]
    count = sum(map(len, stacks.values()))
    mean = float(np.mean(list(values.values()))) if values else float("nan")
    found.append(Figure("rank correlation, mean of stacks", mean, count, _least(0.95), False))
    if sweep:
        value = _rank_correlation(sweep)
        name = "rank correlation with plain sharpness, sweep"
        found.append(Figure(name, value, len(sweep), Target(None), percent=False))
    return found


def roc(cases: Sequence[Case], kind: str) -> tuple[list[float], list[float]]:
    """Return false alarms and hits (each 0-1) when the score separates r >= 3 from r <= 1."""
    sharp, soft = _sharp_and_soft(cases, kind)
    limits = np.unique(np.concatenate([sharp, soft]))
    alarms = [float((sharp < limit).mean()) for limit in limits]
    hits = [float((soft < limit).mean()) for limit in limits]
    return [0.0, *alarms, 1.0], [0.0, *hits, 1.0]


def area_under(sharp: NDArray[np.float64], soft: NDArray[np.float64]) -> float:
    """Return the chance that a soft picture scores lower than a sharp one; ties count half."""
    if not len(sharp) or not len(soft):
        return float("nan")
    below = (soft[:, None] < sharp[None, :]).mean()
    return float(below + 0.5 * (soft[:, None] == sharp[None, :]).mean())


def _of(cases: Iterable[Case], *kinds: str) -> list[Case]:
    return [case for case in cases if case.kind in kinds]


def _small(cases: Iterable[Case], *, soft: bool) -> list[Case]:
    return [case for case in _of(cases, "small") if (case.blur_px >= _SOFT_PX) is soft]


def _share(
    name: str, cases: Sequence[Case], holds: Callable[[Case], bool], target: Target
) -> Figure:
    value = sum(map(holds, cases)) / len(cases) if cases else float("nan")
    return Figure(name, value, len(cases), target)


def _area(name: str, cases: Sequence[Case], least: float) -> Figure:
    sharp, soft = _sharp_and_soft(cases, None)
    return Figure(name, area_under(sharp, soft), len(cases), _least(least), percent=False)


def _sharp_and_soft(
    cases: Sequence[Case], kind: str | None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    own = [case for case in cases if kind is None or case.kind == kind]
    sharp = [case.score for case in own if case.blur_px <= _SHARP_PX]
    soft = [case.score for case in own if case.blur_px >= _SOFT_PX]
    return np.array(sharp), np.array(soft)


def _ordered(standard: Sequence[Case], least: float) -> Figure:
    names = sorted({case.name for case in standard})
    kept = 0
    for name in names:
        by_blur = {case.blur_px: case.score for case in standard if case.name == name}
        scores = [by_blur[radius] for radius in _ORDER_PX]
        kept += all(before > after for before, after in itertools.pairwise(scores))
    share = kept / len(names) if names else float("nan")
    return Figure("scores in order at r = 0, 1.5, 3, 5, 8", share, len(names), _least(least))


def _rank_correlation(stack: Sequence[tuple[float, float]]) -> float:
    """Return Spearman's correlation of distance and lost score; ties share their rank."""
    distance = _ranks(np.array([float(place) for place, _ in stack]))
    lost = _ranks(np.array([-score for _, score in stack]))
    return float(np.corrcoef(distance, lost)[0, 1])


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    smaller = (values[None, :] < values[:, None]).sum(axis=1)
    same = (values[None, :] == values[:, None]).sum(axis=1)
    return np.asarray(smaller + (same - 1) / 2, np.float64)


def _least(value: float) -> Target:
    return Target(value)


def _most(value: float) -> Target:
    return Target(value, at_least=False)


def _good(case: Case) -> bool:
    return case.verdict() is Verdict.GOOD


def _poor(case: Case) -> bool:
    return case.verdict() is Verdict.POOR


def _focus_good(case: Case) -> bool:
    return case.verdict(Aspect.FOCUS) is Verdict.GOOD


def _focus_poor(case: Case) -> bool:
    return case.verdict(Aspect.FOCUS) is Verdict.POOR


def _not_sharp(case: Case) -> bool:
    return not _focus_good(case)


def _called_shake(case: Case) -> bool:
    return case.cause(Aspect.FOCUS) is Cause.SHAKE


def _under(case: Case) -> bool:
    return case.cause(Aspect.EXPOSURE) is Cause.UNDER


def _over(case: Case) -> bool:
    return case.cause(Aspect.EXPOSURE) in _BRIGHT


def _light_poor(case: Case) -> bool:
    return case.verdict(Aspect.EXPOSURE) is Verdict.POOR


def _glare(case: Case) -> bool:
    return case.cause(Aspect.GLARE) is Cause.GLARE


def _ruler(case: Case) -> bool:
    least = table().limits[case.report.shot].least_ruler_strength
    strength = case.report.judgement(Aspect.FRAMING).measures["ruler_strength"]
    return least is not None and strength >= least


def _tint(case: Case) -> bool:
    return case.cause(Aspect.COLOUR) is Cause.CAST
