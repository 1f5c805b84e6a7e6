"""The pictures of an episode as an archive keeps them: the originals, however small a package is.

A capture has the id that every reduced copy names as its source. A baseline JPEG goes in as it is,
byte for byte; what DICOM has no such place for (PNG, progressive JPEG) goes in as its pixels,
uncompressed. A picture that was turned is there twice: as it was taken, and upright. Pure
functions.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from pydicom.dataset import Dataset
from pydicom.uid import ExplicitVRLittleEndian

from dermstation.domain.records import MediaType
from dermstation.handover import dicom_study as study
from dermstation.handover.contents import PackageContents
from dermstation.handover.dicom import (
    add_colours,
    described,
    is_coded_as_allowed,
    picture_dicom,
)
from dermstation.handover.dicom_instances import instance_uid
from dermstation.handover.fitting import is_turned
from dermstation.handover.jpeg import is_self_contained, without_metadata
from dermstation.handover.plan import PlannedImage, plan_package
from dermstation.imaging.codec import Bgr, decode
from dermstation.imaging.colour_space import profile_of


@dataclass(frozen=True, slots=True, repr=False)
class DicomPicture:
    """A picture's DICOM file, and the capture that it is of."""

    capture_id: str
    data: bytes


def archived_pictures(contents: PackageContents) -> Iterator[DicomPicture]:
    """Yield each picture's original and, if it is turned, a copy that is upright.

    `contents` has options without limits: nothing is made smaller for an archive.
    Raises StationError PACKAGE_DEVICE_UNKNOWN, IMAGE_UNREADABLE or IMAGE_TOO_LARGE.
    """
    stored = {held.capture.id: held.image for one in contents.lesions for held in one.captures}
    for image in plan_package(contents).images:
        capture = image.capture
        yield DicomPicture(capture.id, _original(contents, image, stored[capture.id]))
        if is_turned(capture):
            yield DicomPicture(capture.id, picture_dicom(contents, image))


def _original(contents: PackageContents, image: PlannedImage, stored: bytes) -> bytes:
    """Return the capture as the vault holds it as a DICOM file."""
    is_jpeg = image.capture.media_type is MediaType.JPEG
    whole = replace(image, data=stored, shrunk=False, report=image.capture.report, as_stored=True)
    if is_jpeg and is_self_contained(stored) and is_coded_as_allowed(without_metadata(stored)):
        return picture_dicom(contents, whole)
    pixels = decode(stored)
    dataset = described(contents, whole, max(pixels.shape[:2]), is_as_stored=True)
    _add_pixels(dataset, pixels)
    add_colours(dataset, profile_of(stored))
    dataset.LossyImageCompression = "00"
    if is_jpeg:
        dataset.LossyImageCompression = "01"
        dataset.LossyImageCompressionRatio = f"{pixels.nbytes / len(stored):.2f}"
        dataset.LossyImageCompressionMethod = "ISO_10918_1"
    dataset.SOPInstanceUID = instance_uid(contents.patient, image.lesion, image.capture.id)
    return study.written(dataset, ExplicitVRLittleEndian)


def _add_pixels(dataset: Dataset, pixels: Bgr) -> None:
    dataset.SamplesPerPixel = 3
    dataset.PhotometricInterpretation, dataset.PlanarConfiguration = "RGB", 0
    dataset.Rows, dataset.Columns = pixels.shape[:2]
    dataset.BitsAllocated = dataset.BitsStored = 8
    dataset.HighBit, dataset.PixelRepresentation = 7, 0
    data = np.ascontiguousarray(pixels[:, :, ::-1]).tobytes()
    dataset.PixelData = data + b"\0" * (len(data) % 2)
    dataset["PixelData"].VR = "OB"
