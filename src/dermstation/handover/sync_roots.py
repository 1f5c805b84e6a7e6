"""Recognise folders that a program copies to the internet, or to other PCs, by itself.

They are recognised by what such programs leave behind: environment variables, their own files,
marks inside the folder, names of folders and drives, and on Windows the list of sync roots and the
Cloud Files API. Reads only and never fails: anything that cannot be read is ignored.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dermstation.handover import windows_cloud, windows_drives
from dermstation.handover.sync_lists import SyncLists
from dermstation.handover.sync_marks import ONEDRIVE, by_mark, by_name

_ENVIRONMENT = {
    "OneDrive": ONEDRIVE,
    "OneDriveConsumer": ONEDRIVE,
    "OneDriveCommercial": ONEDRIVE,
}


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
        service = by_name(place.name) or by_mark(place)
        if service:
            return service
    return by_name(windows_drives.label_of(real)) or windows_cloud.provider_of(real)


def _roots(around: Surroundings) -> Iterator[tuple[Path, str]]:
    for name, service in _ENVIRONMENT.items():
        if around.environ.get(name):
            yield Path(around.environ[name]), service
    yield from SyncLists(around.environ, around.home).roots()
    yield from windows_cloud.sync_roots()


def _real(path: Path) -> Path:
    """Return the path with links followed, including those of a Known Folder that was moved."""
    try:
        return path.resolve()
    except (OSError, ValueError):  # a name from such a list that no file can have
        return path.absolute()
