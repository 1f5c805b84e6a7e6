"""`python -m calibration DATA`: fit, write the table and report on the test half.

With `--figures` it only reports, on the table that is shipped.
"""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import cv2

from calibration.audited_sets import agreement, audited_sets
from calibration.cases import Case, judge_cases, judge_plain
from calibration.charts import roc_chart
from calibration.figures import figures, passed_negatives, rank_figures, roc
from calibration.kind_figures import KindCase, judge_kinds, kind_figures
from calibration.kind_fit import fit_kinds, write_kinds
from calibration.kind_report import plain_kinds, write_kind_docs
from calibration.report import Results, plain_table, write_docs
from calibration.sources import NO_SKIN_FOLDER, SKIN_FOLDERS, read, sources
from calibration.speed import Speed, measure_speed
from calibration.stacks import stack_scores, sweep_scores
from calibration.table_file import (
    SOFTEST_SHARE,
    Effort,
    calibrate,
    read_json,
    write_table,
)
from dermstation.domain.quality import Aspect
from dermstation.domain.shots import ShotKind
from dermstation.imaging.shot_kind import TABLE_PATH as KINDS_PATH
from dermstation.imaging.shot_kind import kind_model
from dermstation.imaging.table import TABLE_PATH, table

_CASES_SEED = 2  # not the seed of the fit
_TIMED_EVERY = 5  # one picture in five is timed


def main(arguments: Sequence[str]) -> int:
    """Run the calibration; return 0, or 1 if there are no pictures or a target is missed."""
    parser = argparse.ArgumentParser(prog="python -m calibration")
    parser.add_argument("data", type=Path, help="the data folder")
    parser.add_argument("--figures", action="store_true", help="only report: do not fit or write")
    parser.add_argument("--docs", type=Path, help="folder with the quality.md to update")
    parser.add_argument("--date", default=datetime.now(tz=UTC).date().isoformat())
    parser.add_argument("--workers", type=int, default=2)
    wanted = parser.parse_args(arguments)
    if not sources(wanted.data, SKIN_FOLDERS[ShotKind.DERMOSCOPIC]):
        print(f"no pictures in {wanted.data}", file=sys.stderr)  # noqa: T201 - a command's output
        return 1
    cv2.setNumThreads(1)
    if not wanted.figures:
        effort = Effort(workers=wanted.workers)
        write_table(calibrate(wanted.data, wanted.date, effort), TABLE_PATH)
        table.cache_clear()
        write_kinds(fit_kinds(wanted.data, workers=wanted.workers), KINDS_PATH)
        kind_model.cache_clear()
    results = _results(wanted.data, wanted.workers)
    kinds = judge_kinds(wanted.data, workers=wanted.workers)
    print(plain_table(results))  # noqa: T201 - a command's output
    sets = agreement(audited_sets())
    print(f"{sets.name}: {sets.value:.1%} of {sets.count}")  # noqa: T201 - a command's output
    print(plain_kinds(kinds))  # noqa: T201 - a command's output
    if wanted.docs:
        _write_docs(wanted.docs, wanted.data, results, kinds)
    found = [one for shot in results.figures.values() for one in shot] + kind_figures(kinds)
    return 0 if all(one.holds for one in [*found, *results.stacks, results.negatives, sets]) else 1


def _results(data: Path, workers: int) -> Results:
    cases: dict[ShotKind, list[Case]] = {}
    left_out: dict[ShotKind, list[str]] = {}
    no_skin = sources(data, NO_SKIN_FOLDER)
    unseen = [source for source in no_skin if not source.is_training]
    for shot, folder in SKIN_FOLDERS.items():
        chosen = [source for source in sources(data, folder) if not source.is_training]
        judged = judge_cases(chosen, shot, unseen, seed=_CASES_SEED, workers=workers)
        left_out[shot] = _softest(judged)
        cases[shot] = [case for case in judged if case.name not in left_out[shot]]
    negatives = judge_plain(no_skin, ShotKind.DERMOSCOPIC)
    return Results(
        cases=cases,
        left_out=left_out,
        figures={shot: figures(own, shot) for shot, own in cases.items()},
        stacks=rank_figures(stack_scores(data), sweep_scores(data)),
        negatives=passed_negatives(negatives),
        speed=_speed(data),
    )


def _speed(data: Path) -> list[Speed]:
    """Time some pictures of each kind of shot, using close-ups for general views too."""
    contact, near = (
        [read(source) for source in sources(data, folder)[::_TIMED_EVERY]]
        for folder in SKIN_FOLDERS.values()
    )
    return measure_speed(
        {ShotKind.DERMOSCOPIC: contact, ShotKind.CLOSEUP: near, ShotKind.GENERAL: near}
    )


def _softest(cases: Sequence[Case]) -> list[str]:
    """Return the names of the tenth of the pictures with the lowest focus score as taken."""
    plain = sorted(
        (case.report.judgement(Aspect.FOCUS).score, case.name)
        for case in cases
        if case.kind == "as taken"
    )
    return [name for _, name in plain[: round(len(plain) * SOFTEST_SHARE)]]


def _write_docs(docs: Path, data: Path, results: Results, kinds: Sequence[KindCase]) -> None:
    for shot, cases in results.cases.items():
        curves = {kind: roc(cases, kind) for kind in ("standard", "nuisance")}
        chart = roc_chart(f"{shot.value.capitalize()}: blur of 3 px and more found", curves)
        path = docs / "images" / f"quality-roc-{shot.value}.svg"
        path.write_text(chart, encoding="utf-8")
    write_docs(docs / "quality.md", results, read_json(TABLE_PATH), data / "MANIFEST.csv")
    write_kind_docs(docs / "quality.md", kinds, read_json(KINDS_PATH))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
