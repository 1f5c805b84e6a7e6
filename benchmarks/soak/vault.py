"""The fault campaign on the vault: kills, power losses, errors, damage, and concurrent programs.

It runs in a separate process, because the library that causes the faults must be loaded first.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

_SCALES = ((1.0, "soak"), (0.2, "long"), (0.02, "check"), (0.0, "taste"))


def soak(share: float, _scratch: Path) -> dict[str, Any]:
    """Return the campaign's rows at the scale that fits `share`.

    Not ok if it was skipped, because then nothing was tried.
    """
    scale = next(name for least, name in _SCALES if share >= least)
    command = [sys.executable, "-m", "tests.faults.campaign", "--scale", scale]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if not done.stdout.strip():
        return {"ok": False, "scale": scale, "exit_status": done.returncode}
    found: dict[str, Any] = json.loads(done.stdout)
    return {**found, "scale": scale, "ok": bool(found["ok"]) and "skipped" not in found}
