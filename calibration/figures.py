"""Compute the promised figures from judged cases, each value with its target.

Pure functions on cases; reads no pictures.
"""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from calibration.card_figures import card_figures
from calibration.cases import Case
from calibration.counting import (
    Figure,
    Target,
    at_least,
    at_most,
    focus_is_good,
    focus_is_poor,
    has_glare,
    has_ruler,
    is_called_noisy,
    is_called_shake,
    is_good,
    is_not_sharp,
    is_over,
    is_poor,
    is_tinted,
    is_under,
    light_is_poor,
    of_kinds,
    share_of,
)
from calibration.pigment import TONES
from dermstation.domain.quality import Aspect, Verdict
from dermstation.domain.shots import ShotKind

_SHARP_PX, _SOFT_PX = 1.0, 3.0
_MOST_BESIDE = 0.15  # of blurred skin beside something sharp
_ORDER_PX = (0.0, 1.5, 3.0, 5.0, 8.0)


def figures(cases: Sequence[Case], shot: ShotKind) -> list[Figure]:
    """Return all figures of one kind of shot."""
    contact = shot is ShotKind.DERMOSCOPIC
    standard, nuisance = of_kinds(cases, "standard"), of_kinds(cases, "nuisance")
    sharp = [case for case in nuisance if case.blur_px <= _SHARP_PX]
    soft = [case for case in nuisance if case.blur_px >= _SOFT_PX]
    shaken, lit = of_kinds(cases, "shake"), of_kinds(cases, "as taken", "well exposed")
    dark = of_kinds(cases, "darkened")
    edge = [case for case in soft if case.blur_px == _SOFT_PX]
    found = [case for case in shaken if case.verdict(Aspect.FOCUS) is not Verdict.GOOD]
    return [
        _area("AUC of r <= 1 against r >= 3, standard", standard, 0.995 if contact else 0.97),
        _area("AUC of r <= 1 against r >= 3, nuisances", nuisance, 0.98 if contact else 0.95),
        _area_at_edge("AUC of r <= 1 against r = 3, nuisances", nuisance),
        share_of("r >= 3 called good", soft, focus_is_good, at_most(0.05 if contact else 0.08)),
        share_of("r = 3 called good", edge, focus_is_good, Target(None)),
        share_of(
            "sharp called poor, focus", sharp, focus_is_poor, at_most(0.05 if contact else 0.06)
        ),
        share_of(
            "sharp called poor, whole verdict", sharp, is_poor, at_most(0.05 if contact else 0.06)
        ),
        share_of(
            "untouched called good, whole verdict",
            of_kinds(cases, "as taken"),
            is_good,
            Target(None),
        ),
        _ordered(standard, 0.95 if contact else 0.90),
        share_of("shake of 16 px found", shaken, is_not_sharp, at_least(0.95 if contact else 0.90)),
        share_of(
            "of these, called shake", found, is_called_shake, at_least(0.80 if contact else 0.75)
        ),
        share_of("r >= 3 called shake", soft, is_called_shake, Target(None)),
        share_of(
            "-3 EV called under",
            of_kinds(cases, "under"),
            is_under,
            at_least(0.97 if contact else 0.95),
        ),
        share_of(
            "+2.5 EV over or clipped",
            of_kinds(cases, "over"),
            is_over,
            at_least(0.97 if contact else 0.95),
        ),
        share_of(
            "well exposed called poor, light",
            lit,
            light_is_poor,
            at_most(0.04 if contact else 0.05),
        ),
        share_of(
            "well exposed called poor, whole", lit, is_poor, at_most(0.04 if contact else 0.05)
        ),
        share_of(
            "dark albedo, well lit, called under",
            dark,
            is_under,
            at_most(0.04 if contact else 0.05),
        ),
        share_of(
            "dark albedo, r = 3, called good",
            of_kinds(cases, "darkened blurred"),
            focus_is_good,
            Target(None),
        ),
        share_of(
            "half size: r >= 3 called good", _small(cases, soft=True), focus_is_good, Target(None)
        ),
        share_of(
            "half size: sharp called poor", _small(cases, soft=False), focus_is_poor, Target(None)
        ),
        share_of("pasted glare noticed", of_kinds(cases, "glare"), has_glare, Target(None)),
        share_of(
            "glare seen where none was pasted", of_kinds(cases, "as taken"), has_glare, Target(None)
        ),
        share_of("tint of 0.9 stops noticed", of_kinds(cases, "tint"), is_tinted, Target(None)),
        share_of(
            "tint seen where none was added", of_kinds(cases, "as taken"), is_tinted, Target(None)
        ),
        *_noisy(cases, 0.98 if contact else 0.95),
        *(
            figure
            for tone in TONES
            for figure in _toned(cases, f"tone {tone.name}", contact=contact)
        ),
        *_composed(cases),
        *card_figures(cases),
    ]


def _noisy(cases: Sequence[Case], least: float) -> list[Figure]:
    """Return the figures under the widened nuisances, and under strong noise alone."""
    widened, noisy = of_kinds(cases, "widened"), of_kinds(cases, "noisy")
    sharp = [case for case in noisy if case.blur_px <= _SHARP_PX]
    soft = [case for case in noisy if case.blur_px >= _SOFT_PX]
    fair = [case for case in noisy if case.verdict(Aspect.FOCUS) is Verdict.FAIR]
    return [
        _area("AUC of r <= 1 against r >= 3, widened", widened, least),
        _area_without_one("AUC, widened, without the picture that costs most", widened),
        _area_at_edge("AUC of r <= 1 against r = 3, widened", widened),
        share_of("noisy: r >= 3 called good", soft, focus_is_good, at_most(0.05)),
        share_of("noisy: sharp called poor", sharp, focus_is_poor, at_most(0.08)),
        share_of("noisy: sharp called good", sharp, focus_is_good, Target(None)),
        share_of("noisy: of the fair ones, called noisy", fair, is_called_noisy, Target(None)),
    ]


def _toned(cases: Sequence[Case], kind: str, *, contact: bool) -> list[Figure]:
    """Return the figures of pictures with the skin of a darker tone."""
    lit, own = of_kinds(cases, f"{kind}, well lit"), of_kinds(cases, kind)
    sharp = [case for case in own if case.blur_px <= _SHARP_PX]
    soft = [case for case in own if case.blur_px >= _SOFT_PX]
    most = 0.04 if contact else 0.05
    return [
        share_of(f"{kind}, well lit, called under", lit, is_under, at_most(most)),
        share_of(f"{kind}, well lit, called tinted", lit, is_tinted, Target(None)),
        share_of(f"{kind}: r >= 3 called good", soft, focus_is_good, Target(None)),
        share_of(f"{kind}: sharp called poor", sharp, focus_is_poor, Target(None)),
    ]


def _composed(cases: Sequence[Case]) -> list[Figure]:
    """Return the figures for degraded skin next to something sharp, and for drawn rulers."""
    found = []
    for name, kind, most in (
        ("beside a scale", "scale", None),
        ("before a sharp background", "background", _MOST_BESIDE),
    ):
        own = of_kinds(cases, kind)
        target = Target(most if own else None, at_least=False)
        sharp = [case for case in own if case.blur_px <= _SHARP_PX]
        soft = [case for case in own if case.blur_px >= _SOFT_PX]
        found += [
            share_of(f"{name}: sharp called poor", sharp, focus_is_poor, Target(None)),
            share_of(f"{name}: sharp called good", sharp, focus_is_good, Target(None)),
            share_of(f"{name}: r >= 3 called good", soft, focus_is_good, target),
        ]
    for length, most in ((8.0, _MOST_BESIDE), (16.0, None)):
        shaken = [case for case in of_kinds(cases, "scale shake") if case.blur_px == length]
        name = f"beside a scale: shake of {length:g} px called good"
        target = Target(most if shaken else None, at_least=False)
        found.append(share_of(name, shaken, focus_is_good, target))
    return [
        *found,
        share_of("drawn ruler seen", of_kinds(cases, "ruler"), has_ruler, Target(None)),
        share_of("ruler seen where there is none", _ruler_cases(cases), has_ruler, Target(None)),
    ]


def _ruler_cases(cases: Sequence[Case]) -> list[Case]:
    """Return the cases without a ruler in which one was searched for."""
    limit = "ruler_strength"
    own = of_kinds(cases, "as taken", "nuisance")
    return [case for case in own if limit in case.report.judgement(Aspect.FRAMING).measures]


def passed_negatives(cases: Sequence[Case]) -> Figure:
    """Return the share of pictures without skin that pass as good dermoscopy."""
    return share_of("pictures without skin passed as good", cases, is_good, at_most(0.05))


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
    found.append(Figure("rank correlation, mean of stacks", mean, count, at_least(0.95), False))
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


def _small(cases: Iterable[Case], *, soft: bool) -> list[Case]:
    return [case for case in of_kinds(cases, "small") if (case.blur_px >= _SOFT_PX) is soft]


def _area(name: str, cases: Sequence[Case], least: float) -> Figure:
    sharp, soft = _sharp_and_soft(cases, None)
    return Figure(name, area_under(sharp, soft), len(cases), at_least(least), percent=False)


def _area_at_edge(name: str, cases: Sequence[Case]) -> Figure:
    """Return how well the score separates sharp pictures from those at the limit."""
    edge = [case for case in cases if case.blur_px <= _SOFT_PX]
    return replace(_area(name, edge, 0.0), target=Target(None))


def _area_without_one(name: str, cases: Sequence[Case]) -> Figure:
    """Return the largest area that leaving out one source picture gives: what hangs on one."""
    names = {case.name for case in cases}
    left = ([case for case in cases if case.name != one] for one in names)
    areas = (area_under(*_sharp_and_soft(own, None)) for own in left)
    return Figure(name, max(areas, default=0.0), len(cases), Target(None), percent=False)


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
    return Figure("scores in order at r = 0, 1.5, 3, 5, 8", share, len(names), at_least(least))


def _rank_correlation(stack: Sequence[tuple[float, float]]) -> float:
    """Return Spearman's correlation of distance and lost score; ties share their rank."""
    distance = _ranks(np.array([float(place) for place, _ in stack]))
    lost = _ranks(np.array([-score for _, score in stack]))
    return float(np.corrcoef(distance, lost)[0, 1])


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    smaller = (values[None, :] < values[:, None]).sum(axis=1)
    same = (values[None, :] == values[:, None]).sum(axis=1)
    return np.asarray(smaller + (same - 1) / 2, np.float64)
