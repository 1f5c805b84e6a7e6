"""A useless picture is noticed; a moving hand, a lamp and blur are not mistaken for one."""

import cv2
import numpy as np
import pytest

from dermstation.camera.sources.simulated.knobs import Knobs
from dermstation.camera.sources.simulated.optics import Optics
from dermstation.camera.sources.simulated.scenes import SceneKey, render
from dermstation.imaging.sight import PictureFault, fault_of, thumbnail

KEY = SceneKey.of(Knobs(), 320, 240)
OPTICS = Optics(KEY, render(KEY))
GOOD = OPTICS.frame(1, Knobs()).copy()
REFERENCE = thumbnail(GOOD)


def noisy(level: int) -> np.ndarray:
    noise = np.random.default_rng(4).normal(level, 1.5, GOOD.shape)
    return np.clip(noise, 0, 255).astype(np.uint8)


@pytest.mark.parametrize(
    ("picture", "fault"),
    [
        (noisy(1), PictureFault.BLACK),
        (noisy(254), PictureFault.WHITE),
        (np.ascontiguousarray(GOOD[:, :, ::-1]), PictureFault.SWAPPED),
        (GOOD, None),
        (cv2.GaussianBlur(GOOD, (0, 0), 6), None),
        (np.ascontiguousarray(GOOD[:, ::-1]), None),
        (np.roll(GOOD, 60, axis=1), None),
        (OPTICS.frame(40, Knobs(exposure=1.5)).copy(), None),
        (OPTICS.frame(40, Knobs(exposure=-2.5)).copy(), None),
        (255 - GOOD, None),
    ],
)
def test_only_a_picture_that_does_not_show_the_scene_is_a_fault(picture: np.ndarray, fault) -> None:
    assert fault_of(picture, REFERENCE) is fault


def test_swapped_colours_cannot_be_detected_without_an_earlier_picture() -> None:
    assert fault_of(np.ascontiguousarray(GOOD[:, :, ::-1]), None) is None
    assert fault_of(noisy(0), None) is PictureFault.BLACK
