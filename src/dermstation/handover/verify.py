"""Verification of a package folder, from inside with its manifest or from outside without.

Reads only, trusts nothing, and reports every fault it finds. It checks what e-RS checks (sizes,
types, names) and what e-RS does not (identity in names, metadata, scripts, hashes).
"""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from dermstation.domain.records import PackageFile
from dermstation.handover.file_types import ALLOWED_SUFFIXES, is_of_type
from dermstation.handover.findings import Fault, PackageFinding, findings_json
from dermstation.handover.image_checks import DECODED_SUFFIXES, image_faults
from dermstation.handover.names import is_allowed_name, tells_identity
from dermstation.handover.pdf_checks import PdfContents, read_pdf
from dermstation.handover.pdf_manifest import is_intact, listed_files
from dermstation.handover.plan import LIMIT_BYTES, SUMMARY_NAME

__all__ = ["Fault", "PackageFinding", "findings_json", "verify_package"]

_READ_MOST_BYTES = 64 * 1024 * 1024
_PDF_SUFFIX = ".pdf"


def verify_package(
    folder: Path, expected: Sequence[PackageFile] | None = None
) -> tuple[PackageFinding, ...]:
    """Verify a package folder; an empty tuple says that nothing is wrong.

    With `expected`, the manifest the vault keeps, every file must be there and as it was. Without
    it, the list inside the referral summary is taken, and the summary's own seal is checked: that
    shows damage and mix-ups, not forgery. Never raises for what it finds in the folder.
    """
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        return (PackageFinding(Fault.FOLDER_ABSENT),)
    findings = [*_name_findings(folder, entries)]
    contents: dict[str, bytes] = {}
    sizes = 0
    for entry in entries:
        data, found = _read(entry)
        findings += found
        if data is not None:
            contents[entry.name] = data
            sizes += len(data)
    if sizes > LIMIT_BYTES:
        facts = {"size_bytes": sizes, "limit": LIMIT_BYTES}
        findings.append(PackageFinding(Fault.PACKAGE_TOO_BIG, facts=facts))
    pdfs = {name: read_pdf(data) for name, data in contents.items() if _suffix(name) == _PDF_SUFFIX}
    for name, data in contents.items():
        findings += _content_findings(name, data, pdfs.get(name))
    if expected is None:
        findings += _outside_findings(contents, pdfs.get(SUMMARY_NAME))
    else:
        listed = {file.name: file.sha256 for file in expected}
        findings += _manifest_findings(contents, listed)
    return tuple(findings)


def _name_findings(folder: Path, entries: Sequence[Path]) -> Iterator[PackageFinding]:
    if tells_identity(folder.name):
        yield PackageFinding(Fault.NAME_IDENTITY)
    seen: set[str] = set()
    for name in (entry.name for entry in entries):
        if not is_allowed_name(name):
            yield PackageFinding(Fault.NAME_NOT_ALLOWED, name)
        if tells_identity(name):
            yield PackageFinding(Fault.NAME_IDENTITY, name)
        if name.casefold() in seen:
            yield PackageFinding(Fault.NAME_TWICE, name)
        seen.add(name.casefold())


def _read(entry: Path) -> tuple[bytes | None, list[PackageFinding]]:
    if entry.is_symlink() or not entry.is_file():
        return None, [PackageFinding(Fault.NOT_A_FILE, entry.name)]
    try:
        size = entry.stat().st_size
        if size > _READ_MOST_BYTES:
            facts = {"size_bytes": size, "limit": LIMIT_BYTES}
            return None, [PackageFinding(Fault.FILE_TOO_BIG, entry.name, facts)]
        return entry.read_bytes(), []
    except OSError:
        return None, [PackageFinding(Fault.FILE_UNREADABLE, entry.name)]


def _content_findings(name: str, data: bytes, pdf: PdfContents | None) -> Iterator[PackageFinding]:
    suffix = _suffix(name)
    if not data:
        yield PackageFinding(Fault.FILE_EMPTY, name)
        return
    if len(data) > LIMIT_BYTES:
        facts = {"size_bytes": len(data), "limit": LIMIT_BYTES}
        yield PackageFinding(Fault.FILE_TOO_BIG, name, facts)
    if suffix not in ALLOWED_SUFFIXES:
        yield PackageFinding(Fault.TYPE_NOT_ALLOWED, name)
    elif not is_of_type(data, suffix):
        yield PackageFinding(Fault.TYPE_DIFFERS, name)
    elif suffix in DECODED_SUFFIXES:
        for fault in sorted(image_faults(data, suffix)):
            yield PackageFinding(fault, name)
    elif suffix == _PDF_SUFFIX:
        if pdf is None:
            yield PackageFinding(Fault.PDF_DAMAGED, name)
        elif pdf.is_active:
            yield PackageFinding(Fault.PDF_ACTIVE, name)


def _outside_findings(
    contents: dict[str, bytes], summary: PdfContents | None
) -> Iterator[PackageFinding]:
    listed = listed_files(summary.keywords) if summary else None
    if listed is None:
        yield PackageFinding(Fault.MANIFEST_ABSENT, SUMMARY_NAME)
        return
    if not is_intact(contents[SUMMARY_NAME]):
        yield PackageFinding(Fault.HASH_DIFFERS, SUMMARY_NAME)
    others = {name: data for name, data in contents.items() if name != SUMMARY_NAME}
    yield from _manifest_findings(others, {name: digest for name, digest, _ in listed})


def _manifest_findings(
    contents: dict[str, bytes], listed: dict[str, str]
) -> Iterator[PackageFinding]:
    for name, digest in listed.items():
        if name not in contents:
            yield PackageFinding(Fault.FILE_MISSING, name)
        elif hashlib.sha256(contents[name]).hexdigest() != digest:
            yield PackageFinding(Fault.HASH_DIFFERS, name)
    for name in contents.keys() - listed.keys():
        yield PackageFinding(Fault.FILE_UNEXPECTED, name)


def _suffix(name: str) -> str:
    return Path(name).suffix.lower()
