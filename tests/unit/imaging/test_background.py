"""A sharp room says nothing about the skin in front of it."""

import cv2
import numpy as np
import pytest

from dermstation.domain.quality import Aspect, Verdict
from dermstation.domain.shots import ShotKind
from dermstation.imaging.assessment import assess
from dermstation.imaging.background import background_tiles
from dermstation.imaging.field import field_of
from dermstation.imaging.scale import to_grey
from dermstation.imaging.tiles import tile_grid

CLOTH = (0.45, 0.30, 0.12)  # BGR, linear: blue


@pytest.fixture(scope="module")
def cloth() -> np.ndarray:
    """A woven cloth with much fine detail, (960, 1280, 3) linear."""
    threads = np.random.default_rng(5).uniform(0.4, 1.3, (320, 427, 1)).astype(np.float32)
    threads = cv2.resize(threads, (1280, 960), interpolation=cv2.INTER_NEAREST)[..., None]
    return threads * np.array(CLOTH, np.float32)


def beside(skin: np.ndarray, cloth: np.ndarray, columns: int = 500) -> np.ndarray:
    scene = skin.copy()
    scene[:, :columns] = cloth[:, :columns]
    return scene


@pytest.mark.parametrize("shot", [ShotKind.GENERAL, ShotKind.CLOSEUP, ShotKind.LATERAL])
def test_skin_out_of_focus_in_front_of_a_sharp_cloth_is_not_good(
    light, scenes, cloth, shot
) -> None:
    soft = light.blurred(scenes[0], light.disk(8))
    report = assess(light.exposed(beside(soft, cloth)), shot)
    assert report.judgement(Aspect.FOCUS).verdict is not Verdict.GOOD


@pytest.mark.parametrize("radius", [0.3, 9])
def test_sharp_skin_is_good_whatever_the_cloth(light, scenes, cloth, radius) -> None:
    behind = light.blurred(cloth, light.disk(radius))
    report = assess(light.exposed(beside(scenes[0], behind)), ShotKind.CLOSEUP)
    assert report.judgement(Aspect.FOCUS).verdict is Verdict.GOOD


def test_the_tiles_of_the_cloth_and_its_border_are_background(light, scenes, cloth) -> None:
    bgr = light.exposed(beside(scenes[0], cloth))
    found = background_tiles(field_of(bgr), tile_grid(to_grey(bgr)))
    assert found[:, :8].all()
    assert not found[:, 9:].any()


def test_an_area_within_the_skin_is_not_background(light, scenes, cloth) -> None:
    scene = scenes[0].copy()
    scene[300:600, 400:800] = cloth[300:600, 400:800]
    bgr = light.exposed(scene)
    assert not background_tiles(field_of(bgr), tile_grid(to_grey(bgr))).any()


def test_nothing_is_left_out_if_almost_nothing_has_the_colour_of_skin(light, cloth) -> None:
    bgr = light.exposed(cloth)
    assert not background_tiles(field_of(bgr), tile_grid(to_grey(bgr))).any()
    tiny = np.zeros((30, 40, 3), np.uint8)
    assert background_tiles(field_of(tiny), tile_grid(to_grey(tiny))).size == 0
