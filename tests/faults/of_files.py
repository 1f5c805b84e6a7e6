"""Scenarios on the station's small files: its settings and its measured scales."""

import logging
from dataclasses import replace
from pathlib import Path

from dermstation.paths import StationPaths
from dermstation.settings_file import load_settings, remember
from dermstation.workflow.calibrations import Calibration, load_calibrations, remember_calibration
from tests.faults.scene import Ack

_SCALE = Calibration("device:1", 640, 480, 0.01, 0.02, "2026-01-01T00:00:00+00:00")
_OLD, _NEW = "Test Practice", "Test Practice by the Longer Name"


def prepare_settings(home: Path) -> None:
    paths = StationPaths(home)
    remember(paths.settings, practice_name=_OLD, lock_after_minutes=2)
    remember_calibration(paths.scales, _SCALE)


def act_settings(home: Path, ack: Ack) -> None:
    paths = StationPaths(home)
    remember(paths.settings, practice_name=_NEW)
    ack("settings")
    remember_calibration(paths.scales, replace(_SCALE, mm_per_px=0.03))
    ack("scales")


def check_settings(home: Path, acked: list[str]) -> list[str]:
    """Check that no setting is back at its default and that acknowledged changes are kept."""
    logging.disable(logging.WARNING)  # a file that cannot be read is reported here instead
    paths = StationPaths(home)
    settings = load_settings(paths.settings)
    scales = [one.mm_per_px for one in load_calibrations(paths.scales).known]
    faults = []
    if settings.lock_after_minutes != 2 or settings.practice_name not in {_OLD, _NEW}:
        faults.append("the settings are lost")
    elif "settings" in acked and settings.practice_name != _NEW:
        faults.append("an acknowledged setting is lost")
    if scales not in ([0.01], [0.03]):
        faults.append("the scales are lost")
    elif "scales" in acked and scales != [0.03]:
        faults.append("an acknowledged scale is lost")
    return faults
