"""The parts of a station: the camera it is built with, its folders, and how it ends."""

from pathlib import Path

import pytest

from dermstation.camera.spec import parse_camera
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.paths import StationPaths
from dermstation.settings import Settings
from dermstation.workflow import station as station_module
from dermstation.workflow.station import Station, build_station
from dermstation.workflow.viewfinder import Viewfinder


def test_a_camera_that_is_not_known_is_named(tmp_path: Path) -> None:
    with pytest.raises(StationError) as caught:
        build_station(StationPaths(tmp_path), Settings(camera="a toaster"))
    assert caught.value.code is ErrorCode.CAMERA_NOT_KNOWN


def test_the_station_s_own_package_folder_is_made_and_a_named_one_is_not(tmp_path: Path) -> None:
    paths, finder = StationPaths(tmp_path / "home"), Viewfinder(parse_camera("sim"), 320, 240)
    own = Station(paths, Settings(), finder, None)
    assert own.package_folder().is_dir()
    unplugged = tmp_path / "stick" / "referrals"
    named = Station(paths, Settings(package_folder=str(unplugged)), finder, None)
    assert named.package_folder() == unplugged
    assert not unplugged.exists()
    for station in (own, named):
        station.stop()


def test_stopping_ends_camera_and_threads(tmp_path: Path) -> None:
    station = Station(
        StationPaths(tmp_path), Settings(), Viewfinder(parse_camera("sim"), 320, 240), None
    )
    station.viewfinder.open()
    done = station.jobs.on_vault(lambda: "done")
    station.stop()
    assert station.viewfinder.link is None
    assert done.result() == "done"
    with pytest.raises(RuntimeError):
        station.jobs.on_vault(lambda: None)


@pytest.mark.parametrize("demo", [True, False])
def test_pictures_are_simulated_in_a_demonstration_only(tmp_path, demo) -> None:
    station = build_station(StationPaths(tmp_path), Settings(camera="sim"), demo=demo)
    try:
        station.viewfinder.open()
        opened = station.viewfinder.opened
        assert opened is not None
        assert opened.simulated_allowed is demo
    finally:
        station.stop()


def test_the_keystore_is_looked_for_once_and_not_before_it_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[StationPaths] = []
    monkeypatch.setattr(station_module, "keystore_of", looked.append)
    paths = StationPaths(tmp_path)
    station = build_station(paths, Settings(camera="sim", demo_mode=True))
    assert looked == []
    assert station.looks_for_keystore
    both = [station.jobs.on_vault(lambda: station.keystore) for _ in range(2)]
    assert [one.result() for one in both] == [None, None]
    assert looked == [paths]
    station.stop()
    assert not build_station(paths, Settings(camera="sim"), demo=True).looks_for_keystore
