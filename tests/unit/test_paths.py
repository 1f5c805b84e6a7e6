from pathlib import Path

import pytest

from dermstation.paths import HOME_VARIABLE, StationPaths, station_paths


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


def test_paths_are_a_value() -> None:
    assert StationPaths(Path("/a")) == StationPaths(Path("/a"))
