"""The home that the accounts of a PC share: who says so, who may enter, what they make there."""

import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from dermstation import files, paths, shared_home
from dermstation.access_list import (
    HOME_LIST,
    is_owned_by_administrators,
    keeps_outsiders_out,
    list_of,
    make_with_list,
)
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.logs import start_logging
from dermstation.paths import HOME_VARIABLE, StationPaths, close_to_others, station_paths
from dermstation.shared_home import (
    HomeFault,
    check_shared_home,
    home_faults,
    make_shared_home,
)
from dermstation.vault.connection import INDEX_PRAGMAS, Database

if sys.platform != "win32":
    import grp

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="Windows has lists instead of modes")
GROUP_FOLDER, GROUP_FILE = 0o2770, 0o660


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A shared home of this account's own group, in the place of the PC's."""
    if sys.platform == "win32":
        pytest.skip("Windows has lists instead of modes")
    monkeypatch.delenv(HOME_VARIABLE)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "account"))
    monkeypatch.setattr(shared_home, "NOTE", tmp_path / "etc" / "shared-home")
    monkeypatch.setattr(shared_home, "FOLDER", tmp_path / "pc")
    monkeypatch.setattr(shared_home, "GROUP", grp.getgrgid(os.getegid()).gr_name)
    monkeypatch.setattr(shared_home, "_ROOT", os.geteuid())
    return make_shared_home()


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_without_a_note_each_account_has_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(HOME_VARIABLE)
    monkeypatch.setattr(shared_home, "NOTE", tmp_path / "none")
    monkeypatch.setattr(shared_home, "KEY", r"SOFTWARE\Dermstation of a test that made none")
    assert shared_home.shared_home() is None
    assert station_paths().home == paths.account_home().resolve()


def test_once_made_and_noted_it_is_the_home_of_every_account(shared: Path, tmp_path: Path) -> None:
    found = station_paths()
    assert found.home == shared == tmp_path / "pc"
    assert home_faults(shared) == ()
    check_shared_home(found.home)
    assert make_shared_home() == shared  # again, as an upgrade does


def test_a_named_home_comes_first(
    shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert station_paths(tmp_path / "other").home == tmp_path / "other"
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "named"))
    assert station_paths().home == tmp_path / "named"


def test_log_notes_and_lock_of_a_window_stay_with_its_account(shared: Path) -> None:
    found = station_paths()
    assert found.own == paths.account_home()
    assert found.logs.parent == found.incoming.parent == found.own
    stations = (found.vault, found.settings, found.cameras, found.scales, found.packages)
    assert {one.parent for one in stations} == {shared}
    alone = StationPaths(found.own)
    assert alone.own == alone.home


def test_what_one_account_makes_there_is_open_to_the_group_alone(shared: Path) -> None:
    found = station_paths()
    close_to_others(found)
    files.make_private(found.vault)
    files.make_folder(found.vault / "episodes")
    files.write_file(found.settings, b"", files.OWNER_ONLY)
    files.write_file(found.scales, b"")
    files.write_in_place(found.vault / "keys.a", b"x")
    Database(found.vault / "vault.db", [bytearray(32)], INDEX_PRAGMAS).close()
    folders = [shared, found.vault, found.vault / "episodes"]
    assert {mode(one) for one in folders} == {GROUP_FOLDER}
    made = [one for one in shared.rglob("*") if one.is_file()]
    assert {one.name for one in made} >= {"settings.toml", "keys.a", "vault.db", "vault.db-journal"}
    assert {mode(one) for one in made} == {GROUP_FILE}
    close_to_others(found)  # nothing of it is taken back at the next start
    assert {mode(one) for one in [found.settings, found.scales]} == {GROUP_FILE}


def test_what_belongs_to_the_account_is_closed_as_ever(shared: Path) -> None:
    found = station_paths()
    close_to_others(found)
    start_logging(found.logs)
    assert {mode(one) for one in (found.own, found.logs)} == {0o700}


@POSIX
def test_a_home_of_one_account_is_shared_with_no_group(tmp_path: Path) -> None:
    """Even in a folder that a group shares."""
    around = tmp_path / "group"
    around.mkdir()
    around.chmod(0o2755)
    close_to_others(StationPaths(around / "home"))
    files.write_file(around / "home" / "settings.toml", b"", files.OWNER_ONLY)
    assert (mode(around / "home"), mode(around / "home" / "settings.toml")) == (0o700, 0o600)


SPOILT: list[tuple[Callable[[Path], None], HomeFault]] = [
    (Path.rmdir, HomeFault.ABSENT),
    (lambda home: home.chmod(0o2777), HomeFault.OPEN),
    (lambda home: home.chmod(0o2771), HomeFault.OPEN),
    (lambda home: home.chmod(0o0770), HomeFault.GROUP),
    (lambda home: home.chmod(0o2750), HomeFault.GROUP),
]


@pytest.mark.parametrize(("spoil", "fault"), SPOILT)
def test_a_home_that_is_not_as_it_was_made_is_noticed(
    shared: Path, spoil: Callable[[Path], None], fault: HomeFault
) -> None:
    spoil(shared)
    assert home_faults(shared) == (fault,)


def test_a_home_of_somebody_else_is_noticed_and_never_taken(
    shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_home, "_ROOT", os.geteuid() + 1)
    assert home_faults(shared) == (HomeFault.OWNER,)
    with pytest.raises(StationError) as refused:
        make_shared_home()
    assert refused.value.facts["reason"] == "taken"


def test_a_missing_home_never_leads_to_another_one(shared: Path) -> None:
    shared.rmdir()
    assert station_paths().home == shared
    with pytest.raises(StationError) as refused:
        check_shared_home(shared)
    assert refused.value.code is ErrorCode.HOME_CLOSED
    assert refused.value.facts["fault"] == "absent"


def test_without_the_group_or_the_rights_nothing_is_noted(
    shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared_home.NOTE.unlink()
    shared.rmdir()
    monkeypatch.setattr(shared_home, "GROUP", "no group of this name")
    with pytest.raises(StationError) as refused:
        make_shared_home()
    assert refused.value.facts["reason"] == "group"
    monkeypatch.setattr(shared_home, "FOLDER", tmp_path / "nowhere" / "pc")
    monkeypatch.setattr(shared_home, "GROUP", grp.getgrgid(os.getegid()).gr_name)
    with pytest.raises(StationError) as refused:
        make_shared_home()
    assert refused.value.facts["reason"] == "rights"
    assert shared_home.shared_home() is None


class TestListsOfWindows:
    def test_the_list_that_is_made_is_right(self) -> None:
        assert is_owned_by_administrators(HOME_LIST)
        assert keeps_outsiders_out(HOME_LIST)

    @pytest.mark.parametrize("who", ["WD", "AN", "BG", "NU", "S-1-1-0", "S-1-5-7", "AC"])
    def test_nobody_from_outside_is_let_in(self, who: str) -> None:
        assert not keeps_outsiders_out(f"{HOME_LIST}(A;OICI;FR;;;{who})")
        assert keeps_outsiders_out(f"{HOME_LIST}(D;OICI;FA;;;{who})")  # shut out

    def test_it_may_name_fewer_people_than_all_of_the_pc(self) -> None:
        narrowed = HOME_LIST.replace("BU", "S-1-5-21-1-2-3-1105")
        assert keeps_outsiders_out(narrowed)

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "O:BAG:BA",  # no list at all: everybody may do everything
            "O:BAG:BAD:NO_ACCESS_CONTROL",
            HOME_LIST.replace("D:PAI", "D:AI"),  # that of the folder around it counts too
        ],
    )
    def test_a_list_that_is_not_its_own_is_none(self, text: str) -> None:
        assert not keeps_outsiders_out(text)

    @pytest.mark.parametrize("owner", ["BU", "S-1-5-21-1-2-3-1105", "WD"])
    def test_an_ordinary_owner_could_change_it(self, owner: str) -> None:
        assert not is_owned_by_administrators(HOME_LIST.replace("O:BA", f"O:{owner}"))

    @pytest.mark.skipif(sys.platform != "win32", reason="other systems have modes")
    def test_windows_keeps_the_list_that_a_folder_is_made_with(self, tmp_path: Path) -> None:
        home = tmp_path / "home"
        make_with_list(home, HOME_LIST)
        assert home_faults(home) == ()
        (home / "inside").mkdir()
        assert "BU" in list_of(home / "inside")
