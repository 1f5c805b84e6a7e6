"""The fault campaign of the vault: kills, power losses, errors, damage, many at once.

It runs in a process of its own, because the library that makes the faults has to be there first.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

_SCALES = ((1.0, "soak"), (0.2, "long"), (0.02, "check"), (0.0, "taste"))


def soak(share: float, _scratch: Path) -> dict[str, Any]:
    """Return the campaign's rows at the scale that fits `share`.

    Not ok where it was skipped: nothing was tried then.
    """
    scale = next(name for least, name in _SCALES if share >= least)
    command = [sys.executable, "-m", "tests.faults.campaign", "--scale", scale]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if not done.stdout.strip():
        return {"ok": False, "scale": scale, "exit_status": done.returncode}
    found: dict[str, Any] = json.loads(done.stdout)
    return {**found, "scale": scale, "ok": bool(found["ok"]) and "skipped" not in found}
