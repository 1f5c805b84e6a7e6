"""Test the frozen program as its users run it. `make package` freezes it and runs these tests."""

import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path

import psutil
import pytest
from fontTools.ttLib import TTFont

import dermstation
from dermstation.handover import faces
from tests.archive.orthanc import orthanc_in, why_missing, write_settings

PACKAGE = Path(dermstation.__file__).parent
RESOURCES = PACKAGE.parents[1] / "resources"
QT_WANTED = {"Core", "DBus", "Gui", "PrintSupport", "Svg", "Widgets", "XcbQpa"}
DEVELOPMENT_ONLY = ("pytest", "hypothesis", "mypy", "setuptools", "tkinter")
MOST_MEGABYTES = 450
SECONDS = 600  # for a program that hangs
# What Qt prints off screen and in a bare environment, and the station on a PC that is too busy for
# its camera; anything else is a fault.
MAY_BE_SAID = re.compile(
    r"This plugin does not support|Detected locale|Qt depends on a UTF-8|"
    r"If this causes problems|for more information\.|camera process hung and is replaced"
)
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="looks at Linux libraries")


@pytest.fixture(scope="module")
def bundle(request: pytest.FixtureRequest) -> Path:
    folder = request.config.getoption("--bundle")
    if folder is None:
        pytest.skip("no frozen program given: make package")
    return Path(folder).resolve()


@pytest.fixture(scope="module")
def program(bundle: Path) -> Path:
    return bundle / ("dermstation.exe" if sys.platform == "win32" else "dermstation")


def bare_environment(**more: str) -> dict[str, str]:
    """Return the environment of a PC without Python: what the system itself needs, and `more`."""
    kept = ("SYSTEMROOT", "LOCALAPPDATA", "APPDATA", "USERPROFILE", "TEMP", "TMP", "TMPDIR")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    return {**environment, "QT_QPA_PLATFORM": "offscreen", **more}


def ran(home: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the program in a folder that is all it has for its home, and return its answer."""
    return subprocess.run(
        words,
        cwd=home,
        env=bare_environment(HOME=str(home), TMPDIR=str(home)),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def complaints(stderr: str) -> list[str]:
    """Return the lines that report a fault, such as a library or resource that Qt does not find."""
    return [line for line in stderr.splitlines() if line and not MAY_BE_SAID.search(line)]


def test_it_prints_the_version_of_the_source(program: Path) -> None:
    answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == f"dermstation {dermstation.__version__}"


def test_its_self_test_passes_without_a_python_and_from_any_folder(
    program: Path, tmp_path: Path
) -> None:
    here = tmp_path / "Praxis Größe 2"
    here.mkdir()
    answer = ran(here, program, "--selftest")
    report = json.loads(answer.stdout)
    assert answer.returncode == 0, report
    assert report["frozen"]
    assert report["ok"]
    assert complaints(answer.stderr) == []
    assert list(here.iterdir()) == [], "the self-test leaves nothing"


def test_it_does_the_whole_job(program: Path, tmp_path: Path) -> None:
    home, out = tmp_path / "home", tmp_path / "out"
    home.mkdir()
    answer = ran(home, program, "demo", "--headless", "--out", out)
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout)["ok"]
    assert complaints(answer.stderr) == []
    assert list(home.iterdir()) == [], "the demo leaves nothing outside its own folder"


@pytest.mark.skipif(bool(why_missing()), reason=why_missing())
def test_an_archive_lets_it_in_by_each_way(program: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    # the token would have to be in a keystore, which a bare environment has none of
    archive = orthanc_in(tmp_path / "archive", AuthenticationEnabled=False)
    try:
        archive.start()
        write_settings(home, archive)
        answer = ran(home, program, "--home", home, "archive", "echo", "--json")
    finally:
        archive.close()
    servers = json.loads(answer.stdout)["servers"]
    good = {"ok": True, "error": None, "words": ""}
    assert servers == dict.fromkeys(["archive_address", "archive_node", "worklist_node"], good)
    assert complaints(answer.stderr) == []


@on_linux
def test_its_window_has_a_launcher_and_a_spare_and_all_end_with_it(
    program: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    with subprocess.Popen(
        [program, "--home", home, "--camera", "sim"],
        env=bare_environment(HOME=str(tmp_path), TMPDIR=str(tmp_path)),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as launcher:
        family: list[psutil.Process] = []
        deadline = time.monotonic() + SECONDS
        while sum("--multiprocessing-fork" in one.cmdline() for one in family) < 2:
            assert launcher.poll() is None
            assert time.monotonic() < deadline
            family = psutil.Process(launcher.pid).children(recursive=True)
        assert (home / "logs" / "station.log").exists()
        loaded = [one.path for one in psutil.Process(launcher.pid).memory_maps()]
        assert not [path for path in loaded if "Qt6" in path], "the launcher needs no Qt"
        launcher.send_signal(signal.SIGTERM)
    _, left = psutil.wait_procs(family, timeout=SECONDS)
    assert left == []


def test_all_resources_of_the_source_are_there(bundle: Path) -> None:
    frozen = bundle / "_internal" / "dermstation"
    wanted = {
        Path("_resources") / file.relative_to(RESOURCES): file
        for file in RESOURCES.rglob("*")
        if file.is_file()
    } | {file.relative_to(PACKAGE): file for file in PACKAGE.rglob("*.sql")}
    assert {name.suffix for name in wanted} == {".qss", ".sql", ".svg", ".toml", ".typ"}
    for name, file in wanted.items():
        assert (frozen / name).read_bytes() == file.read_bytes(), name


@on_linux
def test_the_rule_for_the_camera_s_button_is_there(bundle: Path) -> None:
    (rule,) = (PACKAGE.parents[1] / "packaging" / "linux").glob("*.rules")
    assert (bundle / "_internal" / "linux" / rule.name).read_bytes() == rule.read_bytes()


def test_the_licences_of_its_parts_are_there(bundle: Path) -> None:
    folder = bundle / "_internal" / "licences"
    texts = {file.parent.name for file in folder.glob("*/*")}
    assert {"opencv-python-headless", "sqlcipher3", "typst", "manimgx-fonts"} <= texts
    of_numpy = [one for one in distribution("numpy").files or () if "licenses" in one.parts]
    there = {file.relative_to(folder / "numpy").as_posix() for file in folder.glob("numpy/**/*")}
    assert {one.as_posix().partition("/licenses/")[2] for one in of_numpy} <= there


def test_the_list_of_its_parts_is_true_and_names_what_the_wheels_brought_along(
    bundle: Path,
) -> None:
    listed = json.loads((bundle / "dermstation.cdx.json").read_text("utf-8"))
    parts = list(every_part(listed["components"]))
    files = {one["name"]: one["hashes"][0]["content"] for one in parts if one["type"] == "file"}
    native = {one for one in files if not one.endswith(".ttf")}
    there = {
        one.relative_to(bundle).as_posix()
        for one in bundle.rglob("*")
        if re.search(r"\.(so|pyd|dll|dylib)(\.|$)", one.name) and not one.is_symlink()
    }
    assert native == there
    for name, digest in files.items():
        assert hashlib.sha256((bundle / name).read_bytes()).hexdigest() == digest, name
    names = {one["name"] for one in parts}
    assert {"opencv-python-headless", "opencv-python"} & names
    assert {"CPython", "sqlcipher3", "pillow", "pyside6-essentials", "manimgx-fonts"} <= names
    assert {"OpenSSL", "zlib", "OpenEXR", "FFmpeg", "SQLCipher", "libxml2", "libtiff"} <= names
    assert not {"pytest", "hypothesis", "mypy", "pyinstaller", "piexif"} & names


def every_part(parts: list[dict]) -> Iterator[dict]:
    for one in parts:
        yield one
        yield from every_part(one.get("components", []))


@pytest.mark.skipif(sys.version_info < (3, 12), reason="Python 3.11 lacks what they bring")
def test_no_package_that_only_an_older_python_needs_is_there(bundle: Path) -> None:
    listed = json.loads((bundle / "dermstation.cdx.json").read_text("utf-8"))
    names = {one["name"] for one in listed["components"]}
    assert not {"importlib-metadata", "lazy-importer", "zipp", "backports-tarfile"} & names


def test_only_the_fonts_that_are_used_are_there(bundle: Path) -> None:
    pins = (PACKAGE.parents[1] / "packaging" / "fonts.sha256").read_text("utf-8")
    wanted = set(re.findall(r"^[0-9a-f]{64}  (.+)$", pins, re.MULTILINE))
    assert {one.name for one in bundle.rglob("*.ttf")} == wanted


def test_the_fonts_have_every_letter_that_a_print_takes_from_them(bundle: Path) -> None:
    there = {one.name: one for one in bundle.rglob("*.ttf")}
    earlier = set(faces.SIGNS)
    for file in faces.font_files():
        with TTFont(file) as whole, TTFont(there[file.name]) as lean:
            letters = set(whole.getBestCmap())
            assert letters - earlier <= set(lean.getBestCmap()), file.name
        earlier |= letters


@pytest.mark.skipif(sys.platform != "win32", reason="elsewhere there is one program")
def test_the_program_for_the_console_takes_its_modules_from_the_other(bundle: Path) -> None:
    sizes = [(bundle / f"{name}.exe").stat().st_size for name in ("dermstation", "dermstation-cli")]
    assert sizes[1] < sizes[0] / 5


def test_no_development_tools_are_there(bundle: Path) -> None:
    for name in DEVELOPMENT_ONLY:
        assert not list(bundle.rglob(f"{name}*")), name


def test_no_unused_part_of_qt_is_there(bundle: Path) -> None:
    libraries = {
        found[1]
        for file in bundle.rglob("*Qt6*")
        if (found := re.match(r"(?:lib)?Qt6(\w+?)\.(?:so|dll)", file.name))
    }
    assert libraries <= QT_WANTED
    assert {"Core", "Gui", "Widgets"} <= libraries


def test_only_the_english_words_of_the_recovery_key_are_there(bundle: Path) -> None:
    assert [file.name for file in bundle.rglob("wordlist/*")] == ["english.txt"]


def test_no_link_is_dangling(bundle: Path) -> None:
    assert [file for file in bundle.rglob("*") if file.is_symlink() and not file.exists()] == []


@on_linux
def test_every_library_finds_those_it_links_to(bundle: Path) -> None:
    missing = {}
    for file in bundle.rglob("*.so*"):
        linked = subprocess.run(
            ["ldd", file],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "LD_LIBRARY_PATH": str(bundle / "_internal")},
        )
        lost = re.findall(r"(\S+) => not found", linked.stdout)
        if lost:
            missing[file.name] = lost
    assert not missing


def test_no_path_of_the_building_machine_is_in_its_own_files(bundle: Path) -> None:
    home = str(Path.home()).encode()
    for file in (bundle / "_internal" / "dermstation").rglob("*"):
        assert not file.is_file() or home not in file.read_bytes(), file


def test_it_stays_within_its_size(bundle: Path) -> None:
    size = sum(file.lstat().st_size for file in bundle.rglob("*") if file.is_file())
    assert size <= MOST_MEGABYTES * 1_000_000
