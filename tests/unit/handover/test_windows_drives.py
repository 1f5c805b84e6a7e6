"""Which drives of Windows are local, as far as that can be tried on every system."""

import sys
from pathlib import Path, PureWindowsPath

import pytest

from dermstation.handover import windows_drives


@pytest.mark.parametrize(
    ("path", "letter"),
    [
        (r"C:\packages", "C:"),
        (r"\\?\C:\packages", "C:"),
        (r"\\.\d:\packages", "d:"),
        (r"\\server\share\packages", ""),
        (r"\\?\UNC\server\share\packages", ""),
        (r"\\?\Volume{0}\packages", ""),
    ],
)
def test_the_letter_is_found_in_every_kind_of_path(path: str, letter: str) -> None:
    assert windows_drives.drive_letter(PureWindowsPath(path).drive) == letter


@pytest.mark.parametrize(
    ("number", "portable", "kind"),
    [
        (0, False, "removable"),
        (1, False, "removable"),  # DRIVE_NO_ROOT_DIR: it is not there
        (2, False, "removable"),
        (3, False, "local"),
        (3, True, "removable"),
        (4, False, "network"),
        (5, False, "removable"),
        (6, False, "removable"),
    ],
)
def test_only_a_fixed_drive_is_local(number: int, portable: bool, kind: str) -> None:
    assert windows_drives.kind_of_drive(number, is_on_portable_bus=portable) == kind


@pytest.mark.skipif(sys.platform != "win32", reason="asks Windows")
def test_windows_itself_is_asked() -> None:
    assert windows_drives.kind_of(Path("C:/Windows")) == "local"
    assert windows_drives.kind_of(Path("//?/C:/Windows")) == "local"
    assert windows_drives.kind_of(Path("Q:/packages")) == "removable"
    assert windows_drives.kind_of(Path("//server/share")) == "network"
