"""Worklist files as Orthanc's folder and dcmtk's wlmscpfs read them, with made-up patients."""

import itertools
from datetime import date
from pathlib import Path

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

_FILES = itertools.count(1)


def write_entry(
    folder: Path,
    name: str = "Wolfe^Ada Mary",
    number: str = "9990000018",
    *,
    title: str = "DERMSTATION",
    day: date | None = None,
    time: str = "0930",
    born: str = "19580903",
    sex: str = "F",
    charset: str = "ISO_IR 192",
) -> Path:
    """Write one entry into a folder."""
    entry = Dataset()
    entry.SpecificCharacterSet = charset
    entry.PatientName, entry.PatientID, entry.PatientBirthDate = name, number, born
    entry.PatientSex = sex
    entry.AccessionNumber = "A1"
    entry.StudyInstanceUID = generate_uid()
    entry.RequestedProcedureID = "R1"
    entry.RequestedProcedureDescription = "Pictures of a skin lesion"
    step = Dataset()
    step.Modality = "DMS"
    step.ScheduledStationAETitle = title
    step.ScheduledProcedureStepStartDate = f"{day or date.today():%Y%m%d}"  # noqa: DTZ011
    step.ScheduledProcedureStepStartTime = time
    step.ScheduledPerformingPhysicianName = ""
    step.ScheduledProcedureStepDescription = "Lesion on the left arm"
    step.ScheduledProcedureStepID = "S1"
    entry.ScheduledProcedureStepSequence = [step]
    entry.file_meta = FileMetaDataset()
    entry.file_meta.MediaStorageSOPClassUID = "1.2.276.0.7230010.3.1.0.1"  # as dcmtk marks them
    entry.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    entry.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    file = folder / f"{next(_FILES):04}.wl"
    entry.save_as(file, enforce_file_format=True)
    return file
