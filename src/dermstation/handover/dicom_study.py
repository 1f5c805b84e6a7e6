"""Shared by all DICOM files of an episode: patient, study, ids, dates, and writing the file.

Ids are derived from the station's own random ids, so that they are the same each time. Pure
functions.
"""

import uuid
from datetime import datetime
from io import BytesIO

import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import UID

from dermstation import __version__
from dermstation.domain.consents import Answer
from dermstation.domain.identity import Sex
from dermstation.domain.lesion_facts import QUESTION_WORDS, Note, Question
from dermstation.domain.records import Lesion
from dermstation.handover.contents import PackageContents
from dermstation.handover.dicom_text import (
    LONG_TEXT_MAX_CHARS,
    fitted,
    is_shortened,
    patient_name,
)
from dermstation.handover.uk_time import uk_time

NHS_NUMBER_SYSTEM = "https://fhir.nhs.uk/Id/nhs-number"
# generated once, at random, for this program; DICOM PS3.5 annex B.2 allows UUIDs as UIDs under 2.25
_NAMESPACE = uuid.UUID("3c1b6a52-94a7-4c40-9c0a-1f3e7f1d0b58")
_IMPLEMENTATION = "implementation"
_IMPLEMENTATION_NAME = "DERMSTATION"
_SEXES = {Sex.FEMALE: "F", Sex.MALE: "M", Sex.OTHER: "O", Sex.NOT_RECORDED: ""}
_UNICODE = "ISO_IR 192"


def derived_uid(*parts: str) -> UID:
    """Derive a UID from `parts`; the same parts give the same UID."""
    return UID(f"2.25.{uuid.uuid5(_NAMESPACE, '/'.join(parts)).int}")


def shared(contents: PackageContents) -> Dataset:
    """Return a new dataset with the patient and the study; one episode is one study."""
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
    if contents.referrer.direct_line:
        dataset.ReferringPhysicianTelephoneNumbers = fitted(contents.referrer.direct_line, 16)
    if contents.practice_name:
        dataset.InstitutionName = fitted(contents.practice_name)
    return dataset


def day_and_time(instant: datetime) -> tuple[str, str]:
    """Format an instant as DICOM's date (DA) and time (TM), in UK local time."""
    local = uk_time(instant)
    return local.strftime("%Y%m%d"), local.strftime("%H%M%S")


def date_time(instant: datetime) -> str:
    """Format an instant as DICOM's date and time (DT), in UK local time with its offset."""
    return uk_time(instant).strftime("%Y%m%d%H%M%S%z")


def code(value: str, meaning: str, scheme: str = "SCT") -> Dataset:
    """Return a coded entry, usually of SNOMED CT."""
    item = Dataset()
    item.CodeValue = value
    item.CodingSchemeDesignator = scheme
    item.CodeMeaning = fitted(meaning)
    return item


def written(dataset: Dataset, transfer_syntax: UID) -> bytes:
    """Return a dataset, which has its SOP Instance UID, as a file."""
    dataset.file_meta = meta = FileMetaDataset()
    meta.TransferSyntaxUID = transfer_syntax
    meta.FileMetaInformationVersion = b"\x00\x01"
    meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    meta.ImplementationClassUID = derived_uid(_IMPLEMENTATION, __version__)
    meta.ImplementationVersionName = _IMPLEMENTATION_NAME
    file = BytesIO()
    pydicom.dcmwrite(file, dataset, enforce_file_format=True)
    return file.getvalue()


def add_clinical(dataset: Dataset, lesion: Lesion) -> None:
    """Add what the module Patient Study has a place for (PS3.3 C.7.2.2); nothing that is unknown.

    They are the working diagnosis, what bears on an operation, and the allergies.
    """
    facts = lesion.facts
    if facts.opinion.diagnosis:
        words = f"{lesion.label} {facts.opinion.diagnosis}"
        dataset.AdmittingDiagnosesDescription = fitted(words)
    alerts = []
    if facts.history.answer(Question.PACEMAKER) is Answer.YES:
        alerts.append(QUESTION_WORDS[Question.PACEMAKER])
    anticoagulant = facts.history.notes.get(Note.ANTICOAGULANT, "")
    if anticoagulant or facts.history.answer(Question.ANTICOAGULANTS) is Answer.YES:
        alerts.append(fitted(f"Anticoagulant: {anticoagulant or 'not named'}"))
    if alerts:
        dataset.MedicalAlerts = alerts
    if Note.ALLERGIES in facts.history.notes:
        dataset.Allergies = fitted(facts.history.notes[Note.ALLERGIES])


def _add_patient(dataset: Dataset, contents: PackageContents) -> None:
    patient = contents.patient
    dataset.PatientName = patient_name(patient)
    if is_shortened(patient):
        dataset.PatientComments = fitted(f"Full name: {patient.full_name}", LONG_TEXT_MAX_CHARS)
    dataset.PatientID = patient.nhs_number.digits
    issuer = Dataset()
    issuer.UniversalEntityID = NHS_NUMBER_SYSTEM
    issuer.UniversalEntityIDType = "URI"
    dataset.IssuerOfPatientIDQualifiersSequence = Sequence([issuer])
    dataset.PatientBirthDate = patient.born_on.strftime("%Y%m%d")
    dataset.PatientSex = _SEXES[patient.sex]
    age = patient.age_on(uk_time(contents.episode.opened_at).date())
    dataset.PatientAge = f"{age:03d}Y"
