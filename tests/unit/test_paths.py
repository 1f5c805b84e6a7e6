import stat
import sys
from pathlib import Path

import pytest

from dermstation.files import tighten
from dermstation.logs import start_logging
from dermstation.paths import HOME_VARIABLE, StationPaths, close_to_others, station_paths
from dermstation.settings_file import remember


def test_the_argument_comes_first(tmp_path: Path) -> None:
    assert station_paths(tmp_path / "chosen").home == tmp_path / "chosen"


def test_then_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "named"))
    assert station_paths().home == tmp_path / "named"


@pytest.mark.parametrize("value", [None, ""])
def test_then_the_platform_s_own_folder(
    value: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if value is None:
        monkeypatch.delenv(HOME_VARIABLE, raising=False)
    else:
        monkeypatch.setenv(HOME_VARIABLE, value)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(tmp_path))
    home = station_paths().home
    assert home.name == "dermstation"
    assert "Roaming" not in home.parts


def test_everything_is_inside_the_home(tmp_path: Path) -> None:
    paths = station_paths(tmp_path)
    inside = [paths.vault, paths.settings, paths.logs, paths.packages]
    assert all(one.parent == paths.home for one in inside)
    assert len(set(inside)) == len(inside)


def test_the_home_is_absolute_whatever_was_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert station_paths(Path("here")).home == tmp_path / "here"
    assert station_paths(Path("~/there")).home == tmp_path / "there"


def test_choosing_a_home_makes_nothing(tmp_path: Path) -> None:
    station_paths(tmp_path / "new")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="the profile's access list holds there")
def test_what_an_earlier_version_left_open_is_closed(tmp_path: Path) -> None:
    paths = StationPaths(tmp_path / "home")
    for folder in (paths.home, paths.logs, paths.packages):
        folder.mkdir(mode=0o755)
    paths.settings.write_text("")
    paths.settings.chmod(0o644)
    close_to_others(paths)
    for folder in (paths.home, paths.logs, paths.packages):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(paths.settings.stat().st_mode) == 0o600
    assert sorted(paths.home.iterdir()) == sorted([paths.logs, paths.packages, paths.settings])


@pytest.mark.skipif(sys.platform == "win32", reason="the profile's access list holds there")
def test_a_new_home_and_everything_in_it_is_closed(tmp_path: Path) -> None:
    paths = StationPaths(tmp_path / "new" / "home")
    close_to_others(paths)
    start_logging(paths.logs)
    remember(paths.settings, sounds=False)
    assert {stat.S_IMODE(one.stat().st_mode) for one in (paths.home, paths.logs)} == {0o700}
    assert stat.S_IMODE(paths.settings.stat().st_mode) == 0o600


@pytest.mark.skipif(sys.platform == "win32", reason="the profile's access list holds there")
def test_a_folder_for_everybody_and_a_link_stay_as_they_are(tmp_path: Path) -> None:
    everybody = tmp_path / "tmp"
    everybody.mkdir()
    everybody.chmod(0o1777)
    target = tmp_path / "target"
    target.mkdir(mode=0o755)
    link = tmp_path / "link"
    link.symlink_to(target)
    for one in (everybody, link):
        tighten(one, 0o700)
    assert stat.S_IMODE(everybody.stat().st_mode) == 0o1777
    assert stat.S_IMODE(target.stat().st_mode) == 0o755


def test_paths_are_a_value() -> None:
    assert StationPaths(Path("/a")) == StationPaths(Path("/a"))
