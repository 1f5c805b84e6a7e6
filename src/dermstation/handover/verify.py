"""Verify a package folder, with the manifest that the vault keeps or without it.

Reads only, trusts nothing, and reports every fault it finds. It checks what e-RS checks (sizes,
types, names) and what e-RS does not (identity in names, metadata, scripts, hashes).
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from dermstation.domain.presets import ERS_FILE_BYTES, Limits
from dermstation.domain.records import PackageFile
from dermstation.handover.dicom_checks import dicom_faults, encapsulated_pdf
from dermstation.handover.file_types import ALLOWED_SUFFIXES, SEALED_PDF, is_of_type
from dermstation.handover.findings import PackageFault, PackageFinding, findings_json
from dermstation.handover.image_checks import DECODED_SUFFIXES, image_faults
from dermstation.handover.names import is_allowed_name, tells_identity
from dermstation.handover.pdf_manifest import is_intact, listed_files, listed_limits, listed_notes
from dermstation.handover.plan import SUMMARY_DICOM_NAME, SUMMARY_NAME
from dermstation.handover.removal import BROWSER_FILES
from dermstation.handover.xml_checks import xml_faults
from dermstation.plain_files import read_plain

if TYPE_CHECKING:
    from dermstation.handover.pdf_checks import PdfContents

__all__ = ["PackageFault", "PackageFinding", "copies_in", "findings_json", "verify_package"]

_READ_MOST_BYTES = 64 * 1024 * 1024
_MOST_ENTRIES = 1_000  # no destination takes as many
_PDF_SUFFIX = ".pdf"
_XML_SUFFIX = ".xml"
_DICOM_SUFFIX = ".dcm"


def verify_package(
    folder: Path,
    expected: Sequence[PackageFile] | None = None,
    *,
    limits: Limits | None = None,
) -> tuple[PackageFinding, ...]:
    """Verify a package folder and return its faults; an empty tuple means that nothing is wrong.

    With `expected`, the manifest that the vault keeps, every file must be present and unchanged.
    Without it, the list inside the referral summary is used, and the summary's own hash is checked:
    that shows damage and mix-ups, not forgery. `limits` are those of the destination; if they are
    not given, those listed in the summary are used. No file may ever exceed the size that e-RS
    accepts. What a file browser leaves beside pictures is passed over. Never raises for anything it
    finds in the folder.
    """
    try:
        entries = sorted(islice(folder.iterdir(), _MOST_ENTRIES + 1))
    except OSError:
        return (PackageFinding(PackageFault.FOLDER_ABSENT),)
    entries = [entry for entry in entries if entry.name not in BROWSER_FILES]
    if len(entries) > _MOST_ENTRIES:
        facts = {"files": len(entries), "limit": _MOST_ENTRIES}
        return (PackageFinding(PackageFault.TOO_MANY_FILES, facts=facts),)
    findings = [*_name_findings(folder, entries)]
    contents: dict[str, bytes] = {}
    for entry in entries:
        data, found = _read(entry)
        findings += found
        if data is not None:
            contents[entry.name] = data
    pdfs = {name: _pdf(data) for name, data in contents.items() if _suffix(name) == _PDF_SUFFIX}
    summary = pdfs.get(SUMMARY_NAME)
    bounds = limits or listed_limits(summary.keywords if summary else "")
    findings += _size_findings(contents, bounds)
    for name, data in contents.items():
        findings += _content_findings(name, data, pdfs.get(name))
    findings += _encapsulated_findings(contents)
    if expected is None:
        findings += _outside_findings(contents, summary)
    else:
        listed = {file.name: file.sha256 for file in expected}
        findings += _manifest_findings(contents, listed)
        findings = _without_sealed(findings, expected)
    return tuple(findings)


def copies_in(folder: Path) -> dict[str, str]:
    """Return which files are a marked or a covered copy, by name, as listed in the summary."""
    data, _ = _read(folder / SUMMARY_NAME)
    summary = _pdf(data) if data is not None else None
    return listed_notes(summary.keywords) if summary else {}


def _pdf(data: bytes) -> "PdfContents | None":
    """Return what is in a PDF, or None if it is damaged."""
    from dermstation.handover.pdf_checks import read_pdf  # noqa: PLC0415 - 14 MiB, for a package

    return read_pdf(data)


def _without_sealed(
    findings: Sequence[PackageFinding], expected: Sequence[PackageFile]
) -> list[PackageFinding]:
    """Return the findings without PDF_ENCRYPTED for files that were sealed on purpose."""
    sealed = {file.name for file in expected if file.media_type == SEALED_PDF}
    return [
        one
        for one in findings
        if one.fault is not PackageFault.PDF_ENCRYPTED or one.file not in sealed
    ]


def _size_findings(contents: Mapping[str, bytes], limits: Limits) -> Iterator[PackageFinding]:
    total = sum(map(len, contents.values()))
    file_bytes = min(limits.file_bytes, ERS_FILE_BYTES)
    for name, data in contents.items():
        if len(data) > file_bytes:
            facts = {"size_bytes": len(data), "limit": file_bytes}
            yield PackageFinding(PackageFault.FILE_TOO_BIG, name, facts)
    if limits.total_bytes and total > limits.total_bytes:
        facts = {"size_bytes": total, "limit": limits.total_bytes}
        yield PackageFinding(PackageFault.PACKAGE_TOO_BIG, facts=facts)
    if limits.files_most and len(contents) > limits.files_most:
        facts = {"files": len(contents), "limit": limits.files_most}
        yield PackageFinding(PackageFault.TOO_MANY_FILES, facts=facts)


def _name_findings(folder: Path, entries: Sequence[Path]) -> Iterator[PackageFinding]:
    if tells_identity(folder.name):
        yield PackageFinding(PackageFault.NAME_IDENTITY)
    seen: set[str] = set()
    for name in (entry.name for entry in entries):
        if not is_allowed_name(name):
            yield PackageFinding(PackageFault.NAME_NOT_ALLOWED, name)
        if tells_identity(name):
            yield PackageFinding(PackageFault.NAME_IDENTITY, name)
        if name.casefold() in seen:
            yield PackageFinding(PackageFault.NAME_TWICE, name)
        seen.add(name.casefold())


def _read(entry: Path) -> tuple[bytes | None, list[PackageFinding]]:
    if entry.is_symlink() or not entry.is_file():
        return None, [PackageFinding(PackageFault.NOT_A_FILE, entry.name)]
    try:
        size = entry.stat().st_size
        if size > _READ_MOST_BYTES:
            facts = {"size_bytes": size, "limit": ERS_FILE_BYTES}
            return None, [PackageFinding(PackageFault.FILE_TOO_BIG, entry.name, facts)]
        return read_plain(entry, _READ_MOST_BYTES), []
    except OSError:
        return None, [PackageFinding(PackageFault.FILE_UNREADABLE, entry.name)]


def _content_findings(
    name: str, data: bytes, pdf: "PdfContents | None"
) -> Iterator[PackageFinding]:
    suffix = _suffix(name)
    if not data:
        yield PackageFinding(PackageFault.FILE_EMPTY, name)
        return
    if suffix not in ALLOWED_SUFFIXES:
        yield PackageFinding(PackageFault.TYPE_NOT_ALLOWED, name)
    elif not is_of_type(data, suffix):
        yield PackageFinding(PackageFault.TYPE_DIFFERS, name)
    elif suffix in DECODED_SUFFIXES:
        for fault in sorted(image_faults(data, suffix)):
            yield PackageFinding(fault, name)
    elif suffix == _PDF_SUFFIX:
        if pdf is None:
            yield PackageFinding(PackageFault.PDF_DAMAGED, name)
        else:
            yield from (PackageFinding(fault, name) for fault in sorted(pdf.faults))
    elif suffix == _XML_SUFFIX:
        yield from (PackageFinding(fault, name) for fault in xml_faults(data))
    elif suffix == _DICOM_SUFFIX:
        yield from (PackageFinding(fault, name) for fault in sorted(dicom_faults(data)))


def _encapsulated_findings(contents: Mapping[str, bytes]) -> Iterator[PackageFinding]:
    """Compare the summary inside the DICOM file with the summary's own file."""
    data = contents.get(SUMMARY_DICOM_NAME)
    if data is not None and encapsulated_pdf(data) != contents.get(SUMMARY_NAME):
        yield PackageFinding(PackageFault.HASH_DIFFERS, SUMMARY_DICOM_NAME)


def _outside_findings(
    contents: dict[str, bytes], summary: "PdfContents | None"
) -> Iterator[PackageFinding]:
    listed = listed_files(summary.keywords) if summary else None
    if listed is None:
        yield PackageFinding(PackageFault.MANIFEST_ABSENT, SUMMARY_NAME)
        return
    if not is_intact(contents[SUMMARY_NAME]):
        yield PackageFinding(PackageFault.HASH_DIFFERS, SUMMARY_NAME)
    apart = (SUMMARY_NAME, SUMMARY_DICOM_NAME)  # the summary cannot list the files that contain it
    others = {name: data for name, data in contents.items() if name not in apart}
    yield from _manifest_findings(others, {name: digest for name, digest, _ in listed})


def _manifest_findings(
    contents: dict[str, bytes], listed: dict[str, str]
) -> Iterator[PackageFinding]:
    for name, digest in listed.items():
        if name not in contents:
            yield PackageFinding(PackageFault.FILE_MISSING, name)
        elif hashlib.sha256(contents[name]).hexdigest() != digest:
            yield PackageFinding(PackageFault.HASH_DIFFERS, name)
    for name in contents.keys() - listed.keys():
        yield PackageFinding(PackageFault.FILE_UNEXPECTED, name)


def _suffix(name: str) -> str:
    return Path(name).suffix.lower()
