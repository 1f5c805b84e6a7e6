"""Two thousand presses on torn streams, and ten thousand whole frames that must all pass."""

import sys
from pathlib import Path
from typing import Any

from tests.faults.camera.torn import Outcome, press_on_torn, refused_whole
from tests.torn_pictures import RAW_TEARS, TEARS

PRESSES = 2000
WHOLE = 10_000
_WHOLE_AT_A_TIME = 500


def soak(share: float, _scratch: Path) -> dict[str, Any]:
    """Return the torn captures and the whole frames refused; ok if there are none of either."""
    kinds = [(kind, raw) for raw in (False, True) for kind in (RAW_TEARS if raw else TEARS)]
    each = max(1, -(-round(PRESSES * share) // len(kinds)))
    outcomes: dict[str, Outcome] = {}
    for number, (kind, raw) in enumerate(kinds):
        name = f"{kind}, {'raw' if raw else 'packets'}"
        outcomes[name] = press_on_torn(kind, each, raw=raw, seed=number)
        _tell(f"{name}: {outcomes[name].torn_captures} torn captures of {each}")
    count, refused = max(1, round(WHOLE * share)), {}
    for begin in range(0, count, _WHOLE_AT_A_TIME):
        found = refused_whole(min(_WHOLE_AT_A_TIME, count - begin), seed=begin)
        refused.update({f"{look}, from {begin}": times for look, times in found.items()})
        _tell(f"{begin} whole frames of {count}: {sum(refused.values())} refused")
    torn = sum(one.torn_captures for one in outcomes.values())
    return {
        "ok": torn == 0 and not refused and not any(one.whole_refused for one in outcomes.values()),
        "presses": each * len(kinds),
        "held": sum(one.held for one in outcomes.values()),
        "torn_captures": torn,
        "torn_frames_sent": sum(one.torn_sent for one in outcomes.values()),
        "torn_frames_passed": {name: one.torn_in_ring for name, one in outcomes.items()},
        "whole_beside_torn": sum(one.whole_sent for one in outcomes.values()),
        "of_these_refused": sum(one.whole_refused for one in outcomes.values()),
        "whole_frames": count,
        "whole_refused": refused,
    }


def _tell(words: str) -> None:
    print(f"soak: {words}", file=sys.stderr, flush=True)
