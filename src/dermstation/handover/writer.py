"""Writing of a package: all of it, read back and right, or nothing.

Files are written into a folder that ends in `.part`, which takes its final name only when all are
on the disk. Works on the caller's thread; takes about a second.
"""

import errno
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Package, PackageFile, now
from dermstation.handover.contents import PackageContents
from dermstation.handover.pdf import summary_pdf
from dermstation.handover.plan import LIMIT_BYTES, SUMMARY_NAME, plan_package
from dermstation.handover.removal import PART_SUFFIX, flush_folder, remove_package
from dermstation.handover.verify import verify_package
from dermstation.imaging.headers import JPEG

PDF = "application/pdf"
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
    contents: PackageContents, destination: Path, *, before_file: Callable[[Path], None]
) -> Package:
    """Write a package into a new folder of `destination`, read it back and verify it.

    `before_file` is called before a path comes into being, so that the caller can journal it:
    twice a file, first with its path in the `.part` folder, then with its final one. Whatever
    fails, the files written are removed and the error is raised.

    Raises StationError CAPTURE_CHANGED (bytes are not those of the capture's SHA-256),
    IMAGE_UNREADABLE, IMAGE_TOO_LARGE, PACKAGE_TOO_BIG, PACKAGE_FOLDER_ABSENT,
    PACKAGE_FOLDER_READ_ONLY, PACKAGE_DISK_FULL, PACKAGE_WRITE_FAILED, PACKAGE_NOT_VERIFIED.
    """
    _check_captures(contents)
    if not destination.is_dir():
        raise StationError(ErrorCode.PACKAGE_FOLDER_ABSENT)
    plan = plan_package(contents)
    data = {image.name: image.data for image in plan.images}
    files = [_described(name, content, JPEG) for name, content in data.items()]
    summary = summary_pdf(contents, plan, files)
    data[SUMMARY_NAME] = summary
    files.append(_described(SUMMARY_NAME, summary, PDF))
    total = sum(file.size_bytes for file in files)
    if total > LIMIT_BYTES:
        raise StationError(ErrorCode.PACKAGE_TOO_BIG, size_bytes=total, limit=LIMIT_BYTES)
    folder = destination / plan.folder_name
    with _disk_errors():
        _refuse_existing(folder)
    try:
        with _disk_errors():
            _write(data, folder, before_file)
        _check_written(folder, files)
    except BaseException:
        remove_package(list(data), folder)
        raise
    return Package(
        id=contents.package_id,
        episode_id=contents.episode.id,
        folder=str(folder),
        files=tuple(files),
        created_at=contents.created_at,
        created_by=contents.created_by,
        verified_at=now(),
    )


def _check_captures(contents: PackageContents) -> None:
    for one in contents.lesions:
        for held in one.captures:
            if hashlib.sha256(held.image).hexdigest() != held.capture.sha256:
                raise StationError(ErrorCode.CAPTURE_CHANGED, capture=held.capture.id)


def _described(name: str, data: bytes, media_type: str) -> PackageFile:
    return PackageFile(name, media_type, len(data), hashlib.sha256(data).hexdigest())


def _refuse_existing(folder: Path) -> None:
    """Refuse a folder that is there: nothing of another package is ever touched."""
    for place in (folder, folder.with_name(folder.name + PART_SUFFIX)):
        if os.path.lexists(place):
            raise StationError(ErrorCode.PACKAGE_WRITE_FAILED, reason="folder exists")


def _write(data: dict[str, bytes], folder: Path, before_file: Callable[[Path], None]) -> None:
    part = folder.with_name(folder.name + PART_SUFFIX)
    part.mkdir()
    for name, content in data.items():
        before_file(part / name)
        with (part / name).open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    flush_folder(part)
    for name in data:
        before_file(folder / name)
    part.rename(folder)
    flush_folder(folder.parent)


def _check_written(folder: Path, files: list[PackageFile]) -> None:
    findings = verify_package(folder, files)
    if findings:
        raise StationError(
            ErrorCode.PACKAGE_NOT_VERIFIED,
            findings=len(findings),
            faults=sorted({found.fault.value for found in findings}),
        )


@contextmanager
def _disk_errors() -> Iterator[None]:
    """Turn what the disk says into the station's codes; the path stays out of it."""
    try:
        yield
    except OSError as error:
        code = _CODES.get(error.errno or 0, ErrorCode.PACKAGE_WRITE_FAILED)
        raise StationError(code, errno=error.errno) from None
