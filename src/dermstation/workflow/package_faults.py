"""The one table from a fault of a package to words for the person at the screen."""

from dermstation.handover.findings import Fault, PackageFinding

PACKAGE_FAULTS: dict[Fault, str] = {
    Fault.FOLDER_ABSENT: "There is no such folder.",
    Fault.MANIFEST_ABSENT: "The list of files inside the summary is missing.",
    Fault.FILE_MISSING: "A file of the package is missing.",
    Fault.FILE_UNEXPECTED: "This file does not belong to the package.",
    Fault.FILE_UNREADABLE: "This file cannot be read.",
    Fault.NOT_A_FILE: "This is not a plain file.",
    Fault.HASH_DIFFERS: "This file was changed after it was made.",
    Fault.FILE_EMPTY: "This file is empty.",
    Fault.FILE_TOO_BIG: "This file is larger than the destination takes.",
    Fault.PACKAGE_TOO_BIG: "The files together are larger than the destination takes.",
    Fault.TOO_MANY_FILES: "There are more files than the destination takes.",
    Fault.NAME_NOT_ALLOWED: "This name is not one that e-RS takes.",
    Fault.NAME_TWICE: "Two files have the same name.",
    Fault.NAME_IDENTITY: "This name may tell who the patient is.",
    Fault.TYPE_NOT_ALLOWED: "e-RS does not take files of this type.",
    Fault.TYPE_DIFFERS: "The content is not what the name's ending says.",
    Fault.IMAGE_DAMAGED: "This picture is damaged.",
    Fault.METADATA_LOCATION: "This picture tells where it was taken.",
    Fault.METADATA_OWNER: "This picture tells whose camera took it.",
    Fault.METADATA_SERIAL: "This picture holds a serial number.",
    Fault.METADATA_OTHER: "This picture holds more about itself than the station writes.",
    Fault.PDF_DAMAGED: "This PDF is damaged.",
    Fault.PDF_ACTIVE: "This PDF holds scripts or attachments.",
    Fault.PDF_ENCRYPTED: "This PDF opens with a passphrase alone: e-RS cannot scan or show it.",
    Fault.PDF_FONT_MISSING: "This PDF needs fonts that are not in it.",
    Fault.XML_DAMAGED: "This XML file is damaged.",
    Fault.XML_ACTIVE: "This XML file holds scripts, or names others to be fetched.",
    Fault.FHIR_WRONG: "This is not a valid FHIR document.",
    Fault.DICOM_DAMAGED: "This DICOM file is damaged.",
    Fault.DICOM_PICTURE: "The picture in this DICOM file is damaged, or not of the size it says.",
    Fault.DICOM_WRONG: "This DICOM file lacks what the station writes, or is of another kind.",
    Fault.DICOM_PRIVATE: "This DICOM file holds private elements.",
}


def package_words(finding: PackageFinding) -> str:
    """Say one finding of a verification: the file, then what is wrong with it."""
    words = PACKAGE_FAULTS[finding.fault]
    return f"{finding.file}: {words}" if finding.file else words
