"""The card and the camera in front of a real kernel: the rows of `make lab`, without the window."""

import os
from pathlib import Path
from typing import Any

from tests.lab.__main__ import FOLDER, run
from tests.lab.build import LabError

PARTS = ("card", "camera")


def soak(share: float, scratch: Path) -> dict[str, Any]:
    """Return the rows that failed, by part; ok if none did. Without a lab, say what is missing."""
    try:
        rows = run(PARTS, share, Path(os.environ.get("LAB", FOLDER)).resolve(), scratch)
    except LabError as error:
        return {"ok": False, "not_run": str(error)}
    failed = [row.to_json() for row in rows if not row.is_ok]
    return {"ok": not failed, "rows": len(rows), "failed": failed}
