"""Thirty minutes of live view, and a thousand camera faults in random order."""

import random
import sys
from pathlib import Path
from typing import Any

from benchmarks.figures import p95
from benchmarks.memory import measure_memory
from benchmarks.screen import virtual_screen
from tests.faults.camera.rig import FAULTS, Found, Rig

LIVE_S = 1800.0
SEQUENCES = 1000
WITHIN_S = 2.0
MOST_GROWTH_MIB = 5.0
_TELL_EVERY = 50


def soak(share: float, scratch: Path) -> dict[str, Any]:
    """Return the figures for memory and faults; ok if both keep their promises."""
    with virtual_screen():
        memory = measure_memory(LIVE_S * share, scratch)
    faults = _faults(max(len(FAULTS), round(SEQUENCES * share)))
    ok = memory["rss_growth_mib"] <= MOST_GROWTH_MIB and faults["ok"]
    return {"ok": ok, "memory": memory, "faults": faults}


def _faults(count: int) -> dict[str, Any]:
    rng = random.Random(11)  # noqa: S311 - an order, not a secret
    found: list[Found] = []
    with Rig(320, 240) as rig:
        order = list(FAULTS)
        for number in range(count):
            if number % len(order) == 0:
                rng.shuffle(order)
            found.append(rig.play(order[number % len(order)], stays_s=rng.uniform(0.0, 1.0)))
            if number % _TELL_EVERY == 0:
                print(f"soak: {number} faults of {count}", file=sys.stderr, flush=True)
    late = [one.name for one in found if max(_times(one)) > WITHIN_S]
    wrong = sum(one.wrong_frames for one in found)
    by_fault = {
        fault.name: _spread([one for one in found if one.name == fault.name]) for fault in FAULTS
    }
    return {
        "ok": wrong == 0 and not late,
        "sequences": count,
        "wrong_frames": wrong,
        "later_than_2_s": len(late),
        "late": sorted(set(late)),
        **_spread(found),
        "pressed": sum(one.held + one.refused for one in found),
        "held": sum(one.held for one in found),
        "by_fault": by_fault,
    }


def _spread(found: list[Found]) -> dict[str, float]:
    """Return the promised times: until faults were noticed, and from their end to recovery."""
    noticed, recovered = (sorted(times) for times in zip(*map(_times, found), strict=True))
    return {
        "noticed_p95_s": round(_p95(noticed), 2),
        "noticed_max_s": round(noticed[-1], 2),
        "recovered_p95_s": round(_p95(recovered), 2),
        "recovered_max_s": round(recovered[-1], 2),
    }


def _p95(values: list[float]) -> float:
    return p95(values) if len(values) > 1 else values[0]


def _times(one: Found) -> tuple[float, float]:
    return one.noticed_after_s, one.recovered_after_s
