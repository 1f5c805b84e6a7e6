"""The names of sync services' folders, and what the services put at the top of them.

The marks are the services' own: what Nextcloud's and ownCloud's clients leave out of the sync
(`.sync_*.db` and their logs, in `csync_exclude`), Box's cache, MEGA's list of what to ignore and
its local rubbish, the folders that Synology Drive, Seafile, Resilio Sync and Syncthing work in.
"""

import os
import re
from fnmatch import fnmatchcase
from itertools import islice
from pathlib import Path

ONEDRIVE, DROPBOX, GOOGLE, ICLOUD = "OneDrive", "Dropbox", "Google Drive", "iCloud"
NEXTCLOUD, OWNCLOUD, BOX, MEGA = "Nextcloud", "ownCloud", "Box", "MEGA"
PCLOUD, SEAFILE, SYNOLOGY = "pCloud", "Seafile", "Synology Drive"
RESILIO, PROTON, EGNYTE, SYNCTHING = "Resilio Sync", "Proton Drive", "Egnyte", "Syncthing"
SOME_SERVICE = "a cloud service"

# OneDrive, Dropbox and Nextcloud add an organisation or a number to the name
_NAMES = tuple(
    (re.compile(name, re.IGNORECASE), service)
    for name, service in (
        (r"onedrive( ?-.*)?", ONEDRIVE),
        (r"dropbox( ?\(.*\))?", DROPBOX),
        (r"google ?drive|googledrive-.*|my drive|drivefs", GOOGLE),
        (r"icloud ?drive|icloud ?photos|mobile documents", ICLOUD),
        (r"nextcloud\d*", NEXTCLOUD),
        (r"owncloud\d*", OWNCLOUD),
        (r"box([ -]sync|-box)?", BOX),
        (r"mega(sync)?", MEGA),
        (r"pcloud( ?drive| ?sync)?", PCLOUD),
        (r"seafile|seadrive", SEAFILE),
        (r"synology ?drive|cloudstation", SYNOLOGY),
        (r"resilio ?sync|btsync", RESILIO),
        (r"proton ?drive|protondrive-.*", PROTON),
        (r"egnyte( connect| ?drive)?", EGNYTE),
        (r"tresorit|my tresors", "Tresorit"),
        (r"citrix files|sharefile", "ShareFile"),
        (r"yandex\.?disk", "Yandex Disk"),
        (r"creative cloud files.*", "Creative Cloud"),
        (r"jottacloud|kdrive|filen|internxt|icedrive|koofr|hidrive|sugarsync", SOME_SERVICE),
        (r"spideroak hive|nutstore( files)?|idrive-sync|amazon drive", SOME_SERVICE),
        (r"cloudstorage", SOME_SERVICE),  # where macOS keeps them all
    )
)
_MARKS = (
    (".849C9593-D756-4E56-8D6E-42412F2A707B", ONEDRIVE),
    (".dropbox.cache", DROPBOX),
    (".tmp.driveupload", GOOGLE),
    (".tmp.drivedownload", GOOGLE),
    (".shortcut-targets-by-id", GOOGLE),
    (".nextcloudsync.log", NEXTCLOUD),
    (".owncloudsync.log", OWNCLOUD),
    (".csync_journal.db", OWNCLOUD),
    (".megaignore", MEGA),
    (".debris", MEGA),
    (".seafile-data", SEAFILE),
    (".SynologyWorkingDirectory", SYNOLOGY),
    (".stfolder", SYNCTHING),
)
_PATTERNS = ((".sync_*.db", NEXTCLOUD), ("._sync_*.db", OWNCLOUD), (".Box_*", BOX))
_MARKED_FOLDERS = ((".sync", RESILIO),)  # as files they mean nothing
_MARKED_FILES = ((".dropbox", DROPBOX),)  # the folder of that name holds the program's settings
_MOST_ENTRIES = 20_000


def by_name(name: str) -> str:
    """Return the service whose folders, or drives, have a name like this, or ""."""
    return next((service for known, service in _NAMES if known.fullmatch(name)), "")


def by_mark(place: Path) -> str:
    """Return the service that left a mark in a folder, or ""."""
    for mark, service in _MARKED_FILES:
        if (place / mark).is_file():
            return service
    for mark, service in _MARKED_FOLDERS:
        if (place / mark).is_dir():
            return service
    for mark, service in _MARKS:
        if os.path.lexists(place / mark):
            return service
    try:
        with os.scandir(place) as entries:
            names = [one.name for one in islice(entries, _MOST_ENTRIES)]
    except OSError:
        return ""
    for pattern, service in _PATTERNS:
        if any(fnmatchcase(name, pattern) for name in names):
            return service
    return ""
