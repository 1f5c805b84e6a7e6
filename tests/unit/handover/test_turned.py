"""A picture that a camera stored sideways is handed over upright; the capture stays as it is."""

from dataclasses import replace
from io import BytesIO

import cv2
import numpy as np
import pydicom
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


@pytest.mark.parametrize(("orientation", "width"), [(None, 80.0), (1, 80.0), (3, 80.0), (6, 60.0)])
def test_millimetres_are_those_of_the_picture_as_it_is_seen(made, orientation, width) -> None:
    """A picture of 800 x 600 px at 0.1 mm is 80 mm wide, and 60 mm if it stands on its side."""
    from dermstation.handover.contents import PackageContents
    from dermstation.handover.dicom import picture_dicom
    from dermstation.handover.options import PackageOptions

    lesion = made["lesion_of"]()
    held = made["held"](lesion, ShotKind.CLOSEUP, made["jpeg"](made["picture"](800, 600)))
    details = CaptureDetails(orientation=orientation, mm_per_px=0.1)
    held = replace(held, capture=replace(held.capture, details=details))
    contents: PackageContents = made["contents_of"](LesionContents(lesion, (held,)))
    contents = replace(contents, options=PackageOptions(dicom=True))
    image = plan_package(contents).images[0]
    assert image.capture.upright_width * 0.1 == pytest.approx(width)
    dataset = pydicom.dcmread(BytesIO(picture_dicom(contents, image)))
    across, down = map(float, dataset.PixelSpacing)
    assert across == down == pytest.approx(0.1)
    assert dataset.Columns * across == pytest.approx(width)
