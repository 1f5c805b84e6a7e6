"""Where the programs of sync services say, in files of their own, which folders they copy.

What is read, and where that is described:

- Dropbox: `info.json`, which it writes for other programs.
- Google Drive: `root_preference_sqlite.db`, table `roots`.
- Nextcloud, ownCloud: `nextcloud.cfg`, `owncloud.cfg`, lines `...localPath=` (their client manuals,
  "Configuration File").
- Box: `sync_root_folder.txt` of Box Drive and Box Sync (as read by the file manager Files).
- Synology Drive: `sys.sqlite`, table `session_table`, column `sync_folder` (as above).
- pCloud: `data.db`, table `syncfolder`, column `localpath` (pCloud's own console client).
- Seafile: `seafile.ini` has the path of its data (the manual of `seaf-cli`), beside which are the
  libraries; `repo.db` has the others, table `RepoProperty`, key `worktree` (Seafile's daemon).
- Syncthing: `config.xml`, `<folder path=...>` (its documentation, "Configuration").

MEGA keeps its list scrambled; Proton Drive, and other clients that use the Cloud Files API, are
asked about in `windows_cloud`. Reads only; what cannot be read is ignored.
"""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import closing
from html import unescape
from pathlib import Path

from sqlcipher3 import dbapi2

from dermstation.handover.sync_marks import (
    BOX,
    DROPBOX,
    GOOGLE,
    NEXTCLOUD,
    OWNCLOUD,
    PCLOUD,
    SEAFILE,
    SYNCTHING,
    SYNOLOGY,
)
from dermstation.plain_files import is_plain, read_plain

_READ_MOST_BYTES = 1 << 20
_LOCAL_PATH = re.compile(r"^[^=\n]*localPath\s*=[ \t]*(.+?)[ \t\r]*$", re.MULTILINE)
_ESCAPED = re.compile(r"\\x([0-9a-f]{1,4})", re.IGNORECASE)  # by Qt, in an .ini file
_SYNCTHING_FOLDER = re.compile(r"<folder\s[^>]*?\bpath=\"([^\"]+)\"")
_GOOGLE_LIST = Path("Google", "DriveFS", "root_preference_sqlite.db")


class SyncLists:
    """The lists that sync programs keep of their folders, on any system."""

    def __init__(self, environ: Mapping[str, str], home: Path) -> None:
        self._home = home
        self._roaming = Path(environ.get("APPDATA") or home / "AppData" / "Roaming")
        self._local = Path(environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
        self._config = Path(environ.get("XDG_CONFIG_HOME") or home / ".config")
        self._state = Path(environ.get("XDG_STATE_HOME") or home / ".local" / "state")
        self._library = home / "Library"

    def roots(self) -> Iterator[tuple[Path, str]]:
        """Yield each folder that a program copies, with its service."""
        for found, service in (
            (self._dropbox(), DROPBOX),
            (self._google(), GOOGLE),
            (self._owncloud("Nextcloud", "nextcloud.cfg"), NEXTCLOUD),
            (self._owncloud("ownCloud", "owncloud.cfg"), OWNCLOUD),
            (self._box(), BOX),
            (self._synology(), SYNOLOGY),
            (self._pcloud(), PCLOUD),
            (self._seafile(), SEAFILE),
            (self._syncthing(), SYNCTHING),
        ):
            for path in found:
                root = Path(path)
                if root.is_absolute() and root != Path(root.anchor):
                    yield root, service

    def _dropbox(self) -> Iterator[str]:
        files = [base / "Dropbox" / "info.json" for base in (self._roaming, self._local)]
        for file in (*files, self._home / ".dropbox" / "info.json"):
            try:
                told = json.loads(_text(file))
            except (ValueError, RecursionError):
                continue
            for account in told.values() if isinstance(told, dict) else ():
                path = account.get("path") if isinstance(account, dict) else None
                if isinstance(path, str) and path:
                    yield path

    def _google(self) -> Iterator[str]:
        for base in (self._local, self._library / "Application Support"):
            yield from _column(base / _GOOGLE_LIST, "SELECT last_seen_absolute_path FROM roots")

    def _owncloud(self, folder: str, file: str) -> Iterator[str]:
        flatpak = self._home / ".var" / "app" / "com.nextcloud.desktopclient.nextcloud" / "config"
        bases = (self._config, self._roaming, self._local, self._library / "Preferences", flatpak)
        for base in bases:
            for value in _LOCAL_PATH.findall(_text(base / folder / file)):
                plain = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value.strip('"'))
                yield plain.replace("\\\\", "\\")

    def _box(self) -> Iterator[str]:
        name = "sync_root_folder.txt"
        support = self._library / "Application Support"
        for base in (self._local, self._roaming, support, support / "Box"):
            for place in (Path("Box", "Box", "data", "shell"), Path("Box Sync")):
                yield _text(base / place / name).strip()

    def _synology(self) -> Iterator[str]:
        places = (
            self._local / "SynologyDrive",
            self._home / ".SynologyDrive",
            self._library / "Application Support" / "SynologyDrive",
        )
        for place in places:
            file = place / "data" / "db" / "sys.sqlite"
            yield from _column(file, "SELECT sync_folder FROM session_table")

    def _pcloud(self) -> Iterator[str]:
        for file in (self._home / ".pcloud" / "data.db", self._local / "pCloud" / "data.db"):
            yield from _column(file, "SELECT localpath FROM syncfolder")

    def _seafile(self) -> Iterator[str]:
        worktrees = "SELECT value FROM RepoProperty WHERE key = 'worktree'"
        for folder in (".ccnet", "ccnet"):
            data = _text(self._home / folder / "seafile.ini").strip()
            if data:
                yield str(Path(data).parent)
                yield from _column(Path(data) / "repo.db", worktrees)

    def _syncthing(self) -> Iterator[str]:
        bases = (self._state / "syncthing", self._config / "syncthing", self._local / "Syncthing")
        for base in (*bases, self._library / "Application Support" / "Syncthing"):
            for path in _SYNCTHING_FOLDER.findall(_text(base / "config.xml")):
                plain = unescape(path)
                yield str(self._home) + plain[1:] if plain.startswith("~") else plain


def _text(file: Path) -> str:
    """Return what is in a program's file, or "" if it cannot be read."""
    try:
        return read_plain(file, _READ_MOST_BYTES, follows_link=True).decode("utf-8-sig")
    except (OSError, ValueError):
        return ""


def _column(file: Path, query: str) -> list[str]:
    """Return the texts that a query finds in a program's database, if it can be read."""
    try:
        if not is_plain(file):
            return []
        uri = f"{file.absolute().as_uri()}?mode=ro&immutable=1"
        with closing(dbapi2.connect(uri, uri=True)) as database:
            rows = database.execute(query).fetchall()
    except (dbapi2.Error, OSError, ValueError):
        return []
    return [row[0] for row in rows if isinstance(row[0], str) and row[0]]
