"""The summary as a DICOM Encapsulated PDF, in the same study as its pictures. Pure functions."""

import hashlib

from pydicom.sequence import Sequence
from pydicom.uid import UID, ExplicitVRLittleEndian

from dermstation import __version__
from dermstation.handover import dicom_study as study
from dermstation.handover.contents import PackageContents

ENCAPSULATED_PDF = UID("1.2.840.10008.5.1.4.1.1.104.1")


def summary_dicom(contents: PackageContents, pdf: bytes) -> bytes:
    """Return the referral summary as a DICOM file."""
    dataset = study.shared(contents)
    day, time = study.day_and_time(contents.as_of)
    dataset.SOPClassUID = ENCAPSULATED_PDF
    dataset.Modality = "DOC"
    dataset.SeriesInstanceUID = study.derived_uid("series", contents.episode.id, "summary")
    dataset.SeriesNumber = 1_000  # after those of the lesions
    dataset.InstanceNumber = 1
    dataset.SeriesDescription = "Referral summary"
    dataset.Manufacturer = ""
    dataset.SoftwareVersions = f"dermstation {__version__}"
    dataset.ConversionType = "WSD"
    dataset.ContentDate, dataset.ContentTime = day, time
    dataset.AcquisitionDateTime = ""
    dataset.BurnedInAnnotation = "YES"  # its pages name the patient
    dataset.DocumentTitle = "Referral summary"
    dataset.ConceptNameCodeSequence = Sequence([])
    dataset.MIMETypeOfEncapsulatedDocument = "application/pdf"
    dataset.EncapsulatedDocumentLength = len(pdf)
    dataset.EncapsulatedDocument = pdf + b"\0" * (len(pdf) % 2)
    digest = hashlib.sha256(pdf).hexdigest()  # all that a reader sees of it
    dataset.SOPInstanceUID = study.derived_uid("instance", contents.episode.id, digest)
    return study.written(dataset, ExplicitVRLittleEndian)
