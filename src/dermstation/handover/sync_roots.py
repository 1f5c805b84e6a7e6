"""Recognise folders that a program copies to the internet by itself.

They are recognised by what such programs leave behind: environment variables, their own files,
marks inside the folder, names of folders, and on Windows the list of sync roots and the Cloud Files
API. Reads only and never fails: anything that cannot be read is ignored.
"""

import json
import os
import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from dermstation.handover import windows_cloud
from dermstation.plain_files import read_plain

ONEDRIVE, DROPBOX, GOOGLE, ICLOUD = "OneDrive", "Dropbox", "Google Drive", "iCloud"
_ENVIRONMENT = {
    "OneDrive": ONEDRIVE,
    "OneDriveConsumer": ONEDRIVE,
    "OneDriveCommercial": ONEDRIVE,
}
# names of a service's folder; OneDrive and Dropbox add the organisation's name
_NAMES = (
    (re.compile(r"onedrive( ?-.*)?", re.IGNORECASE), ONEDRIVE),
    (re.compile(r"dropbox( ?\(.*\))?", re.IGNORECASE), DROPBOX),
    (re.compile(r"(google ?drive|googledrive-.*|my drive|drivefs)", re.IGNORECASE), GOOGLE),
    (re.compile(r"(icloud ?drive|icloud ?photos|mobile documents)", re.IGNORECASE), ICLOUD),
    (re.compile(r"cloudstorage", re.IGNORECASE), "a cloud service"),  # where macOS keeps them all
)
# names at the top of a service's folder
_MARKS = (
    (".849C9593-D756-4E56-8D6E-42412F2A707B", ONEDRIVE),
    (".dropbox.cache", DROPBOX),
    (".tmp.driveupload", GOOGLE),
    (".tmp.drivedownload", GOOGLE),
    (".shortcut-targets-by-id", GOOGLE),
    (".stfolder", "Syncthing"),
)
_DROPBOX_MARK = ".dropbox"  # a file; the folder of that name holds the program's own settings
_DROPBOX_FILES = ("APPDATA", "LOCALAPPDATA")
_DRIVEFS_ROOTS = Path("Google", "DriveFS", "root_preference_sqlite.db")
_READ_MOST_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The parts of the PC that are examined; tests pass others."""

    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    home: Path = field(default_factory=Path.home)


def syncing_service(folder: Path, around: Surroundings | None = None) -> str:
    """Return the service that would copy files put into `folder`, or "" if none is known."""
    around = around or Surroundings()
    real = _real(folder)
    places = (real, *real.parents)
    for root, service in _roots(around):
        if _real(root) in places:
            return service
    for place in places:
        service = _by_name(place) or _by_mark(place)
        if service:
            return service
    return windows_cloud.provider_of(real)


def _roots(around: Surroundings) -> Iterator[tuple[Path, str]]:
    for name, service in _ENVIRONMENT.items():
        if around.environ.get(name):
            yield Path(around.environ[name]), service
    yield from ((root, DROPBOX) for root in _dropbox_roots(around))
    yield from ((root, GOOGLE) for root in _google_roots(around))
    yield from windows_cloud.sync_roots()


def _dropbox_roots(around: Surroundings) -> Iterator[Path]:
    """Yield the folders of Dropbox, from the file that it writes for other programs (info.json)."""
    files = [
        Path(around.environ[one], "Dropbox", "info.json")
        for one in _DROPBOX_FILES
        if around.environ.get(one)
    ]
    for file in (*files, around.home / ".dropbox" / "info.json"):
        try:
            told = json.loads(read_plain(file, _READ_MOST_BYTES, follows_link=True))
        except (OSError, ValueError, RecursionError):
            continue
        for account in told.values() if isinstance(told, dict) else ():
            path = account.get("path") if isinstance(account, dict) else None
            if isinstance(path, str) and path:
                yield Path(path)


def _google_roots(around: Surroundings) -> Iterator[Path]:
    """Yield the folders that Google Drive mirrors."""
    bases = [
        Path(around.environ.get("LOCALAPPDATA") or around.home / "AppData" / "Local"),
        around.home / "Library" / "Application Support",
    ]
    for file in (base / _DRIVEFS_ROOTS for base in bases):
        if not file.is_file():
            continue
        try:
            uri = f"{file.absolute().as_uri()}?mode=ro&immutable=1"
            with closing(sqlite3.connect(uri, uri=True)) as database:
                rows = database.execute("SELECT last_seen_absolute_path FROM roots").fetchall()
        except (sqlite3.Error, ValueError):
            continue
        yield from (Path(row[0]) for row in rows if isinstance(row[0], str) and row[0])


def _by_name(place: Path) -> str:
    return next((service for name, service in _NAMES if name.fullmatch(place.name)), "")


def _by_mark(place: Path) -> str:
    if (place / _DROPBOX_MARK).is_file():
        return DROPBOX
    return next((service for mark, service in _MARKS if os.path.lexists(place / mark)), "")


def _real(path: Path) -> Path:
    """Return the path with links followed, including those of a Known Folder that was moved."""
    try:
        return path.resolve()
    except OSError:
        return path.absolute()
