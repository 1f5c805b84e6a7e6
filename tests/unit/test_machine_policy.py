"""What IT fixes for a PC holds, whatever an operator writes, and fails closed."""

import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermstation import machine_policy, settings_file
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.routes import Route
from dermstation.machine_policy import Policy, PolicyFault, from_registry, policy_of
from dermstation.settings import SETTINGS, Settings, values_of
from dermstation.settings_file import load_settings, remember
from dermstation.workflow.review_policy import review_routes_of
from dermstation.workflow.setting_faults import policy_message, policy_words

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="the policy is in the registry there")
FIXED = 'lock_after_minutes = 2\nreview_routes = "usc rads"\nnetwork_folders_allowed = false\n'
STRICTEST = {name: row.strictest for name, row in SETTINGS.items() if row.strictest is not None}


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A policy file in a folder of the same owner, in the place of root's."""
    if sys.platform == "win32":
        pytest.skip("the policy is in the registry there")
    folder = tmp_path / "etc"
    folder.mkdir(mode=0o755)
    monkeypatch.setattr(machine_policy, "POLICY_FILE", folder / "policy.toml")
    monkeypatch.setattr(machine_policy, "_ROOT", os.geteuid())
    return folder / "policy.toml"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """What an operator wrote to undo the policy."""
    made = tmp_path / "settings.toml"
    made.write_text(
        'lock_after_minutes = 30\nreview_routes = "none"\nnetwork_folders_allowed = true\n'
        'package_folder = "/elsewhere"\nemail_domains = "example.org"\nsounds = false\n'
    )
    return made


def written(file: Path, text: str = FIXED, mode: int = 0o644) -> None:
    file.write_text(text)
    file.chmod(mode)


def test_without_a_policy_the_operator_s_file_holds(file: Path, own: Path) -> None:
    assert machine_policy.machine_policy() == Policy()
    settings = load_settings(own)
    assert (settings.lock_after_minutes, settings.fixed) == (30, frozenset())


def test_what_is_fixed_cannot_be_undone_in_the_operator_s_file(file: Path, own: Path) -> None:
    written(file)
    settings = load_settings(own)
    assert settings.lock_after_minutes == 2
    assert review_routes_of(settings) == {Route.USC, Route.RADS}
    assert not settings.network_folders_allowed
    assert settings.fixed == {"lock_after_minutes", "review_routes", "network_folders_allowed"}
    assert (settings.package_folder, settings.sounds) == ("/elsewhere", False)  # not fixed


def test_neither_the_command_line_nor_a_choice_undoes_it(file: Path, own: Path) -> None:
    written(file, FIXED + 'camera = "device:1"\nhands_free = false\n')
    before = own.read_text()
    for attempt in (
        lambda: load_settings(own, {"camera": "device:2"}),
        lambda: remember(own, hands_free=True),
        lambda: remember(own, sounds=True, lock_after_minutes=9),
    ):
        with pytest.raises(StationError) as refused:
            attempt()
        assert refused.value.code is ErrorCode.SETTING_FIXED
    assert own.read_text() == before
    assert load_settings(own, {"camera": "device:1"}).camera == "device:1"
    kept = remember(own, sounds=True)
    assert (kept.sounds, kept.lock_after_minutes) == (True, 2)
    assert "lock_after_minutes = 30" in own.read_text()  # not written over by the policy's value


def unreadable(file: Path) -> None:
    file.mkdir()


def too_long(file: Path) -> None:
    written(file, "#" * 1_000_001)


def a_pipe(file: Path) -> None:
    os.mkfifo(file, 0o600)


def open_to_all(file: Path) -> None:
    written(file, mode=0o666)


def open_to_the_group(file: Path) -> None:
    written(file, mode=0o664)


def in_an_open_folder(file: Path) -> None:
    written(file)
    file.parent.chmod(0o777)


def garbled(file: Path) -> None:
    written(file, FIXED + "this is no line\n")


def half_a_value(file: Path) -> None:
    written(file, 'lock_after_minutes = 2\n[section]\nreview_routes = "us')


CLOSED = [
    unreadable,
    too_long,
    a_pipe,
    open_to_all,
    open_to_the_group,
    in_an_open_folder,
    garbled,
    half_a_value,
]


@POSIX
@pytest.mark.expects_log("the policy of this PC has a fault")
@pytest.mark.parametrize("fault", CLOSED)
def test_a_policy_that_cannot_be_believed_is_as_strict_as_can_be(
    file: Path, own: Path, fault: Callable[[Path], None]
) -> None:
    fault(file)
    settings = load_settings(own)
    assert {name: getattr(settings, name) for name in STRICTEST} == STRICTEST
    assert set(STRICTEST) <= settings.fixed
    assert review_routes_of(settings) == set(Route)
    policy = machine_policy.machine_policy()
    assert policy.faults
    message = policy_message(policy)
    assert message is not None
    assert "strictest" in message.safe
    assert "strictest" in policy_words(policy)


@POSIX
@pytest.mark.expects_log("the policy of this PC has a fault")
def test_a_policy_of_another_owner_is_not_believed(
    file: Path, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(file)
    monkeypatch.setattr(machine_policy, "_ROOT", os.geteuid() + 1)
    assert load_settings(own).lock_after_minutes == 1
    assert machine_policy.machine_policy().faults == ((PolicyFault.OPEN, ""),)


@POSIX
def test_a_policy_that_its_folder_hides_is_not_missing(
    file: Path, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hidden(*_: object) -> int:
        raise PermissionError

    monkeypatch.setattr(machine_policy.os, "open", hidden)
    policy = machine_policy.machine_policy()
    assert policy.faults == ((PolicyFault.UNREADABLE, ""),)
    assert policy.values == STRICTEST


@pytest.mark.parametrize(
    ("found", "fault", "value"),
    [
        ([("lock_after_minutes", 99)], PolicyFault.VALUE, 1),
        ([("lock_after_minutes", "2")], PolicyFault.VALUE, 1),
        ([("lock_after_minutes", 2), ("lock_after_minutes", 30)], PolicyFault.TWICE, 1),
        ([("lock_after_minutes", 2), ("no_such_setting", 1)], PolicyFault.UNKNOWN, 2),
    ],
)
def test_a_line_with_a_fault_is_strict_for_its_setting_alone(found, fault, value) -> None:
    policy = policy_of("here", [*found, ("sounds", False)])
    assert policy.values == {"lock_after_minutes": value, "sounds": False}
    assert [one for one, _ in policy.faults] == [fault]
    assert found[-1][0] in policy_words(policy)


@pytest.mark.parametrize("later", [False, True])
def test_a_value_that_comes_after_a_fault_does_not_loosen_it(later: bool) -> None:
    lines = [("", None), ("lock_after_minutes", 30)]
    policy = policy_of("here", lines if later else lines[::-1])
    assert policy.values["lock_after_minutes"] == 1


def test_group_policy_s_numbers_are_truth_values_where_the_table_says_so() -> None:
    assert from_registry("network_folders_allowed", 1) is True
    assert from_registry("network_folders_allowed", 0) is False
    assert from_registry("lock_after_minutes", 1) == 1
    assert type(from_registry("lock_after_minutes", 1)) is int
    assert from_registry("network_folders_allowed", 2) == 2  # a fault, told by its row
    assert from_registry("other", 1) == 1


@given(st.dictionaries(st.sampled_from(list(SETTINGS)), st.integers(0, 40)))
def test_every_value_in_force_is_one_that_its_setting_allows(found: dict[str, int]) -> None:
    policy = policy_of("here", [(name, from_registry(name, one)) for name, one in found.items()])
    given_ = {**values_of(Settings()), **policy.values}
    assert {name: SETTINGS[name].checked(value) for name, value in given_.items()} == given_


@POSIX
def test_no_variable_names_another_place(
    file: Path, own: Path, tmp_path: Path, monkeypatch
) -> None:
    written(file)
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_CONFIG_DIRS", "DERMSTATION_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "elsewhere"))
    assert load_settings(own).lock_after_minutes == 2
    assert stat.S_IMODE(file.stat().st_mode) == 0o644
    assert settings_file.machine_policy() == machine_policy.machine_policy()


def test_group_policy_replaces_what_the_installer_was_given() -> None:
    given = [("practice_name", "Example Surgery"), ("lock_after_minutes", 5)]
    installed = policy_of("the installer's", given)
    both = policy_of("group policy", [("lock_after_minutes", 2)]).over(installed)
    assert both.values == {"practice_name": "Example Surgery", "lock_after_minutes": 2}
    assert both.source_of("lock_after_minutes") == "group policy"
    assert both.source_of("practice_name") == "the installer's"
    assert both.source_of("sounds") == ""


def test_a_fault_of_either_closes_what_it_should() -> None:
    installed = policy_of("the installer's", [("lock_after_minutes", 500)])
    both = policy_of("", []).over(installed)
    assert both.values == {"lock_after_minutes": STRICTEST["lock_after_minutes"]}
    assert both.faults == ((PolicyFault.VALUE, "lock_after_minutes"),)
    strict = policy_of("group policy", [("lock_after_minutes", 500)])
    over = strict.over(policy_of("the installer's", [("lock_after_minutes", 30)]))
    assert over.values == strict.values
