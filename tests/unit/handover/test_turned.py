"""A picture that a camera stored sideways is handed over upright; the capture stays as it is."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from dermstation.domain.records import CaptureDetails
from dermstation.domain.shots import ShotKind
from dermstation.handover.contents import LesionContents
from dermstation.handover.plan import plan_package
from dermstation.imaging.codec import decode
from dermstation.imaging.orientation import upright


def planned(made, picture: np.ndarray, orientation: int | None):
    lesion = made["lesion_of"]()
    held = made["held"](lesion, ShotKind.CLOSEUP, made["jpeg"](picture))
    details = CaptureDetails(orientation=orientation)
    held = replace(held, capture=replace(held.capture, details=details))
    contents = made["contents_of"](LesionContents(lesion, (held,)))
    return held, plan_package(contents).images[0]


@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_a_sideways_picture_is_turned_and_not_shrunk(made, orientation) -> None:
    picture = made["picture"](800, 600)
    held, image = planned(made, picture, orientation)
    shown = decode(image.data)
    expected = upright(picture, orientation)
    assert shown.shape == expected.shape
    assert cv2.PSNR(shown, expected) > 35
    assert not image.shrunk
    assert not image.worse
    assert image.report == held.capture.report


def test_a_large_sideways_picture_is_turned_when_it_is_shrunk(made) -> None:
    _, image = planned(made, made["noise"](4000, 3000), 6)
    height, width = decode(image.data).shape[:2]
    assert height > width
    assert image.shrunk


@pytest.mark.parametrize("orientation", [None, 1])
def test_an_upright_picture_keeps_its_coded_pixels(made, orientation) -> None:
    held, image = planned(made, made["picture"](800, 600), orientation)
    assert np.array_equal(decode(image.data), decode(held.image))
    assert held.image[-2000:] == image.data[-2000:]
