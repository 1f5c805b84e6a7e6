"""Packaging again: which DICOM instance stays the same one, and which names its source."""

import dataclasses
from io import BytesIO

import cv2
import pydicom
import pytest

from dermstation.domain.copies import CopyKind, Derivation
from dermstation.domain.presets import Preset
from dermstation.domain.shots import ShotKind
from dermstation.domain.sites import Side
from dermstation.handover.assembly import assemble
from dermstation.handover.contents import LesionContents, Referrer
from dermstation.handover.dicom_instances import instance_uid
from dermstation.handover.options import DeviceData, PackageOptions

DEVICE = DeviceData("Test Maker", "Test Scope", "TS-1")
ALL = {"L1-general.dcm", "L1-closeup.dcm", "L1-dermoscopic.dcm", "referral-summary.dcm"}


@pytest.fixture(scope="module")
def contents(made):
    options = PackageOptions(dicom=True)
    return dataclasses.replace(made["standard"](), options=options, device=DEVICE)


@pytest.fixture(scope="module")
def first(contents):
    return datasets(contents)


def datasets(contents) -> dict[str, pydicom.Dataset]:
    files = assemble(contents).data
    return {
        name: pydicom.dcmread(BytesIO(data)) for name, data in files.items() if name[-4:] == ".dcm"
    }


def kept(first, contents) -> set[str]:
    """Return the files of a second package that are the same instances as in the first."""
    again = datasets(contents)
    return {
        name
        for name, one in again.items()
        if name in first and one.SOPInstanceUID == first[name].SOPInstanceUID
    }


def with_patient(contents, **changes):
    return dataclasses.replace(contents, patient=dataclasses.replace(contents.patient, **changes))


def with_captures(contents, change):
    (one,) = contents.lesions
    return dataclasses.replace(contents, lesions=(dataclasses.replace(one, captures=change(one)),))


def test_the_same_contents_give_the_same_bytes(contents) -> None:
    assert assemble(contents).data == assemble(contents).data


def test_pictures_stay_the_same_if_only_what_is_around_them_changes(contents, first) -> None:
    around = dataclasses.replace(
        contents,
        practice_name="Other Surgery",
        referrer=Referrer(direct_line="01632 960001"),
        device=DeviceData("Test Maker", "Other Scope", "TS-2"),
    )
    assert kept(first, around) == ALL - {"referral-summary.dcm"}


def test_a_picture_that_is_left_out_does_not_change_the_others(contents, first) -> None:
    fewer = with_captures(contents, lambda one: one.captures[1:])
    assert kept(first, fewer) == {"L1-closeup.dcm", "L1-dermoscopic.dcm"}


def test_a_correction_of_patient_or_site_is_another_instance(contents, first) -> None:
    assert kept(first, with_patient(contents, given_name="Other")) == set()
    (one,) = contents.lesions
    lesion = dataclasses.replace(one.lesion, side=Side.RIGHT)
    moved = dataclasses.replace(contents, lesions=(dataclasses.replace(one, lesion=lesion),))
    assert kept(first, moved) == set()
    again = datasets(moved)
    assert {one.StudyInstanceUID for one in again.values()} == {
        one.StudyInstanceUID for one in first.values()
    }


def original(contents, capture):
    return instance_uid(contents.patient, contents.lesions[0].lesion, capture.id)


def test_a_reduced_picture_is_another_instance_that_names_its_original(made, contents) -> None:
    (one,) = contents.lesions
    jpeg = made["jpeg"](made["noise"](1500, 1125), 95)
    large = made["held"](one.lesion, ShotKind.DERMOSCOPIC, jpeg)
    whole = with_captures(contents, lambda one: (*one.captures[:2], large))
    wide, narrow = (
        dataclasses.replace(whole, options=PackageOptions(preset, dicom=True))
        for preset in (Preset.ERS_WEB, Preset.GP_SYSTEM)
    )
    unreduced = datasets(wide)
    first, again = unreduced["L1-dermoscopic.dcm"], datasets(narrow)["L1-dermoscopic.dcm"]
    assert first.SOPInstanceUID == original(contents, large.capture) != again.SOPInstanceUID
    (source,) = again.SourceImageSequence
    assert source.ReferencedSOPInstanceUID == first.SOPInstanceUID
    assert source.ReferencedSOPClassUID == first.SOPClassUID
    assert "Reduced to fit" in again.ImageComments
    assert kept(unreduced, narrow) == {"L1-general.dcm", "L1-closeup.dcm"}


def test_an_original_is_known_by_its_capture_and_has_no_source(contents, first) -> None:
    capture = contents.lesions[0].captures[0].capture
    dataset = first["L1-general.dcm"]
    assert dataset.SOPInstanceUID == original(contents, capture)
    assert "SourceImageSequence" not in dataset
    encoded = first["L1-dermoscopic.dcm"]  # a PNG, of which a JPEG was made
    (source,) = encoded.SourceImageSequence
    png = contents.lesions[0].captures[2].capture
    assert source.ReferencedSOPInstanceUID == original(contents, png) != encoded.SOPInstanceUID


def test_a_jpeg_that_had_to_be_encoded_anew_is_not_the_original(made, contents) -> None:
    """A progressive one is only for DICOM; one without its tables already for the package."""
    (one,) = contents.lesions
    bgr = made["picture"](800, 600)
    tableless = bytearray(made["jpeg"](bgr))
    while (at := tableless.find(b"\xff\xc4")) >= 0:
        del tableless[at : at + 2 + int.from_bytes(tableless[at + 2 : at + 4], "big")]
    progressive = made["jpeg"](bgr, 92, cv2.IMWRITE_JPEG_PROGRESSIVE, 1)
    for image in (bytes(tableless), progressive):
        held = made["held"](one.lesion, ShotKind.CLOSEUP, image)
        again = with_captures(contents, lambda one, held=held: (held,))
        dataset = datasets(again)["L1-closeup.dcm"]
        assert dataset.SOPInstanceUID != original(contents, held.capture)
        (source,) = dataset.SourceImageSequence
        assert source.ReferencedSOPInstanceUID == original(contents, held.capture)


def test_a_covered_copy_names_the_picture_that_it_was_drawn_on(made, contents, first) -> None:
    (one,) = contents.lesions
    held = one.captures[0]
    drawn = Derivation(CopyKind.COVERED, held.capture.id, held.capture.id, (), contents.as_of, "c1")
    jpeg = made["jpeg"](made["picture"](800, 600, seed=9))
    copy = made["held"](one.lesion, held.capture.shot, jpeg)
    copy = dataclasses.replace(copy, capture=dataclasses.replace(copy.capture, derivation=drawn))
    covered = dataclasses.replace(
        contents, lesions=(LesionContents(one.lesion, (copy, *one.captures[1:])),)
    )
    dataset = datasets(covered)["L1-general.dcm"]
    assert dataset.SOPInstanceUID == original(contents, copy.capture)
    (source,) = dataset.SourceImageSequence
    assert source.ReferencedSOPInstanceUID == first["L1-general.dcm"].SOPInstanceUID
    assert dataset.ImageType[0] == "DERIVED"
    assert "Encoded" not in dataset.DerivationDescription
