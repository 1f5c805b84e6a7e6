"""Small DICOM pictures of made-up patients, as an archive may hold them from earlier visits."""

import io
import uuid
from dataclasses import dataclass
from datetime import date

import numpy as np
from PIL import Image
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import UID, ExplicitVRLittleEndian, JPEGBaseline8Bit

DERMOSCOPIC, PHOTOGRAPHIC = "1.2.840.10008.5.1.4.1.1.77.1.7", "1.2.840.10008.5.1.4.1.1.77.1.4"


def new_uid() -> UID:
    return UID(f"2.25.{uuid.uuid4().int}")


@dataclass(frozen=True)
class Visit:
    """Whose picture it is, and when and of what it was taken."""

    number: str = "9990000018"
    born_on: date = date(1958, 9, 3)
    day: date = date(2026, 3, 2)
    study: str = ""
    site: str = "368208006"  # left upper arm, SNOMED CT
    laterality: str = "L"
    tracking_uid: str = ""


def pixels(width: int, height: int, seed: int = 0) -> np.ndarray:
    """Return coarse coloured squares, which JPEG keeps small."""
    small = np.random.default_rng(seed).integers(0, 255, (6, 8, 3), np.uint8)
    return np.asarray(Image.fromarray(small).resize((width, height), Image.Resampling.NEAREST))


def jpeg(width: int = 160, height: int = 120, seed: int = 0) -> bytes:
    made = io.BytesIO()
    Image.fromarray(pixels(width, height, seed)).save(made, "JPEG", quality=90)
    return made.getvalue()


def picture(visit: Visit, sop_class: str = DERMOSCOPIC, *, seed: int = 0) -> Dataset:
    """Return a JPEG of a visit as a DICOM object."""
    dataset = _described(visit, sop_class, JPEGBaseline8Bit)
    dataset.PhotometricInterpretation = "YBR_FULL_422"
    dataset.PixelData = encapsulate([jpeg(dataset.Columns, dataset.Rows, seed)])
    dataset["PixelData"].VR = "OB"
    return dataset


def plain_picture(visit: Visit, sop_class: str = DERMOSCOPIC) -> Dataset:
    """Return the pixels of a visit's picture as a DICOM object."""
    dataset = _described(visit, sop_class, ExplicitVRLittleEndian)
    dataset.PhotometricInterpretation = "RGB"
    dataset.PixelData = pixels(dataset.Columns, dataset.Rows).tobytes()
    dataset["PixelData"].VR = "OB"
    return dataset


def as_file(dataset: Dataset) -> bytes:
    made = io.BytesIO()
    dataset.save_as(made, enforce_file_format=True)
    return made.getvalue()


def _described(visit: Visit, sop_class: str, syntax: str) -> Dataset:
    dataset = Dataset()
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.PatientName, dataset.PatientID = "Wolfe^Ada", visit.number
    dataset.PatientBirthDate, dataset.PatientSex = f"{visit.born_on:%Y%m%d}", "F"
    dataset.StudyInstanceUID = visit.study or new_uid()
    dataset.SeriesInstanceUID, dataset.SOPInstanceUID = new_uid(), new_uid()
    dataset.SOPClassUID = sop_class
    dataset.Modality = "DMS" if sop_class == DERMOSCOPIC else "XC"
    dataset.StudyDate = dataset.ContentDate = f"{visit.day:%Y%m%d}"
    dataset.StudyTime = dataset.ContentTime = "101500"
    dataset.AcquisitionDateTime = f"{visit.day:%Y%m%d}101500+0000"
    dataset.ImageLaterality = visit.laterality
    region = Dataset()
    region.CodeValue, region.CodingSchemeDesignator = visit.site, "SCT"
    region.CodeMeaning = "a site"
    dataset.AnatomicRegionSequence = [region]
    if visit.tracking_uid:
        dataset.TrackingID, dataset.TrackingUID = "L1", visit.tracking_uid
    dataset.ImageType = ["ORIGINAL", "PRIMARY"]
    dataset.Rows, dataset.Columns, dataset.SamplesPerPixel = 120, 160, 3
    dataset.PlanarConfiguration = 0
    dataset.BitsAllocated = dataset.BitsStored = 8
    dataset.HighBit, dataset.PixelRepresentation = 7, 0
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.MediaStorageSOPClassUID = sop_class
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    dataset.file_meta.TransferSyntaxUID = syntax
    return dataset
