"""What EXIF, DICOM and FHIR say of a picture: the verdict, the reason, and never a name in EXIF."""

import dataclasses
from io import BytesIO

import pytest
from PIL import ExifTags, Image

from dermstation.domain.shots import ShotKind
from dermstation.handover.contents import LesionContents
from dermstation.handover.picture_facts import EXIF_MAX_CHARS, exif_words, quality_line
from dermstation.handover.plan import plan_package


def said(made, reason: str | None) -> str:
    contents = made["contents_of"](family_name="O\u2019Neill-Test", given_name="Zo\u00eb")
    image = made["jpeg"](made["picture"](320, 240))
    held = made["held"](made["lesion_of"](), ShotKind.CLOSEUP, image, override_reason=reason)
    report = held.capture.report
    return exif_words("L1 close-up", contents.patient, held.capture, report, False)


def test_a_poor_picture_says_why_it_was_kept(made) -> None:
    expected = "L1 close-up. Quality poor: shaken. Kept although poor: Tremor of the arm."
    assert said(made, "Tremor of the arm.") == expected
    assert said(made, None) == "L1 close-up. Quality good."


def test_accents_and_typographic_signs_become_plain(made) -> None:
    assert said(made, "Na\u00efve \u2013 \u201cwould not\u201d").endswith('Naive - "would not".')


@pytest.mark.parametrize(
    "reason",
    [
        "ZOE would not sit still",
        "Mrs Oneill moved",
        "for 999 000 0018",
        "since 3.9.1958",
        "\u0631\u0639\u0634\u0629",
    ],
)
def test_what_may_name_the_patient_or_is_not_plain_stays_in_the_summary(made, reason) -> None:
    assert said(made, reason).endswith("Kept although poor: see the summary.")


def test_it_fits_the_room_that_is_kept_for_it(made) -> None:
    assert len(said(made, "x" * 5_000)) == EXIF_MAX_CHARS


def test_a_file_that_was_reduced_says_so(made) -> None:
    lesion = made["lesion_of"]()
    images = [made["jpeg"](made["noise"](1500, 1125, seed), 99) for seed in range(2)]
    captures = tuple(made["held"](lesion, ShotKind.CLOSEUP, one) for one in images)
    plan = plan_package(made["contents_of"](LesionContents(lesion, captures)))
    for image in plan.images:
        assert image.shrunk
        words = Image.open(BytesIO(image.data)).getexif()[ExifTags.Base.ImageDescription]
        assert "Reduced to fit" in words
        assert words.startswith("L1 close-up. Quality ")


def test_a_copy_that_lost_sharpness_says_how_it_was_taken(made) -> None:
    image = made["jpeg"](made["picture"](320, 240))
    capture = made["held"](made["lesion_of"](), ShotKind.CLOSEUP, image).capture
    poor = made["held"](made["lesion_of"](), ShotKind.CLOSEUP, image, override_reason="x").capture
    line = quality_line(capture, poor.report, shrunk=True)
    assert line == "Quality poor: shaken. Reduced to fit; as taken: good."
    kept = dataclasses.replace(poor, override_reason=None)
    assert quality_line(kept, poor.report, shrunk=True).endswith("Reduced to fit.")
