"""Make packages of generated episodes for every preset, and ask other programs what is wrong.

    python benchmarks/soak_packages.py --episodes 200

Prints one JSON object: how many were clean or refused in words, the complaints, the tools that
were missing. Exit status 1 where anything was found.
"""

import argparse
import contextlib
import json
import math
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from dermstation.handover.contents import PackageContents
from dermstation.handover.options import Preset
from tests.generated_packages import (
    complaints,
    episodes,
    made_or_refused,
    missing_tools,
    options,
)

_MOST_TOLD = 20


class _TimeIsOverError(KeyboardInterrupt):
    """Ends the run at once: any other exception hypothesis would try again."""


def soak_packages(count: int, start: int = 0, seconds: float = math.inf) -> dict[str, Any]:
    """Package `count` generated episodes for every preset; `start` chooses other ones.

    After `seconds` no more are begun.
    """
    outcomes: Counter[str] = Counter()
    told: list[str] = []
    began = time.monotonic()

    @seed(start)
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(data=st.data())
    def one(data: Any) -> None:
        if time.monotonic() - began > seconds:
            raise _TimeIsOverError
        outcomes["episodes"] += 1
        contents = data.draw(episodes())
        for preset in Preset:
            chosen = data.draw(options((preset,)))
            _package(replace(contents, options=chosen), outcomes, told)

    with contextlib.suppress(_TimeIsOverError):
        one()
    return {
        **outcomes,
        "complaints": told[:_MOST_TOLD],
        "missing_tools": missing_tools(),
        "seconds": round(time.monotonic() - began, 1),
        "ok": not told and not missing_tools(),
    }


def _package(contents: PackageContents, outcomes: Counter[str], told: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        words, package = made_or_refused(contents, Path(folder))
        if package is None:
            outcomes["refused"] += 1
            if not words or "{" in words or list(Path(folder).iterdir()):
                told.append(f"refused badly: {words}")
            return
        found = complaints(package, contents)
        outcomes["found" if found else "clean"] += 1
        told += [f"{contents.options.preset}: {words}" for words in found]


def main() -> int:
    """Read the command line, run, print."""
    parser = argparse.ArgumentParser(description="Soak of the package.")
    parser.add_argument("--episodes", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=math.inf)
    wanted = parser.parse_args()
    report = soak_packages(wanted.episodes, wanted.seed, wanted.seconds)
    print(json.dumps(report, indent=2))
    return 0 if report["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
