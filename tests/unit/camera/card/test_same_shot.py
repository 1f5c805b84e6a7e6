"""Which names belong to one press, which may, and which do not."""

from pathlib import PurePath

import pytest

from dermstation.camera.card.same_shot import Kinship, kinship

CERTAIN, POSSIBLE = Kinship.CERTAIN, Kinship.POSSIBLE
PICTURE = "DCIM/100CANON/IMG_0001.JPG"


@pytest.mark.parametrize(
    ("picture", "other", "expected"),
    [
        (PICTURE, "DCIM/100CANON/IMG_0001.CR3", CERTAIN),
        (PICTURE, "DCIM/100CANON/img_0001.mov", CERTAIN),
        (PICTURE, "DCIM/100CANON/IMG_0001.AAE", CERTAIN),
        (PICTURE, "DCIM/100CANON/IMG_0001.JPG.xmp", CERTAIN),
        (PICTURE, "DCIM/100CANON/_MG_0001.CR2", CERTAIN),
        (PICTURE, "DCIM/100CANON/MVI_0001.MP4", CERTAIN),
        (PICTURE, "DCIM/100CANON/SND_0001.WAV", CERTAIN),
        (PICTURE, "DCIM/100CANON/._IMG_0001.JPG", CERTAIN),
        (PICTURE, "DCIM/100CANON/IMG_E0001.JPG", CERTAIN),
        (PICTURE, "DCIM/100CANON/IMG_0001 (1).JPG", CERTAIN),
        (PICTURE, "DCIM/100CANON/IMG_0001-edited.jpg", CERTAIN),
        (PICTURE, "DCIM/100CANON/IMG_0001~2.jpg", CERTAIN),
        ("DCIM/100APPLE/IMG_E0001.JPG", "DCIM/100APPLE/IMG_0001.HEIC", CERTAIN),
        ("DCIM/100APPLE/IMG_E0001.JPG", "DCIM/100APPLE/IMG_O0001.AAE", None),
        ("DCIM/Camera/IMG_20260904_094510.jpg", "DCIM/Camera/IMG_20260904_094510.dng", CERTAIN),
        ("DCIM/Camera/IMG_20260904_094510~2.jpg", "DCIM/Camera/IMG_20260904_094510.jpg", CERTAIN),
        ("DCIM/101MSDCF/DSC00001.JPG", "DCIM/101MSDCF/DSC00001.ARW", CERTAIN),
        ("DCIM/100_PANA/P1000001.JPG", "DCIM/100_PANA/P1000001.RW2", CERTAIN),
        (PICTURE, "DCIM/101CANON/IMG_0001.JPG", POSSIBLE),
        (PICTURE, "DCIM/101CANON/MVI_0001.MP4", POSSIBLE),
        (PICTURE, "RAW/IMG_0001.DNG", POSSIBLE),
        (PICTURE, ".Trash-1000/files/IMG_0001.JPG", POSSIBLE),
        (PICTURE, "DCIM/100CANON/IMG_0002.JPG", None),
        (PICTURE, "DCIM/100CANON/IMG_00010.JPG", None),
        (PICTURE, "DCIM/100CANON/IMG.DAT", None),
        (PICTURE, "DCIM/100CANON/20260001.TXT", None),
        ("DCIM/100CANON/IMG_0000.JPG", "DCIM/100CANON/MVI_0000.MOV", None),
        ("DCIM/Camera/IMG_20260904_094510.jpg", "DCIM/Camera/IMG_20260904_094511.jpg", None),
        ("DCIM/Camera/IMG_20260904.jpg", "DCIM/Camera/IMG_20260904_094511.jpg", None),
        ("holiday.jpg", "holiday-2.jpg", None),
    ],
)
def test_the_names_of_one_press(picture: str, other: str, expected: Kinship | None) -> None:
    assert kinship(PurePath(picture), PurePath(other)) is expected
    if expected is not None:
        assert kinship(PurePath(other), PurePath(picture)) is expected, "the other way round"
