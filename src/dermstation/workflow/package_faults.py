"""The table that gives each fault of a package its words for the operator."""

from dermstation.handover.findings import PackageFault, PackageFinding

PACKAGE_FAULTS: dict[PackageFault, str] = {
    PackageFault.FOLDER_ABSENT: "This folder does not exist.",
    PackageFault.MANIFEST_ABSENT: "The list of files inside the summary is missing.",
    PackageFault.FILE_MISSING: "A file of the package is missing.",
    PackageFault.FILE_UNEXPECTED: "This file does not belong to the package.",
    PackageFault.FILE_UNREADABLE: "This file cannot be read.",
    PackageFault.NOT_A_FILE: "This is not an ordinary file.",
    PackageFault.HASH_DIFFERS: "This file was changed after it was made.",
    PackageFault.FILE_EMPTY: "This file is empty.",
    PackageFault.FILE_TOO_BIG: "This file is larger than the destination accepts.",
    PackageFault.PACKAGE_TOO_BIG: "Together, the files are larger than the destination accepts.",
    PackageFault.TOO_MANY_FILES: "There are more files than the destination accepts.",
    PackageFault.NAME_NOT_ALLOWED: "e-RS does not accept this file name.",
    PackageFault.NAME_TWICE: "Two files have the same name.",
    PackageFault.NAME_IDENTITY: "This file name may show who the patient is.",
    PackageFault.TYPE_NOT_ALLOWED: "e-RS does not accept files of this type.",
    PackageFault.TYPE_DIFFERS: "The content does not match the ending of the file name.",
    PackageFault.IMAGE_DAMAGED: "This picture is damaged.",
    PackageFault.METADATA_LOCATION: "This picture says where it was taken.",
    PackageFault.METADATA_OWNER: "This picture says whose camera took it.",
    PackageFault.METADATA_SERIAL: "This picture holds a serial number.",
    PackageFault.METADATA_OTHER: "This picture holds more metadata than the station writes.",
    PackageFault.PDF_DAMAGED: "This PDF is damaged.",
    PackageFault.PDF_ACTIVE: "This PDF holds scripts or attachments.",
    PackageFault.PDF_ENCRYPTED: (
        "This PDF opens only with a passphrase: e-RS cannot scan or show it."
    ),
    PackageFault.PDF_FONT_MISSING: "This PDF needs fonts that are not in it.",
    PackageFault.XML_DAMAGED: "This XML file is damaged.",
    PackageFault.XML_ACTIVE: "This XML file holds scripts, or refers to other files.",
    PackageFault.FHIR_WRONG: "This is not a valid FHIR document.",
    PackageFault.DICOM_DAMAGED: "This DICOM file is damaged.",
    PackageFault.DICOM_PICTURE: (
        "The picture in this DICOM file is damaged, or its size is not the one stated."
    ),
    PackageFault.DICOM_WRONG: (
        "Parts that the station writes are missing from this DICOM file, or it is another kind."
    ),
    PackageFault.DICOM_PRIVATE: "This DICOM file holds private elements.",
}


def package_words(finding: PackageFinding) -> str:
    """Return the words for one finding: the file, then what is wrong with it."""
    words = PACKAGE_FAULTS[finding.fault]
    return f"{finding.file}: {words}" if finding.file else words
