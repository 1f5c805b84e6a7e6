"""Run the lab: python -m tests.lab [--part NAME ...] [--folder FOLDER].

Puts a real driver, a real file system and a real bus in front of the station, on a machine that has
neither a camera nor a card: in a User-Mode Linux kernel. Prints a table; the exit status is 1 if a
row failed.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.lab.build import NEEDS, LabError, build
from tests.lab.guest import REPOSITORY, Job, run_in_guest
from tests.lab.inside import PARTS
from tests.lab.rows import Row, table

FOLDER = REPOSITORY / "build" / "lab"


def run(parts: tuple[str, ...], share: float, folder: Path, scratch: Path) -> tuple[Row, ...]:
    """Build what is missing, and return the rows of these parts. Raises LabError."""
    build(folder)
    rows: list[Row] = []
    for part in parts:
        began = time.monotonic()
        rows += run_in_guest(folder, Job(part, share), scratch)
        print(f"lab: {part} took {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    return tuple(rows)


def main() -> int:
    """Run the chosen parts; return 0 if every row is right, 1 if not, 2 without a lab."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", action="append", choices=PARTS, help="default: all")
    parser.add_argument("--share", type=float, default=1.0, help="share of the repeated tries")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where the kernel is built")
    parser.add_argument("--keep", type=Path, help="folder for the logs and pictures of the guests")
    wanted = parser.parse_args()
    print(NEEDS.format(folder=wanted.folder, minutes=8), file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory() as temporary:
        scratch = wanted.keep or Path(temporary)
        try:
            rows = run(tuple(wanted.part or PARTS), wanted.share, wanted.folder.resolve(), scratch)
        except LabError as error:
            print(f"lab: {error}", file=sys.stderr)
            return 2
        print(table(rows))
    return 0 if all(row.is_ok for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
