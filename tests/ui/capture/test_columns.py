"""The capture page's layout: how much of the screen the picture has, and that nothing moves it."""

import sys

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from dermstation.domain.quality import Verdict
from dermstation.domain.shots import ShotKind
from dermstation.ui.capture.page import CapturePage
from dermstation.ui.parts.notice import Level
from dermstation.ui.parts.topics import own_how_to
from tests.ui.framing import SIZES, framed, scrolling_sideways
from tests.ui.test_gallery import ENLARGED

PANELS = {"1366x768": (1366, 768), "1920x1080": (1920, 1080)}
GOALS = {"1366x768": 0.50, "1920x1080": 0.60}


def a_page(made, width: int = 1600, height: int = 1200) -> CapturePage:
    page = CapturePage()
    page.show_lesion("L1", "Forearm, back (left)")
    page.enter_aiming(ShotKind.DERMOSCOPIC, {})
    page.show_frame(np.zeros((height // 4, width // 4, 3), np.uint8), (width, height))
    page.show_link("streaming")
    page.show_age(0.03)
    page.show_live_report(made.report())
    return page


@pytest.mark.parametrize("camera", [(1600, 1200), (1920, 1280), (1920, 1080)])
@pytest.mark.parametrize("panel", PANELS)
def test_the_picture_has_most_of_the_screen(qtbot, made, panel, camera, record_property) -> None:
    page = a_page(made, *camera)
    frame = framed(page, "Pictures", made.patient)
    qtbot.addWidget(frame)
    frame.resize(*SIZES[panel])
    with qtbot.waitExposed(frame):
        frame.show()
    view, (width, height) = page.view, PANELS[panel]
    share = view.width() * view.height() / (width * height)
    record_property("picture_share", round(share, 3))
    sys.stdout.write(f"{panel}, camera {camera[0]} x {camera[1]}: the picture has {share:.1%}\n")
    assert share >= GOALS[panel]
    assert view.width() / view.height() == pytest.approx(camera[0] / camera[1], rel=0.01)
    for shot in ShotKind:
        page.show_saved(next(one for one in ShotKind if one is not shot))
        page.enter_aiming(shot, dict.fromkeys(ShotKind, Verdict.GOOD))
        QApplication.processEvents()
        assert scrolling_sideways(frame) == []


def test_neither_tip_nor_message_nor_stage_moves_the_picture(qtbot, made) -> None:
    page = a_page(made)
    frame = framed(page, "Pictures", made.patient)
    qtbot.addWidget(frame)
    frame.resize(*SIZES["1366x768"])
    with qtbot.waitExposed(frame):
        frame.show()
    place, shutter = page.view.geometry(), page.shutter.mapTo(page, page.shutter.rect().topLeft())
    changes = (
        lambda: page.tip.show_tip(own_how_to().tip(ShotKind.DERMOSCOPIC)),
        lambda: page.show_notice(Level.WARN, "Read this.", "The picture is safe.", "Press again."),
        page.enter_how_to,
        page.leave_panel,
        lambda: page.enter_review(made.skin, made.report()),
        lambda: page.enter_aiming(ShotKind.CLOSEUP, {}),
        lambda: page.tip.show_tip(None),
        page.clear_notice,
    )
    for change in changes:
        change()
        qtbot.wait(1)
        assert page.view.geometry() == place
    assert page.shutter.mapTo(page, page.shutter.rect().topLeft()) == shutter


def test_all_of_a_shot_is_seen_at_150_percent_of_a_small_panel(qtbot, made) -> None:
    page = a_page(made)
    page.show_saved(ShotKind.CLOSEUP)
    page.enter_aiming(ShotKind.DERMOSCOPIC, {ShotKind.CLOSEUP: Verdict.GOOD})
    frame = framed(page, "Pictures", made.patient)
    qtbot.addWidget(frame)
    frame.resize(*ENLARGED[-1])
    with qtbot.waitExposed(frame):
        frame.show()
    light = page.aim.polarisation
    assert light.visibleRegion().boundingRect() == light.rect()
