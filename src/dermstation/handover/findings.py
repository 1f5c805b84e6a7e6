"""Everything that can be wrong with a package: a closed list of faults, and where one was found."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class PackageFault(StrEnum):
    """Everything that verification can find."""

    FOLDER_ABSENT = "folder_absent"
    MANIFEST_ABSENT = "manifest_absent"
    FILE_MISSING = "file_missing"
    FILE_UNEXPECTED = "file_unexpected"
    FILE_UNREADABLE = "file_unreadable"
    NOT_A_FILE = "not_a_file"
    HASH_DIFFERS = "hash_differs"
    FILE_EMPTY = "file_empty"
    FILE_TOO_BIG = "file_too_big"
    PACKAGE_TOO_BIG = "package_too_big"
    TOO_MANY_FILES = "too_many_files"
    NAME_NOT_ALLOWED = "name_not_allowed"
    NAME_TWICE = "name_twice"
    NAME_IDENTITY = "name_identity"
    TYPE_NOT_ALLOWED = "type_not_allowed"
    TYPE_DIFFERS = "type_differs"
    IMAGE_DAMAGED = "image_damaged"
    METADATA_LOCATION = "metadata_location"
    METADATA_OWNER = "metadata_owner"
    METADATA_SERIAL = "metadata_serial"
    METADATA_OTHER = "metadata_other"
    PDF_DAMAGED = "pdf_damaged"
    PDF_ACTIVE = "pdf_active"
    PDF_ENCRYPTED = "pdf_encrypted"
    PDF_FONT_MISSING = "pdf_font_missing"
    XML_DAMAGED = "xml_damaged"
    XML_ACTIVE = "xml_active"
    FHIR_WRONG = "fhir_wrong"
    DICOM_DAMAGED = "dicom_damaged"
    DICOM_PICTURE = "dicom_picture"
    DICOM_WRONG = "dicom_wrong"
    DICOM_PRIVATE = "dicom_private"


@dataclass(frozen=True, slots=True)
class PackageFinding:
    """One fault of one file, or of the folder if `file` is empty; the facts are technical."""

    fault: PackageFault
    file: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the finding as plain JSON values."""
        return {"fault": self.fault.value, "file": self.file, **self.facts}


def findings_json(findings: Iterable[PackageFinding]) -> dict[str, Any]:
    """Return the outcome of a verification as plain JSON values."""
    listed = [found.to_json() for found in findings]
    return {"ok": not listed, "findings": listed}
