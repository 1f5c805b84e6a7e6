"""What every test of the window shares: the dressed application and rendered pictures."""

import os
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtWidgets import QApplication

from dermstation.domain.quality import Aspect, Cause, Finding, QualityReport, Verdict
from dermstation.domain.shots import ShotKind
from dermstation.ui import theme


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # Qt's offscreen platform says this of itself whenever a window with a size limit is shown.
    offscreen = pytest.mark.qt_log_ignore("does not support propagateSizeHints", extend=True)
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(offscreen)


@pytest.fixture(scope="session", autouse=True)
def dressed(qapp: QApplication) -> QApplication:
    theme.apply(qapp)
    return qapp


def render_skin(width: int = 1600, height: int = 1200, *, seed: int = 7) -> NDArray[np.uint8]:
    """Render a patch of skin with one dark, uneven spot, as BGR."""
    chance = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    ground = np.empty((height, width, 3), np.float32)
    ground[:] = (150, 175, 222)
    ground += ((x / width - 0.5) * 22 - (y / height - 0.5) * 14)[..., None]
    angle = np.arctan2(y - height / 2, x - width / 2)
    reach = np.hypot((y - height / 2) / 0.8, x - width / 2)
    edge = height * (0.2 + 0.03 * np.sin(3 * angle) + 0.015 * np.sin(7 * angle + 1))
    inside = 1 / (1 + np.exp((reach - edge) / (height * 0.01)))
    mottle = 0.12 * np.sin(x / 23) * np.sin(y / 19)
    dark = np.float32([48, 62, 98])
    ground += (inside * (0.9 + mottle))[..., None] * (dark - ground)
    ground += chance.normal(0, 3, ground.shape).astype(np.float32)
    return ground.clip(0, 255).astype(np.uint8)


@pytest.fixture(scope="session")
def skin() -> NDArray[np.uint8]:
    return render_skin()


def make_report(
    focus: Verdict = Verdict.GOOD,
    exposure: Verdict = Verdict.GOOD,
    *,
    shot: ShotKind = ShotKind.DERMOSCOPIC,
) -> QualityReport:
    scores = {Verdict.GOOD: 88, Verdict.FAIR: 55, Verdict.POOR: 18}
    return QualityReport(
        shot,
        1600,
        1200,
        (
            Finding(
                Aspect.FOCUS,
                scores[focus],
                focus,
                None if focus is Verdict.GOOD else Cause.DEFOCUS,
            ),
            Finding(
                Aspect.EXPOSURE,
                scores[exposure],
                exposure,
                None if exposure is Verdict.GOOD else Cause.CLIPPED,
            ),
        ),
        4.2,
    )


@pytest.fixture(scope="session")
def report() -> Callable[..., QualityReport]:
    return make_report
