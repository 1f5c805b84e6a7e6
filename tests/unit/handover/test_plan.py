import dataclasses
import io

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.shots import ShotKind
from dermstation.handover.assembly import _beside_the_summary, assemble
from dermstation.handover.contents import LesionContents
from dermstation.handover.names import is_allowed_name, tells_identity
from dermstation.handover.options import PackageOptions
from dermstation.handover.plan import (
    _fhir_bytes,
    _text_bytes,
    folder_name,
    image_names,
    plan_package,
)
from dermstation.handover.shrinking import least_scale


def size_of(data: bytes) -> tuple[int, int]:
    height, width = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR).shape[:2]
    return width, height


def plan_of(made, *images: bytes, shot: ShotKind = ShotKind.CLOSEUP):
    lesion = made["lesion_of"]()
    captures = tuple(made["held"](lesion, shot, image) for image in images)
    return plan_package(made["contents_of"](LesionContents(lesion, captures)))


def test_names_say_lesion_and_shot_and_number_a_second_one(made) -> None:
    captures = [
        (lesion, made["held"](lesion, shot, b"").capture)
        for lesion, shot in (
            (made["lesion_of"](1), ShotKind.CLOSEUP),
            (made["lesion_of"](1), ShotKind.CLOSEUP),
            (made["lesion_of"](2), ShotKind.DERMOSCOPIC),
        )
    ]
    assert image_names(captures) == ("L1-closeup.jpg", "L1-closeup-2.jpg", "L2-dermoscopic.jpg")


@given(st.lists(st.tuples(st.integers(1, 40), st.sampled_from(ShotKind)), max_size=60))
def test_names_are_unique_allowed_and_without_identity(made, pairs) -> None:
    captures = []
    for number, shot in pairs:
        lesion = made["lesion_of"](number)
        captures.append((lesion, made["held"](lesion, shot, b"").capture))
    names = image_names(captures)
    assert len({name.casefold() for name in names}) == len(names)
    assert all(is_allowed_name(name) and not tells_identity(name) for name in names)


@given(st.text("0123456789abcdef", min_size=32, max_size=32))
def test_the_folders_name_identifies_nobody(package_id) -> None:
    name = folder_name(package_id)
    assert is_allowed_name(name)
    assert not any(character.isdigit() for character in name)
    assert not tells_identity(name)


def test_a_jpeg_that_fits_keeps_its_coded_picture(made) -> None:
    image = made["with_segment"](made["jpeg"](made["picture"]()), 0xE1, made["leaky_exif"]())
    planned = plan_of(made, image).images[0]
    assert not planned.shrunk
    assert planned.data[-200_000:] == image[-200_000:]
    assert not Image.open(io.BytesIO(planned.data)).getexif().get_ifd(ExifTags.IFD.GPSInfo)


def test_a_png_becomes_a_jpeg_that_hardly_differs(made) -> None:
    original = made["picture"](seed=5)
    planned = plan_of(made, made["png"](original)).images[0]
    again = cv2.imdecode(np.frombuffer(planned.data, np.uint8), cv2.IMREAD_COLOR)
    assert planned.data.startswith(b"\xff\xd8")
    assert np.abs(again.astype(int) - original).mean() < 1.5


def test_a_jpeg_without_huffman_tables_gets_them(made) -> None:
    whole = made["jpeg"](made["picture"](640, 480))
    lacking = bytearray(whole)
    while (at := lacking.find(b"\xff\xc4")) >= 0:
        del lacking[at : at + 2 + int.from_bytes(lacking[at + 2 : at + 4], "big")]
    if cv2.imdecode(np.frombuffer(bytes(lacking), np.uint8), cv2.IMREAD_COLOR) is None:
        pytest.skip("this decoder has no default tables")
    assert b"\xff\xc4" in plan_of(made, bytes(lacking)).images[0].data


@pytest.mark.parametrize("shot", [ShotKind.CLOSEUP, ShotKind.DERMOSCOPIC])
def test_three_captures_of_8_megapixels_of_noise_fit_and_stay_above_the_floor(made, shot) -> None:
    images = [made["jpeg"](made["noise"](3264, 2448, seed), 80) for seed in range(3)]
    plan = plan_of(made, *images, shot=shot)
    assert all(image.shrunk for image in plan.images)
    assert sum(len(image.data) for image in plan.images) < 5_000_000
    for image in plan.images:
        width, height = size_of(image.data)
        assert width >= 1024
        assert height >= 768


def test_quality_is_reduced_before_size(made) -> None:
    images = [made["jpeg"](made["noise"](1500, 1125, seed), 99) for seed in range(2)]
    assert sum(map(len, images)) > 5_000_000
    plan = plan_of(made, *images)
    assert all(image.shrunk for image in plan.images)
    assert all(size_of(image.data) == (1500, 1125) for image in plan.images)


def test_small_pictures_are_left_alone_when_a_big_one_must_shrink(made) -> None:
    small = made["jpeg"](made["picture"]())
    big = made["jpeg"](made["noise"](3264, 2448), 90)
    plan = plan_of(made, small, big)
    assert [image.shrunk for image in plan.images] == [False, True]


def test_pictures_that_do_not_fit_at_their_smallest_size_are_too_big(made) -> None:
    image = made["jpeg"](made["noise"](1024, 768), 96)
    with pytest.raises(StationError) as caught:
        plan_of(made, *[image] * 14)
    assert caught.value.code is ErrorCode.PACKAGE_TOO_BIG


@settings(max_examples=200)
@given(st.integers(1, 8000), st.integers(1, 8000), st.sampled_from(ShotKind))
def test_the_least_scale_never_enlarges_and_keeps_the_least_sides(width, height, shot) -> None:
    scale = least_scale(width, height, shot)
    assert 0 < scale <= 1
    if scale < 1:
        assert max(width, height) * scale >= (800 if shot in ("general", "lateral") else 1024) - 1
        assert min(width, height) * scale >= (600 if shot in ("general", "lateral") else 768) - 1


def test_an_unreadable_capture_is_reported(made) -> None:
    with pytest.raises(StationError) as caught:
        plan_of(made, made["jpeg"](made["picture"](200, 200))[:2000])
    assert caught.value.code is ErrorCode.IMAGE_UNREADABLE


SCRIPTS = "".join(
    chr(code)
    for first, last in (
        (0x20, 0x7E),
        (0xA1, 0x24F),
        (0x391, 0x3C9),
        (0x410, 0x44F),
        (0x5D0, 0x5EA),
        (0x621, 0x64A),
        (0x10D0, 0x10F0),
        (0x1200, 0x1240),
        (0x1F600, 0x1F64F),
    )
    for code in range(first, last + 1)
)


@pytest.mark.parametrize("question", ["", "A long story. " * 570, SCRIPTS, SCRIPTS * 12])
@pytest.mark.parametrize("count", [0, 1, 6])
def test_the_bytes_reserved_for_text_are_enough_but_not_far_too_many(made, question, count) -> None:
    image = made["jpeg"](made["picture"](320, 240))
    lesions = []
    for number in range(1, count + 1):
        lesion = made["lesion_of"](number, history=question[:4000])
        lesions.append(LesionContents(lesion, (made["held"](lesion, ShotKind.GENERAL, image),)))
    contents = made["contents_of"](*lesions, question=question[:8000])
    kept = _text_bytes(contents, count)
    copies = count * len(image)
    pdf = assemble(contents).data["referral-summary.pdf"]
    assert len(pdf) <= kept + copies
    assert kept < 1_500_000
    fhir = dataclasses.replace(contents, options=PackageOptions(fhir=True))
    beside = _beside_the_summary(fhir, plan_package(fhir))  # the summary was made above
    assert len(beside["referral.xml"]) <= _fhir_bytes(contents, count)


def test_a_package_without_pictures_can_be_planned(made) -> None:
    assert plan_package(made["contents_of"]()).images == ()
