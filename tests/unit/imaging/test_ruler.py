"""A ruler's ticks are found in any direction, and hair, furrows and edges are not a ruler."""

from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from calibration.rulers import LEAST_LONG_SIDE_PX, with_drawn_ruler
from dermstation.camera.sources.simulated.knobs import Knobs, Scene
from dermstation.camera.sources.simulated.optics import Optics
from dermstation.camera.sources.simulated.scenes import SceneKey, render
from dermstation.domain.quality import Aspect, Cause, Verdict
from dermstation.domain.shots import ShotKind
from dermstation.imaging.assessment import assess
from dermstation.imaging.ruler import NO_RULER, Ruler, find_ruler
from dermstation.imaging.scale import small_grey, to_grey
from dermstation.imaging.table import table

Picture = NDArray[np.uint8]
SIZE = (1600, 1200)
MILLIMETRE_PX = 37.0 / 4  # in the simulated close-up, at a quarter of 1600 px


def least() -> float:
    strength = table().limits[ShotKind.CLOSEUP].least_ruler_strength
    assert strength is not None
    return strength


@lru_cache(maxsize=16)  # rendering takes seconds
def optics(key: SceneKey) -> Optics:
    return Optics(key, render(key))


def closeup(
    ruler: float = 1.0, tone: float = 0.2, focus: float = 0.0, hair: float = 0.3
) -> Picture:
    turns = {"ruler": ruler, "tone": tone, "focus": focus, "hair": hair}
    knobs = Knobs(scene=Scene.CLOSEUP).turned(turns)
    return optics(SceneKey.of(knobs, *SIZE)).frame(0, knobs).copy()


def turned(picture: Picture, degrees: float) -> Picture:
    turn = cv2.getRotationMatrix2D((SIZE[0] / 2, SIZE[1] / 2), degrees, 1)
    return np.asarray(cv2.warpAffine(picture, turn, SIZE, borderMode=cv2.BORDER_REFLECT), np.uint8)


def seen(picture: Picture) -> Ruler:
    return find_ruler(small_grey(to_grey(picture)))


@pytest.mark.parametrize("degrees", [0, 17, 45, 90, 131])
@pytest.mark.parametrize("turns", [{}, {"tone": 1.0}, {"focus": 4.0}])
def test_ticks_are_seen_in_any_direction(turns: dict[str, float], degrees: float) -> None:
    assert seen(turned(closeup(**turns), degrees)).strength > least()


@pytest.mark.parametrize("degrees", [0, 17, 90])
def test_the_pitch_is_that_of_the_ticks(degrees: float) -> None:
    found = seen(turned(closeup(), degrees))
    assert found.pitch_px == pytest.approx(MILLIMETRE_PX, rel=0.1)


@pytest.mark.parametrize("turns", [{}, {"tone": 1.0}, {"hair": 1.0}])
def test_skin_alone_shows_no_ruler(turns: dict[str, float]) -> None:
    assert seen(closeup(ruler=0.0, **turns)).strength < least()


def test_parallel_hairs_and_an_edge_are_not_a_ruler() -> None:
    rng = np.random.default_rng(3)
    picture = np.full((300, 400), 170, np.uint8)
    picture[200:] = 225
    for x in rng.uniform(0, 400, 45):
        y = np.linspace(0, 300, 12)
        bent = x + rng.normal(0, 0.2) * y + 15 * np.sin(y / 60 + rng.uniform(0, 6))
        hair = np.stack([bent, y], axis=1).astype(np.int32)
        cv2.polylines(picture, [hair], False, 70, 1, cv2.LINE_AA)
    assert find_ruler(picture).strength < least()


def test_flat_and_tiny_pictures_show_no_ruler() -> None:
    assert find_ruler(np.full((300, 400), 128, np.uint8)).strength == 0
    assert find_ruler(np.zeros((40, 60), np.uint8)) == NO_RULER


def test_a_missing_ruler_is_a_note_on_a_close_up_and_does_not_change_its_score() -> None:
    with_one = assess(closeup(), ShotKind.CLOSEUP).judgement(Aspect.FRAMING)
    without = assess(closeup(ruler=0.0), ShotKind.CLOSEUP).judgement(Aspect.FRAMING)
    assert with_one.cause is None
    assert without.cause is Cause.NO_RULER
    assert without.verdict is Verdict.GOOD
    elsewhere = assess(closeup(ruler=0.0), ShotKind.LATERAL).judgement(Aspect.FRAMING)
    assert elsewhere.cause is None


def test_real_close_ups_without_a_ruler_show_no_ruler(closeup_pictures: list[Path]) -> None:
    pictures = [cv2.imread(str(path), cv2.IMREAD_COLOR) for path in closeup_pictures]
    strengths = [seen(np.asarray(picture, np.uint8)).strength for picture in pictures]
    assert np.mean(np.array(strengths) >= least()) <= 0.05


def test_rulers_drawn_into_real_close_ups_are_mostly_found(closeup_pictures: list[Path]) -> None:
    rng = np.random.default_rng(1)
    pictures = [np.asarray(cv2.imread(str(path)), np.uint8) for path in closeup_pictures]
    large = [picture for picture in pictures if max(picture.shape) >= LEAST_LONG_SIDE_PX]
    found = [seen(with_drawn_ruler(picture, rng)).strength >= least() for picture in large]
    assert np.mean(found) >= 0.85
