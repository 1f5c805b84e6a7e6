"""What all DICOM files of an episode share: patient, study, ids, dates, and how a file is written.

Ids are derived from the station's own random ids and from the content, so that the same file has
the same id and another file has another. Pure functions.
"""

import hashlib
import uuid
from datetime import datetime
from io import BytesIO
from unicodedata import category

import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import UID

from dermstation import __version__
from dermstation.domain.identity import Patient
from dermstation.handover.contents import PackageContents
from dermstation.handover.uk_time import uk_time

NHS_NUMBER_SYSTEM = "https://fhir.nhs.uk/Id/nhs-number"
# made once at random for this program (DICOM PS3.5 annex B.2 allows UIDs of UUIDs below 2.25)
_NAMESPACE = uuid.UUID("3c1b6a52-94a7-4c40-9c0a-1f3e7f1d0b58")
_IMPLEMENTATION = "implementation"
_IMPLEMENTATION_NAME = "DERMSTATION"
_NAME_MAX_CHARS = 64  # value representation PN, each component group
_GIVEN_LEAST_BYTES = 20
_TEXT_MAX_CHARS = 64  # value representation LO
_UNICODE = "ISO_IR 192"


def derived_uid(*parts: str) -> UID:
    """Derive a UID from words: the same words, the same UID."""
    return UID(f"2.25.{uuid.uuid5(_NAMESPACE, '/'.join(parts)).int}")


def shared(contents: PackageContents) -> Dataset:
    """Begin a dataset with patient and study; one episode is one study."""
    dataset = Dataset()
    opened_at = uk_time(contents.episode.opened_at)
    dataset.SpecificCharacterSet = _UNICODE
    dataset.TimezoneOffsetFromUTC = opened_at.strftime("%z")
    _add_patient(dataset, contents)
    dataset.StudyInstanceUID = derived_uid("study", contents.episode.id)
    dataset.StudyDate, dataset.StudyTime = day_and_time(opened_at)
    dataset.StudyID = contents.episode.id[:16]
    dataset.StudyDescription = "Images of skin lesions"
    dataset.AccessionNumber = ""
    dataset.ReferringPhysicianName = ""
    if contents.practice_name:
        dataset.InstitutionName = fitted(contents.practice_name)
    return dataset


def day_and_time(instant: datetime) -> tuple[str, str]:
    """Write an instant as DICOM's date and time, as clocks in the United Kingdom show it."""
    local = uk_time(instant)
    return local.strftime("%Y%m%d"), local.strftime("%H%M%S")


def date_time(instant: datetime) -> str:
    """Write an instant as DICOM's DT, with its offset."""
    return uk_time(instant).strftime("%Y%m%d%H%M%S%z")


def fitted(words: str, most: int = _TEXT_MAX_CHARS) -> str:
    """Bring words within a value's length; a backslash would part values, a control end them.

    The standard counts characters, some of its readers bytes: both keep within `most`.
    """
    plain = "".join(" " if category(one) in {"Cc", "Cs"} else one for one in words)
    short = " ".join(plain.replace("\\", "/").split())[:most]
    while len(short.encode()) > most:
        short = short[:-1]
    return short.strip()


def person(name: str) -> str:
    """Write an operator's name, of which the station knows no parts."""
    return fitted(name.replace("^", " ").replace("=", " "), _NAME_MAX_CHARS)


def code(value: str, meaning: str) -> Dataset:
    """Make a coded entry."""
    item = Dataset()
    item.CodeValue = value
    item.CodingSchemeDesignator = "SCT"
    item.CodeMeaning = fitted(meaning)
    return item


def written(dataset: Dataset, transfer_syntax: UID) -> bytes:
    """Give the dataset its SOP Instance UID, from all that is in it, and write it as a file."""
    dataset.SOPInstanceUID = derived_uid("instance", "")
    dataset.file_meta = meta = FileMetaDataset()
    meta.TransferSyntaxUID = transfer_syntax
    digest = hashlib.sha256(_as_file(dataset)).hexdigest()
    dataset.SOPInstanceUID = derived_uid("instance", digest)
    meta.FileMetaInformationVersion = b"\x00\x01"
    meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    meta.ImplementationClassUID = derived_uid(_IMPLEMENTATION, __version__)
    meta.ImplementationVersionName = _IMPLEMENTATION_NAME
    return _as_file(dataset)


def _as_file(dataset: Dataset) -> bytes:
    file = BytesIO()
    pydicom.dcmwrite(file, dataset, enforce_file_format=True)
    return file.getvalue()


def _add_patient(dataset: Dataset, contents: PackageContents) -> None:
    patient = contents.patient
    dataset.PatientName = _patient_name(patient)
    dataset.PatientID = patient.nhs_number.digits
    issuer = Dataset()
    issuer.UniversalEntityID = NHS_NUMBER_SYSTEM
    issuer.UniversalEntityIDType = "URI"
    dataset.IssuerOfPatientIDQualifiersSequence = Sequence([issuer])
    dataset.PatientBirthDate = patient.born_on.strftime("%Y%m%d")
    dataset.PatientSex = ""  # the station does not ask
    age = patient.age_on(uk_time(contents.episode.opened_at).date())
    dataset.PatientAge = f"{age:03d}Y"


def _patient_name(patient: Patient) -> str:
    """Write family and given name; a name longer than DICOM takes loses its end."""
    kept_for_given = min(len(patient.given_name.encode()), _GIVEN_LEAST_BYTES)
    family = fitted(patient.family_name, _NAME_MAX_CHARS - 1 - kept_for_given)
    given = fitted(patient.given_name, _NAME_MAX_CHARS - 1 - len(family.encode()))
    return f"{family}^{given}"
