import dataclasses

import cv2
import numpy as np
import pytest

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.presets import ERS_FILE_BYTES, PRESETS, Limits, Preset
from dermstation.domain.quality import Verdict
from dermstation.domain.shots import ShotKind
from dermstation.handover.assembly import assemble
from dermstation.handover.contents import LesionContents
from dermstation.handover.jpeg import without_metadata
from dermstation.handover.options import DeviceData, PackageOptions
from dermstation.handover.pdf_checks import read_pdf
from dermstation.handover.pdf_manifest import listed_limits

DEVICE = DeviceData("Test Maker", "Test Scope", "TS-1")


_IMAGES: dict[int, bytes] = {}


def _image(made, side: int) -> bytes:
    if side not in _IMAGES:
        _IMAGES[side] = made["jpeg"](made["picture"](side, side * 3 // 4), 97)
    return _IMAGES[side]


def large(made, count: int = 3, side: int = 3264):
    """Return a lesion of `count` pictures of several megapixels that do not compress well."""
    lesion = made["lesion_of"]()
    shots = (ShotKind.GENERAL, ShotKind.CLOSEUP, ShotKind.DERMOSCOPIC)
    image = _image(made, side)
    captures = tuple(made["held"](lesion, shots[number % 3], image) for number in range(count))
    return made["contents_of"](LesionContents(lesion, captures))


def with_options(contents, **options):
    return dataclasses.replace(contents, options=PackageOptions(**options), device=DEVICE)


def within(assembled, limits: Limits) -> bool:
    sizes = [file.size_bytes for file in assembled.files]
    return (
        max(sizes) <= limits.file_bytes
        and sum(sizes) <= (limits.total_bytes or sum(sizes))
        and len(sizes) <= (limits.files_most or len(sizes))
    )


@pytest.mark.parametrize("preset", Preset)
def test_every_preset_keeps_its_limits(made, preset) -> None:
    assembled = assemble(with_options(large(made), preset=preset))
    assert within(assembled, PRESETS[preset].limits)
    summary = read_pdf(assembled.data["referral-summary.pdf"])
    assert listed_limits(summary.keywords) == PRESETS[preset].limits


@pytest.mark.parametrize("preset", Preset)
def test_one_pdf_holds_the_pictures_within_the_limits(made, preset) -> None:
    assembled = assemble(with_options(large(made), preset=preset, one_pdf=True))
    assert [file.name for file in assembled.files] == ["referral-summary.pdf"]
    assert within(assembled, PRESETS[preset].limits)


def test_extra_files_count_too(made) -> None:
    assembled = assemble(with_options(large(made), dicom=True, fhir=True))
    assert len(assembled.files) == 9
    assert within(assembled, PRESETS[Preset.GP_SYSTEM].limits)


def test_pictures_that_fit_one_preset_are_whole_in_it_and_shrunk_in_another(made) -> None:
    contents = large(made, side=2400)
    whole = assemble(with_options(contents, preset=Preset.ERS_WEB)).plan
    small = assemble(with_options(contents, preset=Preset.VISION)).plan
    assert not any(image.shrunk for image in whole.images)
    assert all(image.shrunk for image in small.images)
    for image, held in zip(whole.images, contents.lesions[0].captures, strict=True):
        assert without_metadata(image.data) == without_metadata(held.image)


def test_one_pdf_shows_the_camera_s_own_bytes_if_they_fit(made) -> None:
    contents = made["standard"]()
    pdf = assemble(with_options(contents, one_pdf=True)).data["referral-summary.pdf"]
    scan = contents.lesions[0].captures[0].image[-50_000:]
    assert scan in pdf


def test_more_files_than_a_destination_accepts_are_refused(made) -> None:
    with pytest.raises(StationError) as caught:
        assemble(with_options(large(made, 4, 1024), preset=Preset.VISION))
    assert caught.value.code is ErrorCode.PACKAGE_TOO_MANY_FILES
    assert caught.value.facts == {"files": 5, "limit": 4}


def test_the_practice_s_own_limits_replace_those_of_the_preset(made) -> None:
    own = Limits(file_bytes=600_000, total_bytes=1_500_000)
    assert within(assemble(with_options(large(made), own_limits=own)), own)


def test_limits_that_cannot_be_met_are_refused(made) -> None:
    own = Limits(file_bytes=300_000, total_bytes=400_000)
    for options in ({}, {"one_pdf": True}, {"dicom": True}):
        contents = with_options(large(made), own_limits=own, **options)
        with pytest.raises(StationError) as caught:
            assemble(contents)
        assert caught.value.code is ErrorCode.PACKAGE_TOO_BIG


def test_a_picture_made_worse_by_shrinking_is_marked(made, monkeypatch) -> None:
    poor = made["held"](
        made["lesion_of"](), ShotKind.CLOSEUP, b"x", override_reason="x"
    ).capture.report
    monkeypatch.setattr("dermstation.handover.fitting.assess", lambda *_: poor)
    assembled = assemble(with_options(large(made), preset=Preset.VISION))
    assert all(image.worse for image in assembled.plan.images)
    assert all(image.report.verdict is Verdict.POOR for image in assembled.plan.images)


def test_a_shrunk_picture_is_judged_again_by_its_own_pixels(made) -> None:
    assembled = assemble(with_options(large(made), preset=Preset.VISION))
    for image in assembled.plan.images:
        decoded = cv2.imdecode(np.frombuffer(image.data, np.uint8), cv2.IMREAD_COLOR)
        assert (image.report.width, image.report.height) == decoded.shape[1::-1]
        assert image.report.width < 3264


def test_no_preset_allows_more_in_a_file_than_ers_accepts() -> None:
    assert all(guide.limits.file_bytes <= ERS_FILE_BYTES for guide in PRESETS.values())
    assert set(PRESETS) == set(Preset)


@pytest.mark.parametrize("options", [{}, {"dicom": True, "fhir": True}, {"one_pdf": True}])
def test_the_same_episode_gives_the_same_bytes_whenever_it_is_packaged(made, options) -> None:
    contents = with_options(made["standard"](), **options)
    later = dataclasses.replace(
        contents, package_id="f" * 32, created_at=contents.created_at.replace(year=2031)
    )
    assert assemble(contents).data == assemble(later).data
