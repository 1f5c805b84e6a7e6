"""A dermatoscope's own scale stays sharp when the hand shakes; the skin must be judged itself."""

from dataclasses import replace

import pytest

from dermstation.camera.sources.simulated.knobs import Knobs, Scene
from dermstation.camera.sources.simulated.optics import Optics
from dermstation.camera.sources.simulated.scenes import SceneKey, render
from dermstation.domain.quality import Aspect, Cause, Verdict
from dermstation.domain.shots import ShotKind
from dermstation.imaging.assessment import assess

STILL = Knobs(scene=Scene.DERMOSCOPIC)


@pytest.fixture(scope="module")
def optics() -> Optics:
    key = SceneKey.of(STILL, 1600, 1200)
    return Optics(key, render(key))


@pytest.mark.parametrize("shake", [16, 24])
def test_shake_is_noticed_next_to_a_scale_that_moves_with_the_camera(
    optics: Optics, shake: float
) -> None:
    report = assess(optics.frame(100, replace(STILL, shake=shake)), ShotKind.DERMOSCOPIC)
    focus = report.judgement(Aspect.FOCUS)
    assert focus.verdict is not Verdict.GOOD
    assert focus.cause is Cause.SHAKE


@pytest.mark.parametrize("focus", [8, 12])
def test_skin_out_of_focus_is_noticed_next_to_a_sharp_scale(optics: Optics, focus: float) -> None:
    report = assess(optics.frame(100, replace(STILL, focus=focus)), ShotKind.DERMOSCOPIC)
    assert report.judgement(Aspect.FOCUS).verdict is not Verdict.GOOD


def test_a_steady_picture_with_a_scale_is_good(optics: Optics) -> None:
    report = assess(optics.frame(100, STILL), ShotKind.DERMOSCOPIC)
    assert report.judgement(Aspect.FOCUS).verdict is Verdict.GOOD
