import cv2
import numpy as np
import pytest

from dermstation.domain.shots import ShotKind
from dermstation.imaging.areas import trouble_areas

SHOT = ShotKind.DERMOSCOPIC


def test_a_sharp_well_lit_picture_has_hardly_any_trouble(light, scenes) -> None:
    areas = trouble_areas(light.exposed(scenes[0]), SHOT)
    assert areas.soft.shape == areas.lost.shape == (15, 20)
    assert areas.soft.mean() < 0.1
    assert not areas.lost.any()


def test_the_half_that_is_out_of_focus_is_shown(light, scenes) -> None:
    scene = scenes[0].copy()
    scene[:, 640:] = light.blurred(scene, light.disk(9))[:, 640:]
    soft = trouble_areas(light.exposed(scene), SHOT).soft
    assert soft[:, 11:].mean() > 0.5
    assert soft[:, :9].mean() < 0.1


def test_the_patch_that_is_blown_out_is_shown(light, scenes) -> None:
    bgr = light.exposed(scenes[0])
    cv2.rectangle(bgr, (64, 128), (255, 255), (255, 255, 255), -1)
    lost = trouble_areas(bgr, SHOT).lost
    assert lost[2:4, 1:4].all()
    assert lost.sum() == 6


def test_one_colour_blown_out_is_lost_too(light, scenes) -> None:
    bgr = light.exposed(scenes[0])
    bgr[128:256, 64:256, 2] = 255
    assert trouble_areas(bgr, SHOT).lost[2:4, 1:4].all()


@pytest.mark.parametrize("shape", [(1, 1), (40, 3000), (64, 64), (100, 90), (3000, 4000)])
def test_cells_cover_a_picture_of_any_size(shape) -> None:
    areas = trouble_areas(np.full((*shape, 3), 255, np.uint8), SHOT)
    assert areas.lost.all()
    assert not areas.soft.any()


def test_a_single_soft_cell_in_a_sharp_picture_is_not_shown(light, scenes) -> None:
    scene = scenes[0].copy()
    scene[448:512, 640:704] = light.blurred(scene, light.disk(9))[448:512, 640:704]
    soft = trouble_areas(light.exposed(scene), SHOT).soft
    assert not soft[7, 10]
    assert soft.mean() < 0.03
