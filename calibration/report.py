"""The report: figures and targets for the terminal, and the generated part of docs/quality.md.

The hand-written text around that part is left unchanged. Pictures of the data are never shown.
"""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from calibration.cases import Case
from calibration.counting import Figure
from calibration.figures import figures
from calibration.speed import ROUNDS, Speed
from calibration.tone import TONES, tone_name
from dermstation.domain.quality import Aspect, Cause, Verdict
from dermstation.domain.shots import ShotKind
from dermstation.imaging.thresholds import Limit

BEGIN = "<!-- written by calibration: from here -->"
END = "<!-- to here -->"
_ARTEFACTS = re.compile(r"artefacts\(Bissoto\)=(not annotated|[\w|]+)")
_SOFT_PX, _SHARP_PX = 3.0, 1.0
_TONES_NOTE = (
    "These are tones of the pictures as they came. Darker tones were made from all of them and "
    "have their own rows."
)
MOST_LIVE_MS = 5.0  # p95 over all turns, for a 1080p frame
MOST_STILL_MS = 40.0


@dataclass(frozen=True, slots=True)
class Results:
    """Everything that is reported: cases and figures of each kind of shot, and the rest."""

    cases: Mapping[ShotKind, Sequence[Case]]
    left_out: Mapping[ShotKind, Sequence[str]]
    figures: Mapping[ShotKind, Sequence[Figure]]
    stacks: Sequence[Figure]
    negatives: Figure
    speed: Sequence[Speed]


def plain_table(results: Results) -> str:
    """Return all figures as lines for a terminal: met or not, value, target, count."""
    lines = []
    for shot, found in results.figures.items():
        lines.append(f"\n{shot.value}: test half, softest tenth left out")
        lines += [figure_line(figure) for figure in found if figure.count]
    lines.append("\nreal stacks and pictures without skin")
    lines += [figure_line(figure) for figure in (*results.stacks, results.negatives)]
    lines.append(
        "\nspeed on 1920x1080 pictures, on one core, in ms of CPU time: over all turns of all "
        f"pictures, and with the best of {ROUNDS} turns of each"
    )
    lines += [_plain_speed(speed) for speed in results.speed]
    lines.append(f"live_p95 {max(speed.live_p95_ms for speed in results.speed):.2f}")
    lines.append(f"score_p95 {max(speed.p95_ms for speed in results.speed):.2f}")
    return "\n".join(lines)


def _plain_speed(speed: Speed) -> str:
    holds = speed.live_p95_ms <= MOST_LIVE_MS and speed.every_p95_ms <= MOST_STILL_MS
    return (
        f"{'ok  ' if holds else 'MISS'} {speed.shot.value:<11} live p95 {speed.live_p95_ms:.2f} "
        f"(at most {MOST_LIVE_MS:g}), of a still hand {speed.kept_p95_ms:.2f}, of a shot's first "
        f"{speed.first_p95_ms:.2f}; still p95 "
        f"{speed.every_p95_ms:.2f} (at most {MOST_STILL_MS:g}), of best turns {speed.p95_ms:.2f}, "
        f"p50 {speed.p50_ms:.2f} or {speed.laplacians:.1f} Laplacian passes  n={speed.pictures}"
    )


def write_docs(path: Path, results: Results, table: Mapping[str, Any], manifest: Path) -> None:
    """Replace the generated part of the document with these results."""
    words = path.read_text(encoding="utf-8")
    before, after = words.split(BEGIN)[0], words.split(END)[1]
    generated = "\n\n".join(_sections(results, table, _artefacts(manifest)))
    path.write_text(f"{before}{BEGIN}\n\n{generated}\n\n{END}{after}", encoding="utf-8")


def _sections(
    results: Results, table: Mapping[str, Any], artefacts: Mapping[str, Sequence[str]]
) -> list[str]:
    made = table["made"]
    pictures = ", ".join(f"{count} {name}" for name, count in made["training_pictures"].items())
    left_out = "; ".join(
        f"{shot.value}: {', '.join(names)}" for shot, names in results.left_out.items()
    )
    origin = (
        f"Made on {made['date']} from the training half ({pictures}; {made['samples']} degraded "
        f"copies), {made['data'][:19]}.... Left out of the fit as the softest tenth: "
        f"{', '.join(made['left_out_as_soft'])}. Left out of the figures below: {left_out}."
    )
    curves = " ".join(
        f"![{shot.value}](images/quality-roc-{shot.value}.svg)" for shot in results.figures
    )
    return [
        "## Calibration",
        origin,
        "### Limits\n\n" + _limits(table["limits"]),
        "## Figures of the test half\n\n" + _figures(results.figures),
        curves,
        "### Real stacks and pictures without skin\n\n"
        + table_rows(
            ("figure", "value", "target", "pictures"),
            map(_row, (*results.stacks, results.negatives)),
        ),
        "## By source, artefact and tone",
        *(
            f"### {shot.value.capitalize()}\n\n" + _groups(cases, artefacts)
            for shot, cases in results.cases.items()
        ),
        f"## Every figure by tone\n\n{_TONES_NOTE}",
        *(
            f"### {shot.value.capitalize()}, by tone\n\n" + _by_tone(cases, shot)
            for shot, cases in results.cases.items()
        ),
    ]


def _by_tone(cases: Sequence[Case], shot: ShotKind) -> str:
    """Return a table of all figures, one column for each tone that the pictures have."""
    groups = {
        name: [case for case in cases if tone_name(case.tone_degrees) == name] for name, _ in TONES
    }
    kept = {name: own for name, own in groups.items() if own}
    found = [figures(own, shot) for own in kept.values()]
    rows = [
        (one[0].name, *map(value_words, one))
        for one in zip(*found, strict=True)
        if any(figure.count for figure in one)
    ]
    counts = [f"{name} ({len({case.name for case in own})})" for name, own in kept.items()]
    return table_rows(("figure", *counts), rows)


def _figures(found: Mapping[ShotKind, Sequence[Figure]]) -> str:
    shots = list(found)
    rows = [
        (
            one[0].name,
            *(cell for figure in one for cell in (value_words(figure), target_words(figure))),
        )
        for one in zip(*found.values(), strict=True)
    ]
    head = [cell for shot in shots for cell in (shot.value, "target")]
    return table_rows(("figure", *head), rows)


def _groups(cases: Sequence[Case], artefacts: Mapping[str, Sequence[str]]) -> str:
    """Return a table of the main errors by artefact and by tone; counts are of pictures."""
    groups: dict[str, list[Case]] = {"all": list(cases)}
    for name in sorted({one for case in cases for one in artefacts.get(case.name, ())}):
        groups[name.replace("_", " ")] = [c for c in cases if name in artefacts.get(c.name, ())]
    for tone, _ in TONES:
        chosen = [case for case in cases if tone_name(case.tone_degrees) == tone]
        if chosen:
            groups[f"tone {tone}"] = chosen
    rows = [
        (
            name,
            str(len({case.name for case in own})),
            _percent(own, "nuisance", _soft_good, soft=True),
            _percent(own, "nuisance", _sharp_poor, soft=False),
            _percent(own, "well exposed", _light_poor),
            _percent(own, "darkened", _under),
            _percent(own, "as taken", _whole_good),
        )
        for name, own in groups.items()
    ]
    head = (
        "group",
        "pictures",
        "r >= 3 called good",
        "sharp called poor",
        "well lit called poor",
        "darkened called under",
        "untouched good",
    )
    return table_rows(head, rows)


def _percent(cases: Iterable[Case], kind: str, holds: Any, *, soft: bool | None = None) -> str:
    own = [case for case in cases if case.kind == kind]
    if soft is not None:
        own = [c for c in own if (c.blur_px >= _SOFT_PX if soft else c.blur_px <= _SHARP_PX)]
    return f"{100 * float(np.mean([holds(case) for case in own])):.0f} %" if own else "-"


def _soft_good(case: Case) -> bool:
    return case.verdict(Aspect.FOCUS) is Verdict.GOOD


def _sharp_poor(case: Case) -> bool:
    return case.verdict(Aspect.FOCUS) is Verdict.POOR


def _light_poor(case: Case) -> bool:
    return case.verdict(Aspect.EXPOSURE) is Verdict.POOR


def _under(case: Case) -> bool:
    return case.cause(Aspect.EXPOSURE) is Cause.UNDER


def _whole_good(case: Case) -> bool:
    return case.verdict() is Verdict.GOOD


def _artefacts(manifest: Path) -> dict[str, tuple[str, ...]]:
    """Return the artefacts named in the data's notes, by file name without extension."""
    if not manifest.exists():
        return {}
    found = {}
    with manifest.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            noted = _ARTEFACTS.search(row["note"] or "")
            if noted:
                found[Path(row["path"]).stem] = tuple(noted[1].split("|"))
    return found


def _limits(limits: Mapping[str, Mapping[str, Any]]) -> str:
    shots = list(limits)
    names = list(next(iter(limits.values())))
    rows = [(f"`{name}`", *(_limit(limits[shot][name]) for shot in shots)) for name in names]
    words = "Good up to the first value, poor beyond the second. A dash: never poor, or not judged."
    return f"{words}\n\n" + table_rows(("measure", *shots), rows)


def _limit(value: Any) -> str:
    if isinstance(value, Limit | Mapping):
        limit = value if isinstance(value, Limit) else Limit(**value)
        return f"{limit.good:g} / {'-' if limit.poor is None else f'{limit.poor:g}'}"
    return "-" if value is None else f"{value:g}"


def figure_line(figure: Figure) -> str:
    """Return a figure as a line for a terminal: met or not, value, target, count."""
    mark = "    " if figure.target.value is None else "ok  " if figure.holds else "MISS"
    value, target = value_words(figure), target_words(figure)
    return f"{mark} {figure.name:<44} {value:>8}  {target:<12} n={figure.count}"


def _row(figure: Figure) -> tuple[str, str, str, str]:
    return figure.name, value_words(figure), target_words(figure), str(figure.count)


def value_words(figure: Figure) -> str:
    """Return a figure's value, or a dash if there was nothing to count."""
    if not figure.count:
        return "-"
    return f"{100 * figure.value:.1f} %" if figure.percent else f"{figure.value:.3f}"


def target_words(figure: Figure) -> str:
    """Return a figure's target; empty if there is none."""
    if figure.target.value is None:
        return ""
    shown = f"{100 * figure.target.value:g} %" if figure.percent else f"{figure.target.value:g}"
    return f"{'>=' if figure.target.at_least else '<='} {shown}"


def table_rows(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])
