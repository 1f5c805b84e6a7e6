"""Run the long tests part by part: python -m benchmarks.soak [--part NAME ...] [--share X].

Each module of this package is a part, with a function `soak(share, scratch)` that returns a summary
with the key "ok". One JSON object for each part goes to standard output as soon as it is done. The
exit status is 1 if one is not ok.
"""

import argparse
import importlib
import json
import pkgutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import benchmarks.soak as package

SCRATCH = Path(__file__).parents[2] / "bench-out"


def main() -> int:
    """Run the chosen parts; return 0 if all are ok, else 1."""
    parts = [one.name for one in pkgutil.iter_modules(package.__path__) if one.name[0] != "_"]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", action="append", choices=parts, help="default: all")
    parser.add_argument("--share", type=float, default=1.0, help="share of the full length")
    wanted = parser.parse_args()
    SCRATCH.mkdir(exist_ok=True)
    all_ok = True
    for name in wanted.part or parts:
        with tempfile.TemporaryDirectory(dir=SCRATCH) as folder:
            module = importlib.import_module(f"benchmarks.soak.{name}")
            found: dict[str, Any] = module.soak(wanted.share, Path(folder))
        all_ok = all_ok and bool(found["ok"])
        print(json.dumps({"part": name, **found}), flush=True)
    return 0 if all_ok else 1


if __name__ == "__main__":
    sys.exit(main())
