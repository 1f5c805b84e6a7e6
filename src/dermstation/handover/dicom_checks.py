"""Check a package's DICOM files: whole, of a kind that the station writes, no private elements.

Pure functions on bytes.
"""

import logging
import warnings
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from dermstation.domain.errors import StationError
from dermstation.domain.identity import NhsNumber
from dermstation.handover.findings import PackageFault

_DERMOSCOPIC = "1.2.840.10008.5.1.4.1.1.77.1.7"
_PHOTOGRAPHIC = "1.2.840.10008.5.1.4.1.1.77.1.4"
_PDF = "1.2.840.10008.5.1.4.1.1.104.1"
_NEEDED = (
    "SOPInstanceUID",
    "StudyInstanceUID",
    "SeriesInstanceUID",
    "PatientName",
    "PatientID",
    "PatientBirthDate",
    "Modality",
)
_NEEDED_OF_PICTURE = (
    "Rows",
    "Columns",
    "PixelData",
    "TrackingID",
    "TrackingUID",
    "AnatomicRegionSequence",
)
_NEEDED_OF_DERMOSCOPIC = (
    "Manufacturer",
    "ManufacturerModelName",
    "DeviceSerialNumber",
    "SoftwareVersions",
    "ImageType",
    "RecognizableVisualFeatures",
)


def dicom_faults(data: bytes) -> frozenset[PackageFault]:
    """Return the faults of a DICOM file."""
    dataset = _read(data)
    if dataset is None:
        return frozenset({PackageFault.DICOM_DAMAGED})
    try:
        return frozenset(_faults(dataset))
    except Exception:  # noqa: BLE001 - hostile bytes may make pydicom raise anything
        return frozenset({PackageFault.DICOM_DAMAGED})


def encapsulated_pdf(data: bytes) -> bytes | None:
    """Return the PDF inside a DICOM file, or None if there is none."""
    dataset = _read(data)
    length = getattr(dataset, "EncapsulatedDocumentLength", None)
    document = getattr(dataset, "EncapsulatedDocument", None)
    if not isinstance(document, bytes) or not isinstance(length, int):
        return None
    return document[:length]


def _read(data: bytes) -> Any:
    """Return the dataset in `data`, or None if it cannot be read."""
    import pydicom  # noqa: PLC0415 - slow to import, and few packages hold DICOM

    logging.getLogger("pydicom").setLevel(logging.CRITICAL)  # faults are reported by this module
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            dataset = pydicom.dcmread(BytesIO(data))
            for _ in dataset.iterall():  # pydicom reads values lazily
                pass
    except Exception:  # noqa: BLE001 - as above
        return None
    return dataset


def _faults(dataset: Any) -> Iterator[PackageFault]:
    kind = str(dataset.SOPClassUID)
    if kind not in {_DERMOSCOPIC, _PHOTOGRAPHIC, _PDF}:
        yield PackageFault.DICOM_WRONG
        return
    if any(element.tag.is_private for element in dataset.iterall()):
        yield PackageFault.DICOM_PRIVATE
    needed = [*_NEEDED, *(_NEEDED_OF_PICTURE if kind != _PDF else ())]
    if kind == _DERMOSCOPIC:
        needed += _NEEDED_OF_DERMOSCOPIC
    if any(_is_empty(dataset, name) for name in needed) or not _is_patient(dataset):
        yield PackageFault.DICOM_WRONG
    if str(dataset.file_meta.MediaStorageSOPInstanceUID) != str(dataset.SOPInstanceUID):
        yield PackageFault.DICOM_WRONG
    if kind != _PDF:
        yield from _picture_faults(dataset)


def _is_empty(dataset: Any, name: str) -> bool:
    return name not in dataset or dataset[name].is_empty


def _is_patient(dataset: Any) -> bool:
    try:
        NhsNumber.parse(str(dataset.PatientID))
    except StationError:
        return False
    return True


def _picture_faults(dataset: Any) -> Iterator[PackageFault]:
    from pydicom.encaps import get_frame  # noqa: PLC0415 - as above

    from dermstation.handover.image_checks import image_faults  # noqa: PLC0415
    from dermstation.imaging.codec import probe  # noqa: PLC0415
    from dermstation.imaging.icc import without_text  # noqa: PLC0415
    from dermstation.imaging.srgb import srgb_profile  # noqa: PLC0415

    frame = get_frame(dataset.PixelData, 0, number_of_frames=1)
    coded = frame[: frame.rindex(b"\xff\xd9") + 2]  # an odd length was padded
    faults = image_faults(coded, ".jpg")
    if PackageFault.IMAGE_DAMAGED in faults:
        yield PackageFault.DICOM_PICTURE
        return
    yield from faults
    profile = bytes(getattr(dataset, "ICCProfile", b""))
    if profile not in (b"", srgb_profile(), without_text(profile)):
        yield PackageFault.METADATA_OTHER
    info = probe(coded)
    if (info.width, info.height) != (dataset.Columns, dataset.Rows):
        yield PackageFault.DICOM_PICTURE
