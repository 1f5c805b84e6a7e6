"""An archive gets what the vault holds, under the id that reduced copies name as their source."""

import shutil
import subprocess
from dataclasses import replace
from io import BytesIO

import numpy as np
import pydicom
import pytest
from pydicom.encaps import get_frame

from dermstation.domain.presets import Limits
from dermstation.domain.records import CaptureDetails
from dermstation.domain.shots import ShotKind
from dermstation.handover.assembly import assemble
from dermstation.handover.contents import LesionContents
from dermstation.handover.dicom_original import archived_pictures
from dermstation.handover.jpeg import without_metadata
from dermstation.handover.options import DeviceData, PackageOptions
from dermstation.imaging.codec import decode
from dermstation.imaging.orientation import upright

NO_LIMITS = PackageOptions(own_limits=Limits(file_bytes=1 << 40))
PROGRESSIVE = (2, 1)  # cv2.IMWRITE_JPEG_PROGRESSIVE


def contents_with(made, image: bytes, *, options=NO_LIMITS, **details):
    lesion = made["lesion_of"]()
    held = made["held"](lesion, ShotKind.DERMOSCOPIC, image)
    held = replace(held, capture=replace(held.capture, details=CaptureDetails(**details)))
    contents = made["contents_of"](LesionContents(lesion, (held,)))
    device = DeviceData("Test Maker", "Test Scope", "TS-1")
    return replace(contents, options=options, device=device)


def archived(contents) -> list[pydicom.Dataset]:
    return [pydicom.dcmread(BytesIO(one.data)) for one in archived_pictures(contents)]


def test_a_baseline_jpeg_goes_in_as_it_is(made) -> None:
    image = made["jpeg"](made["picture"](800, 600))
    (found,) = archived(contents_with(made, image))
    frame = get_frame(found.PixelData, 0, number_of_frames=1)
    assert frame.removesuffix(b"\0") == without_metadata(image)
    assert list(found.ImageType) == ["ORIGINAL", "PRIMARY"]


@pytest.mark.parametrize("coded", ["png", "progressive"])
def test_what_is_no_baseline_jpeg_goes_in_as_its_pixels(made, coded) -> None:
    picture = made["picture"](801, 601)  # an odd number of bytes is padded
    image = made["png"](picture) if coded == "png" else made["jpeg"](picture, 92, *PROGRESSIVE)
    (found,) = archived(contents_with(made, image))
    assert np.array_equal(found.pixel_array[:, :, ::-1], decode(image))
    assert found.LossyImageCompression == ("00" if coded == "png" else "01")
    assert list(found.ImageType) == ["ORIGINAL", "PRIMARY"]
    assert "SourceImageSequence" not in found


def test_a_turned_picture_is_there_as_it_was_taken_and_upright(made) -> None:
    image = made["jpeg"](made["picture"](800, 600))
    taken, turned = archived(contents_with(made, image, orientation=6, mm_per_px=0.1))
    assert (taken.Rows, taken.Columns) == (600, 800)
    assert list(taken.ImageType) == ["ORIGINAL", "PRIMARY"]
    assert (turned.Rows, turned.Columns) == upright(decode(image), 6).shape[:2]
    assert turned.SourceImageSequence[0].ReferencedSOPInstanceUID == taken.SOPInstanceUID
    assert [float(one) for one in taken.PixelSpacing] == [0.1, 0.1]
    assert taken.PixelSpacing == turned.PixelSpacing


@pytest.mark.parametrize("coded", ["jpeg", "png"])
def test_a_reduced_copy_names_what_the_archive_has(made, coded) -> None:
    image = made[coded](made["noise"](2400, 1800))
    small = PackageOptions(dicom=True, own_limits=Limits(file_bytes=900_000))
    contents = contents_with(made, image)
    (original,) = archived(contents)
    packed = assemble(replace(contents, options=small)).data
    reduced = pydicom.dcmread(BytesIO(packed["L1-dermoscopic.dcm"]))
    assert reduced.SOPInstanceUID != original.SOPInstanceUID
    assert reduced.SourceImageSequence[0].ReferencedSOPInstanceUID == original.SOPInstanceUID
    assert original.file_meta.MediaStorageSOPInstanceUID == original.SOPInstanceUID


@pytest.mark.parametrize("coded", ["jpeg", "png"])
def test_dciodvfy_finds_no_error_in_an_original(made, tmp_path, coded) -> None:
    tool = shutil.which("dciodvfy")
    if tool is None:
        pytest.skip("dciodvfy is not installed")
    file = tmp_path / "one.dcm"
    (one,) = archived_pictures(contents_with(made, made[coded](made["picture"](800, 600))))
    file.write_bytes(one.data)
    said = subprocess.run([tool, file], capture_output=True, text=True, check=False).stderr
    assert [line for line in said.splitlines() if line.startswith("Error")] == []
