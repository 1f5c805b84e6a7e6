"""Write a package completely and verify it, or leave nothing behind.

Files are written into a folder whose name ends in `.part`; it takes its final name only when all of
them are on the disk. Works on the caller's thread; takes about a second.
"""

import errno
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Package, PackageFile, now
from dermstation.files import (
    HeldError,
    keep_unindexed,
    make_folder,
    new_file,
    sync_folder,
    take_name,
)
from dermstation.handover.assembly import Assembled, assemble, described
from dermstation.handover.contents import PackageContents
from dermstation.handover.file_types import SEALED_PDF
from dermstation.handover.plan import SUMMARY_NAME
from dermstation.handover.removal import PART_SUFFIX, remove_package
from dermstation.handover.sealing import opens_to, sealed_pdf
from dermstation.handover.verify import verify_package

_CODES = {
    errno.ENOSPC: ErrorCode.PACKAGE_DISK_FULL,
    errno.EDQUOT: ErrorCode.PACKAGE_DISK_FULL,
    errno.EFBIG: ErrorCode.PACKAGE_DISK_FULL,
    errno.EROFS: ErrorCode.PACKAGE_FOLDER_READ_ONLY,
    errno.EACCES: ErrorCode.PACKAGE_FOLDER_READ_ONLY,
    errno.EPERM: ErrorCode.PACKAGE_FOLDER_READ_ONLY,
    errno.ENOENT: ErrorCode.PACKAGE_FOLDER_ABSENT,
    errno.ENOTDIR: ErrorCode.PACKAGE_FOLDER_ABSENT,
}


def write_package(
    contents: PackageContents,
    destination: Path,
    *,
    before_file: Callable[[Path], None],
    planned: Callable[[int], object] = lambda _files: None,
    passphrase: str = "",
) -> Package:
    """Write a package into a new folder of `destination`, read it back and verify it.

    `before_file` is called before a path is created, so that the caller can journal it: twice for
    each file, first with its path in the `.part` folder, then with its final path. If anything
    fails, the files that were written are removed and the error is raised. `planned` is told the
    number of files before the first. `passphrase` is for a sealed package only, which needs one.

    Raises StationError CAPTURE_CHANGED (the bytes do not match the capture's SHA-256),
    IMAGE_UNREADABLE, IMAGE_TOO_LARGE, PACKAGE_TOO_BIG, PACKAGE_TOO_MANY_FILES,
    PACKAGE_DEVICE_UNKNOWN, PACKAGE_FOLDER_ABSENT, PACKAGE_FOLDER_READ_ONLY, PACKAGE_DISK_FULL,
    PACKAGE_WRITE_FAILED or PACKAGE_NOT_VERIFIED.
    """
    if not destination.is_dir():
        raise StationError(ErrorCode.PACKAGE_FOLDER_ABSENT)
    made = assemble(contents)
    data, files = made.data, made.files
    if contents.options.sealed:
        data, files = _sealed(made, passphrase)
    planned(len(data))
    folder = destination / made.plan.folder_name
    with _disk_errors():
        _refuse_existing(folder)
    try:
        with _disk_errors():
            _write(data, folder, before_file)
        _check_written(folder, files)
        if contents.options.sealed:
            _check_sealed(folder, passphrase, made)
    except BaseException:
        remove_package(list(data), folder)
        raise
    return Package(
        id=contents.package_id,
        episode_id=contents.episode.id,
        folder=str(folder),
        files=files,
        created_at=contents.created_at,
        created_by=contents.created_by,
        verified_at=now(),
    )


def _refuse_existing(folder: Path) -> None:
    """Refuse a folder that already exists, so that another package is never touched."""
    for place in (folder, folder.with_name(folder.name + PART_SUFFIX)):
        if os.path.lexists(place):
            raise StationError(ErrorCode.PACKAGE_WRITE_FAILED, reason="folder exists")


def _sealed(
    made: Assembled, passphrase: str
) -> tuple[Mapping[str, bytes], tuple[PackageFile, ...]]:
    """Return the package's single PDF encrypted, with its new file record."""
    if not passphrase or set(made.data) != {SUMMARY_NAME}:
        raise ValueError("only one PDF can be sealed, and only with a passphrase")
    sealed = sealed_pdf(made.data[SUMMARY_NAME], passphrase)
    limit = made.plan.options.limits.file_bytes
    if len(sealed) > limit:
        raise StationError(ErrorCode.PACKAGE_TOO_BIG, size_bytes=len(sealed), limit=limit)
    file = replace(described(SUMMARY_NAME, sealed), media_type=SEALED_PDF)
    return {SUMMARY_NAME: sealed}, (file,)


def _check_sealed(folder: Path, passphrase: str, made: Assembled) -> None:
    """Open the written file as its reader will: a passphrase that fails would be found too late."""
    if not opens_to((folder / SUMMARY_NAME).read_bytes(), passphrase, made.data[SUMMARY_NAME]):
        raise StationError(ErrorCode.PACKAGE_NOT_VERIFIED, findings=1, faults=["sealed"])


def _write(data: Mapping[str, bytes], folder: Path, before_file: Callable[[Path], None]) -> None:
    part = folder.with_name(folder.name + PART_SUFFIX)
    for number, (name, content) in enumerate(data.items()):
        before_file(part / name)
        if number == 0:  # one of its files is now journalled, so a wipe will find the folder too
            make_folder(part)  # not encrypted, so closed to other users of this PC
            keep_unindexed(part)
        with new_file(part / name) as file:
            file.write(content)
    sync_folder(part)
    for name in data:
        before_file(folder / name)
    take_name(part, folder)
    sync_folder(folder.parent)


def _check_written(folder: Path, files: Sequence[PackageFile]) -> None:
    findings = verify_package(folder, files)
    if findings:
        raise StationError(
            ErrorCode.PACKAGE_NOT_VERIFIED,
            findings=len(findings),
            faults=sorted({found.fault.value for found in findings}),
        )


@contextmanager
def _disk_errors() -> Iterator[None]:
    """Turn OSError into the station's codes, without the path."""
    try:
        yield
    except HeldError:
        raise StationError(ErrorCode.PACKAGE_WRITE_FAILED, held=True) from None
    except OSError as error:
        code = _CODES.get(error.errno or 0, ErrorCode.PACKAGE_WRITE_FAILED)
        raise StationError(code, errno=error.errno) from None
