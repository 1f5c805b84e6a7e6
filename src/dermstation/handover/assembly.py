"""Build all the files of a package in memory, in the order in which they are attached.

The pictures are made first, then the files that describe them, and the summary last, because it
lists the others. Takes about a second. Runs on any thread.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import PackageFile
from dermstation.handover.contents import PackageContents
from dermstation.handover.pdf import summary_pdf
from dermstation.handover.plan import (
    FHIR_NAME,
    SUMMARY_DICOM_NAME,
    SUMMARY_NAME,
    PackagePlan,
    plan_package,
)

MEDIA_TYPES = {
    ".jpg": "image/jpeg",
    ".pdf": "application/pdf",
    ".dcm": "application/dicom",
    ".xml": "application/fhir+xml",
}

NO_NOTES: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, repr=False)
class Assembled:
    """A package in memory: its plan, the bytes of each file by name, and the list of files."""

    plan: PackagePlan
    data: Mapping[str, bytes]
    files: tuple[PackageFile, ...]


def assemble(contents: PackageContents) -> Assembled:
    """Make every file of a package and check them against the destination's limits.

    Raises StationError CAPTURE_CHANGED (the bytes do not match the capture's SHA-256),
    IMAGE_UNREADABLE, IMAGE_TOO_LARGE, PACKAGE_TOO_BIG, PACKAGE_TOO_MANY_FILES, or
    PACKAGE_DEVICE_UNKNOWN (DICOM is wanted, but the settings do not name the device).
    """
    _check_captures(contents)
    plan = plan_package(contents)
    data = {} if plan.options.one_pdf else _beside_the_summary(contents, plan)
    notes = _notes(plan)
    listed = [described(name, data[name], notes) for name in plan.names if name in data]
    data[SUMMARY_NAME] = summary_pdf(contents, plan, listed)
    if plan.options.dicom:
        from dermstation.handover.dicom_pdf import summary_dicom  # noqa: PLC0415 - see below

        data[SUMMARY_DICOM_NAME] = summary_dicom(contents, data[SUMMARY_NAME])
    files = tuple(described(name, data[name], notes) for name in plan.names)
    _check_limits(plan, files)
    return Assembled(plan, {file.name: data[file.name] for file in files}, files)


def described(name: str, data: bytes, notes: Mapping[str, str] = NO_NOTES) -> PackageFile:
    """Return the record of a file: its name, media type, size, SHA-256 and note."""
    suffix = name[name.rindex(".") :]
    sha256 = hashlib.sha256(data).hexdigest()
    return PackageFile(name, MEDIA_TYPES[suffix], len(data), sha256, notes.get(name, ""))


def _notes(plan: PackagePlan) -> dict[str, str]:
    """Return a note for each file that holds a marked or covered copy."""
    return {
        name: image.capture.derivation.words
        for image in plan.images
        if image.capture.derivation is not None
        for name in (image.name, image.dicom_name)
    }


def _beside_the_summary(contents: PackageContents, plan: PackagePlan) -> dict[str, bytes]:
    """Make all files except the summary.

    The DICOM and FHIR modules are imported only if the package has such files: their libraries
    take a second to import, and most packages have neither.
    """
    data = {image.name: image.data for image in plan.images}
    if plan.options.dicom:
        from dermstation.handover.dicom import picture_dicom  # noqa: PLC0415

        for image in plan.images:
            data[image.dicom_name] = picture_dicom(contents, image)
    if plan.options.fhir:
        from dermstation.handover.fhir import referral_xml  # noqa: PLC0415

        data[FHIR_NAME] = referral_xml(contents, plan.images, data)
    return data


def _check_captures(contents: PackageContents) -> None:
    for one in contents.lesions:
        for held in one.captures:
            if hashlib.sha256(held.image).hexdigest() != held.capture.sha256:
                raise StationError(ErrorCode.CAPTURE_CHANGED, capture=held.capture.id)


def _check_limits(plan: PackagePlan, files: tuple[PackageFile, ...]) -> None:
    limits = plan.options.limits
    total = sum(file.size_bytes for file in files)
    largest = max(file.size_bytes for file in files)
    if largest > limits.file_bytes:
        raise StationError(ErrorCode.PACKAGE_TOO_BIG, size_bytes=largest, limit=limits.file_bytes)
    if limits.total_bytes and total > limits.total_bytes:
        raise StationError(ErrorCode.PACKAGE_TOO_BIG, size_bytes=total, limit=limits.total_bytes)
