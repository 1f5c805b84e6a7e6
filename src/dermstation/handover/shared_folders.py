"""Recognise folders that everybody on the PC can write to, or that are there to be shared.

In such a folder, others can exchange or remove what the station put there, and some of them are
emptied without asking. The home that the accounts of the PC share is none of these as long as its
access list is right. Reads only. On Windows the folders are known by their places; who may write
to a folder of another place is not examined there.
"""

import os
import re
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

from dermstation.handover.sync_roots import Surroundings
from dermstation.plain_files import read_plain
from dermstation.shared_home import home_faults, shared_home

_PUBLIC_SHARE = re.compile(r'^XDG_PUBLICSHARE_DIR="(.+)"', re.MULTILINE)
_MOST_BYTES = 1 << 16
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def is_shared(folder: Path, around: Surroundings | None = None) -> bool:
    """Return whether others can get at a folder; a missing one is judged by its parents."""
    around = around or Surroundings()
    real = Path(os.path.realpath(folder))
    places = (real, *real.parents)
    home = shared_home()
    if home is not None and Path(os.path.realpath(home)) in places:
        return bool(home_faults(home)) or _is_open_to_all(places)
    if any(Path(os.path.realpath(one)) in places for one in _public_folders(around)):
        return True
    return _is_open_to_all(places)


def _is_open_to_all(places: tuple[Path, ...]) -> bool:
    """Return whether everybody may write on the way to a folder, and nothing keeps them out.

    A folder that only its owner may enter keeps them out of all that is in it. They cannot replace
    it in a folder whose sticky bit is set. Windows tells this by other means than the mode.
    """
    if sys.platform == "win32":
        return False
    is_open = is_closed = False
    for place in places:
        try:
            found = place.stat()
        except OSError:
            continue
        if found.st_uid == os.geteuid() and not found.st_mode & _OTHERS:
            is_open, is_closed = False, True
        elif found.st_mode & stat.S_IWOTH and not (is_closed and found.st_mode & stat.S_ISVTX):
            is_open = True
    return is_open


def _public_folders(around: Surroundings) -> Iterator[Path]:
    """Yield the folders that are there to be shared, and those of Windows for everybody."""
    environ, home = around.environ, around.home
    if sys.platform == "win32":
        named = (environ.get("PUBLIC"), environ.get("ProgramData"))
        yield from (Path(one) for one in named if one)
        drive = Path(environ.get("SystemDrive", "C:") + "\\")
        yield from (drive / "Temp", drive / "Windows" / "Temp", drive / "Users" / "Public")
        return
    yield home / "Public"
    config = Path(environ.get("XDG_CONFIG_HOME") or home / ".config")
    try:
        text = read_plain(config / "user-dirs.dirs", _MOST_BYTES, follows_link=True)
    except OSError:
        return
    for path in _PUBLIC_SHARE.findall(text.decode("utf-8", "replace")):
        share = Path(path.replace("$HOME", str(home), 1))
        if share.is_absolute() and share not in (home, Path("/")):  # "$HOME/" means: none
            yield share
