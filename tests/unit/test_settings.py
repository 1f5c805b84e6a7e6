import os
import runpy
import sys
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.presets import Preset
from dermstation.domain.routes import Route
from dermstation.domain.setting import Kind, Who
from dermstation.domain.setting_lines import LineFault
from dermstation.settings import SETTINGS, SHUTTER_KEYS, Group, Settings
from dermstation.settings_file import load_settings, remember, save_settings, settings_faults
from dermstation.workflow.setting_faults import fault_message, fault_words

ENCODABLE = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
CHOICES = st.builds(
    Settings,
    camera=ENCODABLE,
    stream_width=st.integers(320, 7680),
    stream_height=st.integers(240, 4320),
    lock_after_minutes=st.integers(1, 30),
    package_folder=ENCODABLE,
    practice_name=ENCODABLE,
    patient_folder=ENCODABLE,
    barcode_formats=st.sampled_from(["{nhs_number}", "\u00a7{nhs_number}\t{skip};;", ""]),
    review_routes=st.sampled_from(["none", "USC routine", "advice"]),
    pathway_file=ENCODABLE,
    demo_mode=st.booleans(),
    shutter_key=st.sampled_from(SHUTTER_KEYS),
    sounds=st.booleans(),
    hands_free=st.booleans(),
    package_preset=st.sampled_from(["gp_system", "vision"]),
    package_dicom=st.booleans(),
)
WRONG_LINES = {
    "camera": ("camera = 3", "camera = ['auto']", "camera = {name = 'auto'}"),
    "stream_width": ("stream_width = 319", "stream_width = 7681", "stream_width = 'wide'"),
    "stream_height": ("stream_height = 0", "stream_height = 240.5", "stream_height = true"),
    "demo_mode": ("demo_mode = 1", "demo_mode = 'true'"),
    "package_preset": ("package_preset = 'none'", "package_preset = 1"),
    "package_dicom": ("package_dicom = 1", "package_dicom = 'yes'"),
    "lock_after_minutes": ("lock_after_minutes = 0", "lock_after_minutes = 31"),
    "shutter_key": ("shutter_key = 'G'", "shutter_key = 'space'", "shutter_key = 32"),
    "barcode_formats": ("barcode_formats = '{family_name}'", "barcode_formats = 1"),
    "review_routes": ("review_routes = ''", "review_routes = 'usc none'", "review_routes = 'x'"),
    "hands_free": ("hands_free = 1", "hands_free = 'yes'"),
}


def test_without_a_file_the_defaults_apply(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "settings.toml") == Settings()


@given(CHOICES)
def test_what_is_saved_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, settings: Settings
) -> None:
    file = tmp_path_factory.getbasetemp() / "round-trip" / "settings.toml"
    save_settings(settings, file)
    assert load_settings(file) == settings


def test_only_differences_are_saved(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    save_settings(Settings(lock_after_minutes=2), file)
    assert tomllib.loads(file.read_text(encoding="utf-8")) == {"lock_after_minutes": 2}
    save_settings(Settings(), file)
    assert tomllib.loads(file.read_text(encoding="utf-8")) == {}


def test_saving_leaves_no_other_file(tmp_path: Path) -> None:
    save_settings(Settings(practice_name="Test Practice"), tmp_path / "new" / "settings.toml")
    assert [file.name for file in (tmp_path / "new").iterdir()] == ["settings.toml"]


def test_a_save_that_fails_leaves_the_old_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "settings.toml"
    save_settings(Settings(lock_after_minutes=2), file)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        save_settings(Settings(lock_after_minutes=9), file)
    monkeypatch.undo()
    assert load_settings(file).lock_after_minutes == 2


@pytest.mark.parametrize(
    ("name", "line"), [(name, line) for name, lines in WRONG_LINES.items() for line in lines]
)
@pytest.mark.expects_log("is not valid; its default is used")
def test_one_bad_value_falls_back_and_the_others_apply(
    tmp_path: Path, name: str, line: str
) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(f"{line}\npractice_name = 'Test Practice'\n", encoding="utf-8")
    settings = load_settings(file)
    assert getattr(settings, name) == getattr(Settings(), name)
    assert settings.practice_name == "Test Practice"


@pytest.mark.expects_log("setting colour is not valid")
def test_an_unknown_setting_is_ignored(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text("colour = 'red'\n", encoding="utf-8")
    assert load_settings(file) == Settings()


@pytest.mark.parametrize("content", [b"camera = ", b"\xff\xfe\x00", b"[[[", b"a = 1\na = 2\n"])
@pytest.mark.expects_log("is not valid; its default is used")
def test_a_broken_file_does_not_keep_the_station_from_starting(
    tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "settings.toml"
    file.write_bytes(content)
    assert load_settings(file) == Settings()


@pytest.mark.expects_log("cannot be read; defaults are used")
def test_a_folder_in_place_of_the_file_is_tolerated(tmp_path: Path) -> None:
    assert load_settings(tmp_path) == Settings()


def test_the_command_line_comes_before_the_file(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text("camera = 'device:0'\nstream_width = 640\n", encoding="utf-8")
    settings = load_settings(file, {"camera": "sim"})
    assert (settings.camera, settings.stream_width) == ("sim", 640)


@pytest.mark.parametrize(
    ("overrides", "facts"),
    [
        ({"lock_after_minutes": 0}, {"setting": "lock_after_minutes", "least": 1, "most": 30}),
        ({"lock_after_minutes": True}, {"setting": "lock_after_minutes"}),
        ({"camera": None}, {"setting": "camera"}),
        ({"colour": "red"}, {"setting": "colour"}),
    ],
)
def test_a_wrong_override_is_refused(
    tmp_path: Path, overrides: dict[str, object], facts: dict[str, object]
) -> None:
    with pytest.raises(StationError) as caught:
        load_settings(tmp_path / "settings.toml", overrides)
    assert caught.value.code is ErrorCode.SETTING_INVALID
    assert caught.value.facts == facts


def test_the_table_has_a_whole_row_for_every_setting() -> None:
    assert [*SETTINGS, "fixed"] == [one.name for one in fields(Settings)]
    for name, row in SETTINGS.items():
        assert row.name == name
        assert row.title
        assert not row.help or row.help.endswith(".")
        assert row.checked(row.default) == getattr(Settings(), name)
        assert row.strictest is None or row.checked(row.strictest) == row.strictest
        assert row.kind is not Kind.NUMBER or (row.unit and row.bounds[0] < row.bounds[1])
    assert {row.group for row in SETTINGS.values()} == set(Group)
    assert len({row.title for row in SETTINGS.values()}) == len(SETTINGS)


def test_operators_choose_on_the_capture_page_and_it_sets_the_rest() -> None:
    of_operators = {name for name, row in SETTINGS.items() if Who.OPERATOR in row.changed_by}
    assert of_operators == {"sounds", "hands_free", "shutter_key"}
    of_it = {name for name, row in SETTINGS.items() if not row.changed_by}
    assert {"camera", "demo_mode", "package_folder", "email_domains"} <= of_it


def test_destinations_and_routes_are_those_of_the_domain() -> None:
    assert list(SETTINGS["package_preset"].choices) == list(Preset)
    assert list(SETTINGS["review_routes"].choices) == list(Route)


def test_the_page_in_the_docs_agrees_with_the_table() -> None:
    root = Path(__file__).parents[2]
    script = runpy.run_path(str(root / "packaging" / "docs" / "settings.py"))
    assert (root / "docs" / "settings.md").read_text("utf-8") == script["page"](), "make docs"


def test_a_choice_is_added_to_the_file_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text("practice_name = 'Test Practice'\n", encoding="utf-8")
    of_this_run = load_settings(file, {"camera": "sim"})
    assert of_this_run.camera == "sim"
    assert remember(file, shutter_key="F13").shutter_key == "F13"
    written = tomllib.loads(file.read_text(encoding="utf-8"))
    assert written == {"practice_name": "Test Practice", "shutter_key": "F13"}


def test_a_wrong_choice_is_not_remembered(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    with pytest.raises(StationError) as caught:
        remember(file, shutter_key="Escape")
    assert caught.value.code is ErrorCode.SETTING_INVALID
    assert not file.exists()


def test_a_choice_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StationError) as caught:
        remember(tmp_path / "file" / "settings.toml", sounds=False)
    assert caught.value.code is ErrorCode.SETTING_NOT_KEPT


BY_IT = """# by IT, ticket 4711
practice_name = "Example Surgery"  # as printed
lock_after_minutes = 2

[camera]
camera = "device:1"
hide_from_capture = True
shutter_key = "F13"
"""
OF_IT = {
    "practice_name": "Example Surgery",
    "lock_after_minutes": 2,
    "camera": "device:1",
    "hide_from_capture": True,
    "shutter_key": "F13",
}


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "windows-1252"]
)
@pytest.mark.expects_log("is not valid; its default is used")  # the heading
def test_a_file_is_read_as_the_tools_of_windows_write_it(
    tmp_path: Path, encoding: str, end: str
) -> None:
    file = tmp_path / "settings.toml"
    text = BY_IT.replace("Example", "Ext\u00e9rieur").replace("\n", end)
    file.write_bytes(text.encode(encoding))
    settings = load_settings(file)
    for name, value in {**OF_IT, "practice_name": "Ext\u00e9rieur Surgery"}.items():
        assert getattr(settings, name) == value
    assert [(one.line, one.fault) for one in settings_faults(file)] == [(5, LineFault.FORM)]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (r'"C:\Users\Public\gdt"', r"C:\Users\Public\gdt"),
        (r'"C:\temp\new"', r"C:\temp\new"),
        (r'"C:\temp\"', "C:\\temp\\"),
        (r'"\\server\new"  # a share', r"\\server\new"),
        (r'"C:\\temp\\new"', r"C:\temp\new"),
        (r'"\\\\server\\new"', r"\\server\new"),
        ("'C:\\temp\\new'", r"C:\temp\new"),
        ('"C:/temp/new"', "C:/temp/new"),
        ('"""\\\n  /srv/gdt"""', "/srv/gdt"),
    ],
)
def test_a_path_is_read_as_it_was_meant(tmp_path: Path, typed: str, meant: str) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(f"patient_folder = {typed}\nsounds = false\n", encoding="utf-8")
    assert load_settings(file) == Settings(patient_folder=meant, sounds=False)
    assert settings_faults(file) == ()


FAULTS = {
    "sounds = Yes": LineFault.FORM,
    "sounds": LineFault.FORM,
    "sounds = 1": LineFault.VALUE,
    "shutter_key = \u201cF13\u201d": LineFault.FORM,
    "lock_after_minutes = 99": LineFault.VALUE,
    'practice_name = "Example': LineFault.FORM,
    'practice_name = """Example': LineFault.FORM,
    'colour = "red"': LineFault.UNKNOWN,
    'camera.name = "auto"': LineFault.FORM,
    "stream_width = 1280": LineFault.TWICE,
    "[station]": LineFault.FORM,
    "\u00ff\u00fe": LineFault.FORM,
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.expects_log("is not valid; its default is used")
def test_a_fault_costs_its_line_alone_is_told_and_survives_every_save(
    tmp_path: Path, fault: str
) -> None:
    file = tmp_path / "settings.toml"
    before = f'# by IT\nstream_width = 640\n{fault}\npackage_preset = "vision"\n'
    file.write_text(before, encoding="utf-8")
    settings = load_settings(file)
    assert settings == Settings(stream_width=640, package_preset="vision")
    (told,) = settings_faults(file)
    assert (told.line, told.fault) == (3, FAULTS[fault])
    assert "line 3" in fault_words([told])
    remember(file, hands_free=True)
    remember(file, hands_free=False)
    assert file.read_text(encoding="utf-8") == before


@pytest.mark.expects_log("is not valid; its default is used")
def test_a_faulty_line_of_the_setting_that_is_saved_stays_as_a_comment(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text("sounds = Off  # ticket 12\n", encoding="utf-8")
    assert load_settings(file) == Settings()
    remember(file, sounds=False)
    assert load_settings(file) == Settings(sounds=False)
    assert settings_faults(file) == ()
    assert "sounds = Off  # ticket 12" in file.read_text(encoding="utf-8")


@pytest.mark.expects_log("is not valid; its default is used")
def test_saving_keeps_comments_and_every_other_line(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_bytes(BY_IT.replace("\n", "\r\n").encode("utf-16"))
    remember(file, sounds=False)
    remember(file, shutter_key="F14")
    remember(file, shutter_key="Space")
    left = [one for one in BY_IT.splitlines() if "shutter_key" not in one]
    assert file.read_text(encoding="utf-8").splitlines() == [*left, "sounds = false"]
    assert b"\r\n" in file.read_bytes()
    assert load_settings(file).lock_after_minutes == 2


@pytest.mark.expects_log("cannot be read, so it is not replaced")
def test_an_unreadable_file_is_told_and_never_replaced(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.mkdir()
    assert "cannot be read" in fault_words(settings_faults(file))
    with pytest.raises(StationError) as caught:
        remember(file, sounds=False)
    assert caught.value.code is ErrorCode.SETTING_NOT_KEPT
    assert file.is_dir()


def test_many_faults_are_told_in_few_words(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text("x\n" * 40, encoding="utf-8")
    faults = settings_faults(file)
    assert len(faults) == 40
    assert len(fault_words(faults)) < 400
    message = fault_message(faults)
    assert message is not None
    assert len(str(message)) < 200
    assert fault_message(()) is None
    assert fault_words(()) == ""


@given(st.binary(max_size=200))
def test_no_file_at_all_breaks_reading_and_saving(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    file = tmp_path_factory.getbasetemp() / "any" / "settings.toml"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(data)
    before = len(settings_faults(file))
    save_settings(Settings(practice_name="Test"), file)
    faults = settings_faults(file)
    assert len(faults) <= before
    assert b"Test" in file.read_bytes()


@pytest.mark.expects_log("is not valid; its default is used")
def test_a_value_nested_too_deeply_costs_its_line_alone(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    deep = ("[" * 9_000, "{a=" * 9_000, "[{a=" * 5_000)
    file.write_text("sounds = false\n" + "".join(f"camera = {one}\n" for one in deep))
    assert [fault.line for fault in settings_faults(file)] == [2, 3, 4]
    assert load_settings(file) == Settings(sounds=False)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes in folders")
@pytest.mark.expects_log("cannot be read")
def test_what_is_no_plain_file_is_not_waited_for_and_not_replaced(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    os.mkfifo(file)
    assert load_settings(file) == Settings()
    with pytest.raises(StationError):
        remember(file, sounds=False)
    assert file.is_fifo()
    file.unlink()
    file.symlink_to("/dev/zero")
    assert load_settings(file) == Settings()
