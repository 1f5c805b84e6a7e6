"""Check a camera by a picture of the colour chart, keep the result, and print the chart.

What looks at pixels needs no vault and runs on a worker; what is kept has nothing of a patient.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from dermstation.domain.chart_check import ChartCheck
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Operator
from dermstation.domain.rights import Right, require
from dermstation.files import write_file
from dermstation.handover.chart_sheet import chart_sheet
from dermstation.imaging.chart import ChartPlace, find_chart, measure_chart
from dermstation.imaging.codec import Bgr
from dermstation.vault.store import Vault


@dataclass(frozen=True, slots=True)
class ChartResult:
    """A check that is not kept yet, with its picture and where the chart is in it."""

    check: ChartCheck
    pixels: Bgr
    place: ChartPlace


def check_camera(pixels: Bgr, camera: str, today: date) -> ChartResult:
    """Find the chart in a camera's picture and measure it.

    Raises StationError CHART_NOT_FOUND, CHART_TOO_BRIGHT.
    """
    place = find_chart(pixels)
    if place is None:
        raise StationError(ErrorCode.CHART_NOT_FOUND)
    found = measure_chart(pixels, place)
    if found.is_too_bright:
        raise StationError(ErrorCode.CHART_TOO_BRIGHT)
    check = ChartCheck(
        camera,
        today,
        round(found.median, 2),
        round(found.worst, 2),
        _rounded(found.mtf50_cy_px),
        _rounded(found.mtf50_lp_mm),
        round(found.unevenness_stops, 2),
    )
    return ChartResult(check, pixels, place)


def first_check(vault: Vault, camera: str) -> ChartCheck | None:
    """Return the first check of a camera that was kept, or None."""
    return next((one for one in vault.chart_checks.all() if one.camera == camera), None)


def keep_check(vault: Vault, operator: Operator, check: ChartCheck) -> None:
    """Keep a check for the page of counts. Raises StationError RIGHT_MISSING."""
    require(operator, Right.CAPTURE)
    vault.chart_checks.save(check)


def save_chart_sheet(path: Path) -> None:
    """Write the sheet to print. Raises StationError EXPORT_FAILED."""
    try:
        write_file(path, chart_sheet())
    except OSError as error:
        raise StationError(ErrorCode.EXPORT_FAILED, errno=error.errno) from None


def by_camera(checks: Sequence[ChartCheck]) -> dict[str, tuple[ChartCheck, ...]]:
    """Group checks by camera, the first one first."""
    found: dict[str, tuple[ChartCheck, ...]] = {}
    for one in checks:
        found[one.camera] = (*found.get(one.camera, ()), one)
    return found


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
