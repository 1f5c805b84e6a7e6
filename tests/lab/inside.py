"""Run a part of the lab inside the guest: python -m tests.lab.inside PART --to FILE.

Each part is a module with a function `rows(share, scratch)` that yields its rows; each is written
as soon as it is found, so that a guest that stops leaves the rows before.
"""

import argparse
import importlib
import json
import sys
import tempfile
import traceback
from pathlib import Path

from tests.lab.rows import Row

PARTS = ("card", "camera", "window")


def main() -> int:
    """Run the part; return 0 if it came to its end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", choices=PARTS)
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--to", type=Path, required=True)
    wanted = parser.parse_args()
    module = importlib.import_module(f"tests.lab.{wanted.part}")
    with tempfile.TemporaryDirectory() as folder, wanted.to.open("a", encoding="utf-8") as file:
        try:
            for row in module.rows(wanted.share, Path(folder)):
                print(json.dumps(row.to_json()), file=file, flush=True)
        except Exception as error:  # noqa: BLE001 - whatever stopped it belongs in the table
            traceback.print_exc()
            stopped = Row(
                wanted.part, "the part", "runs to its end", repr(error)[:200], is_ok=False
            )
            print(json.dumps(stopped.to_json()), file=file, flush=True)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
