"""Read 2,000 generated names in each of five character sets, as record systems write them."""

import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.generated_names import ENCODINGS, read_back

NAMES = 2_000
_WAYS: dict[str, dict[str, bool]] = {
    "nothing said": {},
    "declared by the file": {"declared": True},
    "named by the practice": {"named": True},
}


def soak(share: float, _scratch: Path) -> dict[str, Any]:
    """Return what became of the names, by what was known of the character set.

    Ok if no name was read as another one without a question, every question offered the right
    name, and nothing was asked if the file or the practice had named the set.
    """
    began = time.monotonic()
    count = max(1, round(NAMES * share))
    found: dict[str, dict[str, dict[str, int]]] = {}
    is_ok = True
    for way, said in _WAYS.items():
        outcomes = {one: read_back(count, one, **said) for one in ENCODINGS}
        found[way] = {one: asdict(outcome) for one, outcome in outcomes.items()}
        is_ok &= not any(one.wrong or one.not_offered for one in outcomes.values())
        is_ok &= not (said and any(one.asked for one in outcomes.values()))
    return {
        "names": count,
        "outcomes": found,
        "seconds": round(time.monotonic() - began, 1),
        "ok": is_ok,
    }
