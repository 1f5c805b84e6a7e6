"""A PC whose accounts share the station, played in a folder: the administrator's note and home."""

import os
import sys
from pathlib import Path

import pytest

from dermstation import shared_home
from dermstation.paths import HOME_VARIABLE, StationPaths


def share_home(folder: Path, monkeypatch: pytest.MonkeyPatch) -> StationPaths:
    """Let `pc` in a folder be the shared home, and `account` beside it this account's own."""
    if sys.platform == "win32":
        monkeypatch.setattr(shared_home, "_noted", lambda: str(folder / "pc"))
        monkeypatch.setattr("dermstation.paths.account_home", lambda: folder / "account")
    note = folder / "shared-home"
    monkeypatch.delenv(HOME_VARIABLE, raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(folder / "data"))
    monkeypatch.setattr(shared_home, "NOTE", note)
    monkeypatch.setattr(shared_home, "_ROOT", getattr(os, "geteuid", int)())
    home = folder / "pc"
    home.mkdir()
    home.chmod(0o2770)
    note.write_text(str(home))
    return StationPaths(home)
