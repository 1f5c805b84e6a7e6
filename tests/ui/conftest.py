"""Fixtures for all tests of the window: the styled application and rendered pictures."""

import os
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import partialmethod
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from dermstation.domain.identity import NhsNumber, Patient
from dermstation.domain.lesion_facts import Identifiable, LesionFacts, Safeguards
from dermstation.domain.quality import Aspect, Cause, Judgement, QualityReport, Verdict
from dermstation.domain.records import (
    Capture,
    Certificate,
    Consent,
    ConsentForm,
    Episode,
    HandOver,
    Lesion,
    MediaType,
    Package,
    PackageFile,
    WipedItem,
)
from dermstation.domain.routes import Route
from dermstation.domain.shots import ShotKind
from dermstation.domain.sites import Side
from dermstation.domain.states import EpisodeState
from dermstation.ui import theme
from dermstation.ui.frame.collecting import Collector
from dermstation.ui.system import motion
from dermstation.vault.work_list import Group
from dermstation.workflow.walk import EpisodeView, Place, Step
from dermstation.workflow.work_list import WorkLine
from tests.cheap_keys import cheap_keys
from tests.ui.desk import WAIT_MS, Desk
from tests.unit.workflow.conftest import small_disk

__all__ = ["small_disk"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # Qt's offscreen platform logs this whenever a window with a size limit is shown.
    offscreen = pytest.mark.qt_log_ignore("does not support propagateSizeHints", extend=True)
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(offscreen)


@pytest.fixture(scope="session", autouse=True)
def dressed(qapp: QApplication) -> Iterator[QApplication]:
    theme.apply(qapp, theme.Scheme.LIGHT)
    motion.is_wanted = lambda: False  # nothing a test looks at is on its way
    collector = Collector()  # as in the program
    yield qapp
    collector.stop()


@pytest.fixture(scope="module", autouse=True)
def _cheap_keys() -> Iterator[None]:
    with cheap_keys():
        yield


@pytest.fixture(scope="session")
def fork_server() -> Iterator[Any]:
    if sys.platform != "linux":  # Windows cannot fork
        yield None
        return
    from tests.ui import forking

    with forking.fork_server() as found:
        yield found


@pytest.fixture(autouse=True)  # for each test, so that those elsewhere start cameras anew
def _cameras_are_forked(fork_server: Any) -> Iterator[None]:
    if fork_server is None:
        yield
        return
    from tests.ui import forking

    with forking.forked_cameras(fork_server):
        yield


def render_skin(width: int = 1600, height: int = 1200, *, seed: int = 7) -> NDArray[np.uint8]:
    """Return a rendered patch of skin with one dark, uneven spot, as BGR."""
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
            Judgement(
                Aspect.FOCUS,
                scores[focus],
                focus,
                None if focus is Verdict.GOOD else Cause.DEFOCUS,
            ),
            Judgement(
                Aspect.EXPOSURE,
                scores[exposure],
                exposure,
                None if exposure is Verdict.GOOD else Cause.CLIPPED,
            ),
        ),
        4.2,
    )


def make_full_report(worst: Verdict = Verdict.POOR) -> QualityReport:
    """Return a report on every aspect: focus good, glare fair, framing worst."""
    found = (
        Judgement(Aspect.FOCUS, 88, Verdict.GOOD),
        Judgement(Aspect.EXPOSURE, 81, Verdict.GOOD),
        Judgement(Aspect.GLARE, 52, Verdict.FAIR, Cause.GLARE),
        Judgement(Aspect.COLOUR, 50, Verdict.FAIR, Cause.CAST),
        Judgement(Aspect.FRAMING, 12, worst, Cause.NO_FIELD),
    )
    return QualityReport(ShotKind.DERMOSCOPIC, 1600, 1200, found, 4.2)


def make_kind_report(cause: Cause, shot: ShotKind = ShotKind.DERMOSCOPIC) -> QualityReport:
    """Return a report on a good picture of another kind, or one with a note on its lesions."""
    kind = cause is not Cause.WHICH_LESION
    framing = Judgement(
        Aspect.FRAMING, 34 if kind else 90, Verdict.FAIR if kind else Verdict.GOOD, cause
    )
    return QualityReport(shot, 1600, 1200, (*make_report().judgements, framing), 4.2)


OPENED_AT = datetime(2026, 9, 4, 9, 30, tzinfo=UTC)
SETTLED = LesionFacts(safeguards=Safeguards(is_intimate=False, identifiable=Identifiable.NOTHING))
PATIENT = Patient("0" * 32, "Test", "Patient-One", date(1958, 9, 3), NhsNumber("9990000018"))


def make_episode(
    *,
    lesions: int = 1,
    given: bool = True,
    patient: Patient = PATIENT,
    state: EpisodeState = EpisodeState.CAPTURED,
    route: Route | None = None,
    history: str = "",
) -> EpisodeView:
    """Return an episode; each lesion has a good general and a poor close-up, used with a reason."""
    consent = Consent(given, ConsentForm.VERBAL, False, OPENED_AT, "1")
    listed = tuple(
        Lesion(f"lesion-{n}", "e", n, "70559009", Side.LEFT, history, SETTLED)
        for n in range(1, lesions + 1)
    )
    captures = tuple(
        Capture(
            f"{lesion.id}-{shot.value}",
            "e",
            lesion.id,
            shot,
            "0" * 64,
            MediaType.JPEG,
            640_000,
            1600,
            1200,
            OPENED_AT,
            "1",
            "sim",
            make_report(verdict, shot=shot),
            None if verdict is Verdict.GOOD else "The patient cannot keep still",
        )
        for lesion in listed
        for shot, verdict in (
            (ShotKind.GENERAL, Verdict.GOOD),
            (ShotKind.CLOSEUP, Verdict.POOR),
        )
    )
    packed = make_package(4) if state is EpisodeState.PACKAGED else None
    episode = Episode("e", patient.id, state, OPENED_AT, "1", consent, route)
    return EpisodeView(episode, patient, listed, captures if given else (), packed)


def make_package(files: int, folder: str = "/home/test/dermstation/4f1c") -> Package:
    names = ["0-Referral.pdf"] + [f"{n}-L1-Dermoscopic.jpg" for n in range(1, files)]
    listed = tuple(PackageFile(name, "image/jpeg", 640_000, "0" * 64) for name in names)
    return Package("p", "e", folder, listed, OPENED_AT, "1", OPENED_AT)


def make_certificate(*, left: int = 0, abandoned: bool = False) -> Certificate:
    kinds = ["capture"] * 3 + ["package file"] * 4 + ["episode file", "identity"]
    wiped = [WipedItem(k, f"{n:032x}", None, "overwritten", True) for n, k in enumerate(kinds)]
    kept = [WipedItem("package file", f"{n:032x}", None, "tried", False) for n in range(left)]
    confirmed = None if abandoned else HandOver(True, True, OPENED_AT, "1")
    reason = "abandoned" if abandoned else "handed over"
    items = (*wiped, *kept)
    return Certificate("c" * 32, "e", items, confirmed, OPENED_AT, OPENED_AT, "1", reason)


class Made:
    """Made-up data for tests of the window."""

    patient = PATIENT
    opened_at = OPENED_AT
    skin = render_skin()
    report = staticmethod(make_report)
    full_report = staticmethod(make_full_report)
    kind_report = staticmethod(make_kind_report)
    episode = staticmethod(make_episode)
    package = staticmethod(make_package)
    certificate = staticmethod(make_certificate)

    @staticmethod
    def line(step: str, group: Group = Group.OPEN, **over: Any) -> WorkLine:
        view = make_episode(**over)
        place = Place(Step(step), view.lesions[0] if step == "pictures" else None)
        return WorkLine(view, place, group, "Test Nurse-One", "Test Nurse-One")


class _PatientBot(QtBot):
    """A bot that waits as long as a busy machine needs; a test still ends as soon as it can."""

    waitExposed = partialmethod(QtBot.waitExposed, timeout=WAIT_MS)
    waitSignal = partialmethod(QtBot.waitSignal, timeout=WAIT_MS)
    waitSignals = partialmethod(QtBot.waitSignals, timeout=WAIT_MS)
    waitUntil = partialmethod(QtBot.waitUntil, timeout=WAIT_MS)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    return _PatientBot(request)


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    """A station with its window; window, threads and camera are stopped whatever happens."""
    made = Desk(qtbot, tmp_path / "home")
    yield made
    made.close()


@pytest.fixture
def shown(qtbot: QtBot) -> Callable[[QWidget], QWidget]:
    """Return a function that shows a page alone, at its size on a small screen."""

    def show(page: QWidget) -> QWidget:
        qtbot.addWidget(page)
        page.resize(1366, 600)
        with qtbot.waitExposed(page):
            page.show()
        page.activateWindow()
        qtbot.waitUntil(page.isActiveWindow)
        return page

    return show


@pytest.fixture(scope="session")
def made() -> type[Made]:
    return Made
