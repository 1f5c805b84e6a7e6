"""What the figures count: a share of cases with some property, and the target for it.

Pure functions on cases; reads no pictures.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from calibration.cases import Case
from dermstation.domain.quality import Aspect, Cause, Verdict
from dermstation.imaging.table import table

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


def of_kinds(cases: Iterable[Case], *kinds: str) -> list[Case]:
    """Return the cases of some kinds."""
    return [case for case in cases if case.kind in kinds]


def share_of(
    name: str, cases: Sequence[Case], holds: Callable[[Case], bool], target: Target
) -> Figure:
    """Return the share of cases with a property, NaN of none."""
    value = sum(map(holds, cases)) / len(cases) if cases else float("nan")
    return Figure(name, value, len(cases), target)


def at_least(value: float) -> Target:
    """Return a target that a figure must reach."""
    return Target(value)


def at_most(value: float) -> Target:
    """Return a target that a figure must not exceed."""
    return Target(value, at_least=False)


def is_good(case: Case) -> bool:
    """Return whether the whole picture is called good."""
    return case.verdict() is Verdict.GOOD


def is_poor(case: Case) -> bool:
    """Return whether the whole picture is called poor."""
    return case.verdict() is Verdict.POOR


def focus_is_good(case: Case) -> bool:
    """Return whether the focus is called good."""
    return case.verdict(Aspect.FOCUS) is Verdict.GOOD


def focus_is_poor(case: Case) -> bool:
    """Return whether the focus is called poor."""
    return case.verdict(Aspect.FOCUS) is Verdict.POOR


def is_not_sharp(case: Case) -> bool:
    """Return whether the focus is not called good."""
    return not focus_is_good(case)


def is_called_noisy(case: Case) -> bool:
    """Return whether noise is said to hide the focus."""
    return case.cause(Aspect.FOCUS) is Cause.NOISY


def is_called_shake(case: Case) -> bool:
    """Return whether the blur is called shake."""
    return case.cause(Aspect.FOCUS) is Cause.SHAKE


def is_under(case: Case) -> bool:
    """Return whether the light is called too dark."""
    return case.cause(Aspect.EXPOSURE) is Cause.UNDER


def is_over(case: Case) -> bool:
    """Return whether the light is called too bright, or highlights lost."""
    return case.cause(Aspect.EXPOSURE) in _BRIGHT


def light_is_poor(case: Case) -> bool:
    """Return whether the light is called poor."""
    return case.verdict(Aspect.EXPOSURE) is Verdict.POOR


def has_glare(case: Case) -> bool:
    """Return whether glare is noticed."""
    return case.cause(Aspect.GLARE) is Cause.GLARE


def has_ruler(case: Case) -> bool:
    """Return whether a ruler is seen."""
    least = table().limits[case.report.shot].least_ruler_strength
    strength = case.report.judgement(Aspect.FRAMING).measures["ruler_strength"]
    return least is not None and strength >= least


def is_tinted(case: Case) -> bool:
    """Return whether a tint is noticed."""
    return case.cause(Aspect.COLOUR) is not None


def has_white(case: Case) -> bool:
    """Return whether the light was read from something white."""
    return "reference_share" in case.report.judgement(Aspect.COLOUR).measures


def is_named_rightly(case: Case) -> bool:
    """Return whether the tint of a copy with a card is named as what it is."""
    cause = case.cause(Aspect.COLOUR)
    return case.kind == f"card, {'none' if cause is None else cause.value}"
