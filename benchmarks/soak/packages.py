"""Package 200 generated episodes for every preset, and open packages with other programs.

The second part has a made-up patient for each of many scripts, every destination in every form, and
each side of each site of the body: `tests/opened`.
"""

import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from dermstation.domain.presets import Preset
from dermstation.handover.contents import PackageContents
from tests.generated_packages import (
    complaints,
    episodes,
    made_or_refused,
    missing_tools,
    options,
)
from tests.opened.packages import Findings, cases, open_everywhere, skipped

EPISODES = 200
_MOST_TOLD = 20


def soak(share: float, scratch: Path) -> dict[str, Any]:
    """Return how many packages were clean or refused in words, and the first complaints.

    Ok if there are no complaints and the programs that check generated packages are installed. Of
    the programs that open packages, those that are missing are skipped and named.
    """
    outcomes: Counter[str] = Counter()
    told: list[str] = []
    began = time.monotonic()

    @seed(0)
    @settings(
        max_examples=max(1, round(EPISODES * share)),
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(data=st.data())
    def one(data: Any) -> None:
        outcomes["episodes"] += 1
        print(f"soak: generated episode {outcomes['episodes']}", file=sys.stderr, flush=True)
        contents = data.draw(episodes())
        for preset in Preset:
            chosen = data.draw(options((preset,)))
            _package(replace(contents, options=chosen), scratch, outcomes, told)

    opened = _opened(share, scratch)
    one()
    return {
        **outcomes,
        "complaints": told[:_MOST_TOLD],
        "missing_tools": missing_tools(),
        "opened": opened,
        "seconds": round(time.monotonic() - began, 1),
        "ok": not told and not missing_tools() and not opened["wrong"],
    }


def _opened(share: float, scratch: Path) -> dict[str, Any]:
    """Open made-up packages with everything that is installed; a short run takes some of them."""
    listed, found = cases(), Findings()
    step = max(1, round(1 / share))
    for number, case in enumerate(listed[::step]):
        print(f"soak: opening package {number}, {case.name}", file=sys.stderr, flush=True)
        before = len(found.wrong)
        open_everywhere(case, scratch, found)
        for words in found.wrong[before:]:
            print(f"soak: wrong: {words}", file=sys.stderr, flush=True)
    return {
        "packages": found.packages,
        "looks": found.looks.total(),
        "wrong": len(found.wrong),
        "by_program": found.by_program,
        "told": found.wrong[:_MOST_TOLD],
        "skipped": skipped(),
    }


def _package(
    contents: PackageContents, scratch: Path, outcomes: Counter[str], told: list[str]
) -> None:
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        words, package = made_or_refused(contents, Path(folder))
        if package is None:
            outcomes["refused"] += 1
            if not words or "{" in words or list(Path(folder).iterdir()):
                told.append(f"refused badly: {words}")
            return
        found = complaints(package, contents)
        outcomes["found" if found else "clean"] += 1
        told += [f"{contents.options.preset}: {words}" for words in found]
