import dataclasses
import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
import pydicom
import pytest
from pydicom.encaps import get_frame

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import CaptureDetails, CaptureOrigin, Polarisation
from dermstation.domain.shots import ShotKind
from dermstation.domain.sites import Side
from dermstation.handover import dicom_study as study
from dermstation.handover.assembly import assemble
from dermstation.handover.contents import LesionContents
from dermstation.handover.dicom_checks import dicom_faults, encapsulated_pdf
from dermstation.handover.findings import PackageFault
from dermstation.handover.jpeg import without_metadata
from dermstation.handover.options import DeviceData, PackageOptions
from dermstation.imaging.codec import decode
from dermstation.imaging.colour_space import is_rgb_coded
from dermstation.imaging.exif import Directory
from dermstation.imaging.icc import without_text
from tests.colours import P3
from tests.pictures import jpeg_with, tiff_of

DEVICE = DeviceData("Test Maker", "Test Scope", "TS-1")
DERMOSCOPIC = "L1-dermoscopic.dcm"
CLOSEUP = "L1-closeup.dcm"


def tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def with_dicom(contents, device: DeviceData = DEVICE):
    return dataclasses.replace(contents, options=PackageOptions(dicom=True), device=device)


def with_details(contents, **details):
    def changed(held):
        return dataclasses.replace(
            held, capture=dataclasses.replace(held.capture, details=CaptureDetails(**details))
        )

    lesions = tuple(
        dataclasses.replace(one, captures=tuple(map(changed, one.captures)))
        for one in contents.lesions
    )
    return dataclasses.replace(contents, lesions=lesions)


def read(data: bytes) -> pydicom.Dataset:
    return pydicom.dcmread(BytesIO(data))


@pytest.fixture(scope="module")
def written(made) -> dict[str, bytes]:
    return dict(assemble(with_dicom(made["standard"]())).data)


def test_each_picture_and_the_summary_also_has_a_dicom_file(written) -> None:
    assert [name for name in written if name.endswith(".dcm")] == [
        "L1-general.dcm",
        "L1-closeup.dcm",
        "L1-dermoscopic.dcm",
        "referral-summary.dcm",
    ]


@pytest.mark.parametrize(
    ("name", "modality", "sop_class"),
    [
        (CLOSEUP, "XC", "1.2.840.10008.5.1.4.1.1.77.1.4"),
        (DERMOSCOPIC, "DMS", "1.2.840.10008.5.1.4.1.1.77.1.7"),
        ("referral-summary.dcm", "DOC", "1.2.840.10008.5.1.4.1.1.104.1"),
    ],
)
def test_each_file_has_its_own_dicom_kind(written, name, modality, sop_class) -> None:
    dataset = read(written[name])
    assert (dataset.Modality, dataset.SOPClassUID) == (modality, sop_class)
    assert dataset.PatientID == "9990000018"
    assert str(dataset.PatientName) == "Patient-One^Test"
    assert dataset.PatientBirthDate == "19580903"


def test_one_episode_is_one_study_and_one_lesion_has_one_tracking_id(written) -> None:
    pictures = [
        read(data)
        for name, data in written.items()
        if name.startswith("L1") and name.endswith(".dcm")
    ]
    everything = [*pictures, read(written["referral-summary.dcm"])]
    assert len({one.StudyInstanceUID for one in everything}) == 1
    assert len({one.SOPInstanceUID for one in everything}) == len(everything)
    assert {(one.TrackingID, one.TrackingUID) for one in pictures} == {
        ("L1", pictures[0].TrackingUID)
    }


def test_two_lesions_are_two_series_and_two_tracking_ids(made) -> None:
    lesions = [made["lesion_of"](number) for number in (1, 2)]
    image = made["jpeg"](made["picture"](800, 600))
    contents = made["contents_of"](
        *(LesionContents(one, (made["held"](one, ShotKind.CLOSEUP, image),)) for one in lesions)
    )
    data = assemble(with_dicom(contents)).data
    first, second = read(data["L1-closeup.dcm"]), read(data["L2-closeup.dcm"])
    assert first.StudyInstanceUID == second.StudyInstanceUID
    assert first.SeriesInstanceUID != second.SeriesInstanceUID
    assert first.TrackingUID != second.TrackingUID


def test_the_camera_s_jpeg_is_inside_unchanged(made) -> None:
    contents = made["standard"]()
    camera = contents.lesions[0].captures[1].image
    dataset = read(assemble(with_dicom(contents)).data[CLOSEUP])
    frame = get_frame(dataset.PixelData, 0, number_of_frames=1)
    assert frame.rstrip(b"\0") == without_metadata(camera)
    assert dataset.ImageType[0] == "ORIGINAL"
    assert dataset.LossyImageCompression == "01"


def test_an_uncompressed_capture_is_marked_as_derived(written) -> None:
    assert read(written[DERMOSCOPIC]).ImageType[0] == "DERIVED"


def test_the_site_has_its_code_and_its_side(written) -> None:
    dataset = read(written[DERMOSCOPIC])
    region = dataset.AnatomicRegionSequence[0]
    assert (region.CodeValue, region.CodingSchemeDesignator) == ("41550009", "SCT")
    assert region.AnatomicRegionModifierSequence[0].CodeMeaning == "Left"
    assert dataset.ImageLaterality == "L"


def test_a_site_without_sides_is_unpaired_and_an_unrecorded_side_is_left_out(made) -> None:
    for code, side, expected in (
        ("4658004", None, "U"),
        ("41550009", None, None),
        ("41550009", Side.RIGHT, "R"),
    ):
        lesion = dataclasses.replace(made["lesion_of"](), site_code=code, side=side)
        image = made["jpeg"](made["picture"](800, 600))
        captures = (made["held"](lesion, ShotKind.CLOSEUP, image),)
        contents = made["contents_of"](LesionContents(lesion, captures))
        dataset = read(assemble(with_dicom(contents)).data[CLOSEUP])
        assert dataset.get("ImageLaterality") == expected


def test_a_scale_is_written_only_if_one_was_measured(made, written) -> None:
    assert "PixelSpacing" not in read(written[DERMOSCOPIC])
    contents = with_details(made["standard"](), mm_per_px=0.0125, scale_error=0.02)
    dataset = read(assemble(with_dicom(contents)).data[DERMOSCOPIC])
    assert [float(one) for one in dataset.PixelSpacing] == [0.0125, 0.0125]


def test_polarisation_is_written_if_it_is_known(made, written) -> None:
    assert read(written[DERMOSCOPIC]).LightSourcePolarization == ""
    contents = with_details(made["standard"](), polarisation=Polarisation.NON_POLARISED)
    dataset = read(assemble(with_dicom(contents)).data[DERMOSCOPIC])
    assert dataset.LightSourcePolarization == "NON_POLARIZED"


def test_a_device_that_is_not_named_is_not_made_up(made) -> None:
    with pytest.raises(StationError) as caught:
        assemble(with_dicom(made["standard"](), DeviceData("Test Maker")))
    assert caught.value.code is ErrorCode.PACKAGE_DEVICE_UNKNOWN


def test_a_picture_from_another_camera_does_not_name_the_station_s_device(made) -> None:
    contents = with_details(made["standard"](), origin=CaptureOrigin.CARD)
    data = assemble(with_dicom(contents)).data
    assert "DeviceSerialNumber" not in read(data[CLOSEUP])
    assert read(data[CLOSEUP]).Manufacturer == ""


@pytest.mark.parametrize("kind", ["grey", "progressive"])
def test_jpegs_other_than_baseline_colour_are_written_correctly(made, kind) -> None:
    bgr = made["picture"](800, 600)
    image = made["jpeg"](bgr[:, :, 0] if kind == "grey" else bgr)
    if kind == "progressive":
        image = made["jpeg"](bgr, 92, cv2.IMWRITE_JPEG_PROGRESSIVE, 1)
    lesion = made["lesion_of"]()
    captures = (made["held"](lesion, ShotKind.CLOSEUP, image),)
    contents = made["contents_of"](LesionContents(lesion, captures))
    dataset = read(assemble(with_dicom(contents)).data[CLOSEUP])
    assert dataset.SamplesPerPixel == (1 if kind == "grey" else 3)
    assert dataset.ImageType[0] == ("ORIGINAL" if kind == "grey" else "DERIVED")
    assert get_frame(dataset.PixelData, 0, number_of_frames=1)[2:].find(b"\xff\xc2") < 0


def test_a_profile_of_the_camera_s_own_is_kept(made) -> None:
    plain = made["jpeg"](made["picture"](800, 600))
    profile = P3.profile("the screen of Test Owner")
    parts = [b"\x01\x02" + profile[:300], b"\x02\x02" + profile[300:]]
    image = plain
    for part in parts:  # each is put at the front, so that they end up in the wrong order
        image = made["with_segment"](image, 0xE2, b"ICC_PROFILE\0" + part)
    lesion = made["lesion_of"]()
    for data, is_own in ((image, True), (plain, False)):
        captures = (made["held"](lesion, ShotKind.CLOSEUP, data),)
        contents = made["contents_of"](LesionContents(lesion, captures))
        dataset = read(assemble(with_dicom(contents)).data[CLOSEUP])
        assert (dataset.ICCProfile == without_text(profile)) is is_own
        assert dataset.get("ColorSpace") == (None if is_own else "SRGB")


def test_rgb_coded_jpegs_are_encoded_anew_and_adobe_rgb_is_named(made) -> None:
    """DICOM's two kinds of photograph allow only YBR_FULL_422 for colour JPEGs."""
    lesion = made["lesion_of"]()
    rgb = made["picture"](800, 600)[..., ::-1]
    dcf = {
        Directory.EXIF: {0xA001: (3, 65535)},
        Directory.INTEROPERABILITY: {0x0001: (2, b"R03\0")},
    }
    for tiff, options, space in (
        (b"", {"keep_rgb": True}, "SRGB"),
        (tiff_of(dcf), {}, "ADOBERGB"),
        (tiff_of(dcf), {"keep_rgb": True}, "ADOBERGB"),
    ):
        data = jpeg_with(tiff, rgb, **options)
        captures = (made["held"](lesion, ShotKind.CLOSEUP, data),)
        contents = made["contents_of"](LesionContents(lesion, captures))
        dataset = read(assemble(with_dicom(contents)).data[CLOSEUP])
        assert dataset.PhotometricInterpretation == "YBR_FULL_422"
        assert dataset.ImageType[0] == ("DERIVED" if options else "ORIGINAL")
        assert dataset.ColorSpace == space
        coded = get_frame(dataset.PixelData, 0, number_of_frames=1)
        assert not is_rgb_coded(coded)
        assert cv2.PSNR(decode(coded), np.ascontiguousarray(rgb[..., ::-1])) > 35


@pytest.mark.parametrize(
    ("family", "given", "written"),
    [
        # 64 characters, however many bytes
        ("\u0645" * 43, "Zo\u00eb" * 6 + "Zo", "\u0645" * 43 + "^" + "Zo\u00eb" * 6 + "Zo"),
        ("Long" * 16, "Zo\u00eb", ("Long" * 16)[:60] + "^Zo\u00eb"),
        ("A" * 40, "B" * 40, "A" * 40 + "^" + "B" * 23),
        ("C" * 42 + "\u0928\u093f", "D" * 20, "C" * 42 + "^" + "D" * 20),  # no letter is torn
        ("Caret^Equals=", "Test", "Caret Equals^Test"),
        ("E" + "\u0301" * 90, "Test", "E" + "\u0301" * 58 + "^Test"),  # nothing but marks to cut
    ],
)
def test_a_name_has_64_characters_in_dicom_and_the_comments_have_the_rest(
    made, family, given, written
) -> None:
    contents = made["standard"](family_name=family, given_name=given)
    dataset = study.shared(contents)
    assert dataset.PatientName == written
    cut = len(f"{family} {given}") > 64
    told = f"Full name: {contents.patient.full_name}" if cut else None
    assert dataset.get("PatientComments") == told


def test_an_operators_name_has_the_form_that_is_not_retired(written) -> None:
    assert read(written[CLOSEUP]).OperatorsName == "Nurse Test^"


def test_verdict_and_reason_are_in_the_comments(written) -> None:
    comments = "L1 Close-up. Quality poor: shaken. Kept although poor: Tremor of the arm."
    assert read(written[CLOSEUP]).ImageComments == comments


def test_a_written_file_has_no_fault(written) -> None:
    for name, data in written.items():
        if name.endswith(".dcm"):
            assert dicom_faults(data) == frozenset()
    assert encapsulated_pdf(written["referral-summary.dcm"]) == written["referral-summary.pdf"]


def changed(data: bytes, change) -> bytes:
    dataset = read(data)
    change(dataset)
    buffer = BytesIO()
    dataset.save_as(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda d: setattr(d, "PatientID", "9990000019"), PackageFault.DICOM_WRONG),
        (lambda d: setattr(d, "DeviceSerialNumber", ""), PackageFault.DICOM_WRONG),
        (lambda d: delattr(d, "TrackingUID"), PackageFault.DICOM_WRONG),
        (
            lambda d: setattr(d, "SOPClassUID", "1.2.840.10008.5.1.4.1.1.2"),
            PackageFault.DICOM_WRONG,
        ),
        (lambda d: setattr(d, "Rows", 7), PackageFault.DICOM_PICTURE),
        (lambda d: d.add_new((0x0009, 0x1001), "LO", "x"), PackageFault.DICOM_PRIVATE),
    ],
)
def test_a_changed_file_is_found(written, change, fault) -> None:
    assert fault in dicom_faults(changed(written[DERMOSCOPIC], change))


@pytest.mark.parametrize("length", [0, 100, 132, 500, 5000, -100])
def test_a_truncated_file_is_found(written, length) -> None:
    assert dicom_faults(written[DERMOSCOPIC][:length])


def test_another_program_finds_no_error_against_the_standard(made, written, tmp_path: Path) -> None:
    checker = tool("dciodvfy")
    calibrated = with_details(
        made["standard"](), mm_per_px=0.01, polarisation=Polarisation.POLARISED
    )
    for data in (written, assemble(with_dicom(calibrated)).data):
        for name in (one for one in data if one.endswith(".dcm")):
            file = tmp_path / name
            file.write_bytes(data[name])
            found = subprocess.run(
                [checker, "-new", file], check=False, capture_output=True, text=True
            )
            assert "Error" not in found.stdout + found.stderr
            assert found.returncode == 0


def test_another_program_sees_the_same_pixels(written, tmp_path: Path) -> None:
    decoder, encoder, dumper = tool("dcmj2pnm"), tool("img2dcm"), tool("dcmdump")
    for name in ("L1-general", "L1-dermoscopic"):
        ours, theirs = tmp_path / f"{name}.dcm", tmp_path / f"{name}-theirs.dcm"
        ours.write_bytes(written[f"{name}.dcm"])
        plain = tmp_path / f"{name}.jpg"
        plain.write_bytes(without_metadata(written[f"{name}.jpg"]))
        subprocess.run([encoder, plain, theirs], check=True, capture_output=True)
        pixels = []
        for file in (ours, theirs):
            picture = file.with_suffix(".ppm")
            subprocess.run([decoder, "+cn", file, picture], check=True, capture_output=True)
            pixels.append(cv2.imread(str(picture), cv2.IMREAD_COLOR))
        assert np.array_equal(*pixels)
        own = cv2.imdecode(np.frombuffer(plain.read_bytes(), np.uint8), cv2.IMREAD_COLOR)
        assert np.abs(pixels[0].astype(int) - own).max() <= 3  # decoders may round differently
        told = subprocess.run([dumper, ours], check=True, capture_output=True).stdout
        assert b"ISO_IR 192" in told
