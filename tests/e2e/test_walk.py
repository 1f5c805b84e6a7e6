"""The whole walk using only the keyboard, with the simulated dermatoscope and a real vault.

The walk is done once; each test asserts one thing about what it left on the disk.
"""

import os
import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pypdf
import pytest
import sqlcipher3.dbapi2

from dermstation.cli import main
from dermstation.domain.records import Certificate
from dermstation.domain.shots import STANDARD_SHOTS
from dermstation.workflow import unlocking
from tests.e2e.hand import HOME, SIGN_IN, Sight
from tests.e2e.place import Place
from tests.e2e.traces import Planted, files_below, same_blocks, traces

PLANTED = Planted()


@dataclass(repr=False)
class Walked:
    """Everything that was recorded during the walk."""

    place: Place
    signed_in_without_patient: dict[str, bytes] = field(default_factory=dict)
    with_pictures: dict[str, bytes] = field(default_factory=dict)
    sizes: list[int] = field(default_factory=list)
    processes: dict[str, bytes] = field(default_factory=dict)
    vault_copy: Path = Path()
    package: dict[str, bytes] = field(default_factory=dict)
    package_text: str = ""
    wiped: dict[str, tuple[bytes, bytes]] = field(default_factory=dict)  # before and after
    at_end: dict[str, bytes] = field(default_factory=dict)
    status: int = -1
    frames: set[Path] = field(default_factory=set)  # in shared memory


def _episode_bytes(place: Place) -> int:
    return sum(file.stat().st_size for file in (place.vault_folder / "episodes").iterdir())


def _processes(place: Place) -> dict[str, bytes]:
    found = {}
    for process in place.screen.family():
        found[f"command line {process.pid}"] = "\n".join(process.cmdline()).encode()
        found[f"environment {process.pid}"] = "\n".join(process.environ().values()).encode()
    return found


@pytest.fixture(scope="module")
def walked(make_place: Callable[[], Place]) -> Walked:
    """The record of the walk, from sign-in to the end of the program."""
    place = make_place()
    place.choose_small_pictures()  # the demo takes large ones
    seen = Walked(place)
    hand = place.start("sim")
    hand.sign_in()
    hand.begin_patient()
    hand.enter_patient(PLANTED)
    hand.take_consent()
    hand.enter_lesion(PLANTED)
    hand.wait_for(Sight.AIMING)
    seen.processes = _processes(place)  # including the camera's
    for shot in STANDARD_SHOTS:
        hand.take_picture(last=shot is STANDARD_SHOTS[-1])
        seen.sizes.append(_episode_bytes(place))
        seen.frames |= place.screen.shared_memory()
    hand.fill_summary(PLANTED)
    hand.make_package()
    seen.with_pictures = {
        name: data
        for name, data in files_below(*place.everywhere).items()
        if not name.startswith(str(place.packages))
    }
    seen.package = files_below(place.packages)
    pdf = next(file for file in place.packages.rglob("*.pdf"))
    seen.package_text = "\n".join(page.extract_text() for page in pypdf.PdfReader(pdf).pages)
    seen.vault_copy = place.screen.scratch / "copy"
    shutil.copytree(place.vault_folder, seen.vault_copy)
    doomed = [*place.packages.rglob("*.*"), *(place.vault_folder / "episodes").iterdir()]
    handles = {file: os.open(file, os.O_RDONLY) for file in doomed if file.is_file()}
    before = {file: file.read_bytes() for file in handles}
    hand.hand_over()
    for file, handle in handles.items():
        after = os.pread(handle, max(len(before[file]), 1), 0)
        seen.wiped[str(file)] = (before[file], after)
        os.close(handle)
    hand.go_on()
    place.screen.wait_for_page(HOME)
    place.screen.key("alt+l")
    place.screen.wait_for_page(SIGN_IN)
    seen.status = place.screen.quit()
    seen.at_end = files_below(*place.everywhere)
    return seen


@pytest.fixture(scope="module")
def certificates(walked: Walked) -> tuple[Certificate, ...]:
    signed_in = walked.place.open_vault()
    try:
        return signed_in.vault.certificates.all()
    finally:
        unlocking.lock(signed_in)


def test_the_program_exits_quietly_after_the_walk_by_keyboard(walked: Walked) -> None:
    assert walked.status == 0
    assert walked.place.screen.output() == ""


def test_each_picture_is_in_the_episode_file_after_its_review(walked: Walked) -> None:
    assert len(walked.sizes) == len(STANDARD_SHOTS)
    assert all(later > earlier for earlier, later in pairwise([0, *walked.sizes]))


def test_index_and_episode_file_cannot_be_read_without_the_key(walked: Walked) -> None:
    files = [walked.vault_copy / "vault.db", *(walked.vault_copy / "episodes").glob("*.db")]
    assert len(files) == 2
    for file in files:
        assert b"SQLite format" not in file.read_bytes()
        with pytest.raises(sqlite3.DatabaseError):
            sqlite3.connect(file).execute("SELECT * FROM sqlite_master")
        connection = sqlcipher3.dbapi2.connect(str(file))
        connection.execute(f"PRAGMA key = \"x'{'0' * 64}'\"")
        with pytest.raises(sqlcipher3.dbapi2.DatabaseError):
            connection.execute("SELECT * FROM sqlite_master")
        connection.close()


def test_only_the_package_says_who_the_patient_is(walked: Walked) -> None:
    assert any(name.endswith("station.log") for name in walked.with_pictures)
    assert traces(PLANTED, walked.with_pictures) == []


def test_only_the_package_holds_unencrypted_pictures(walked: Walked) -> None:
    starts = (b"\xff\xd8\xff", b"\x89PNG\r\n")
    readable = [
        name
        for name, data in walked.with_pictures.items()
        if any(one in data[:16] for one in starts)
    ]
    assert readable == []


def test_no_window_title_and_no_process_says_who_the_patient_is(walked: Walked) -> None:
    assert len(walked.place.screen.titles) > 8
    titles = {f"title {title}": title.encode() for title in walked.place.screen.titles}
    assert len(walked.processes) >= 4  # two each
    assert traces(PLANTED, titles | walked.processes) == []


def test_only_the_summary_in_the_package_says_who_the_patient_is(walked: Walked) -> None:
    name = "ZWEIGELT-PLANTED, Quillonne"
    for words in (name, PLANTED.history, PLANTED.question, "999 000 0018", "1953"):
        assert words in " ".join(walked.package_text.split())
    pictures = {name: data for name, data in walked.package.items() if not name.endswith(".pdf")}
    assert len(pictures) == len(STANDARD_SHOTS)
    assert traces(PLANTED, pictures) == []


def test_the_vault_before_the_wipe_holds_what_was_typed_and_taken(walked: Walked) -> None:
    signed_in = walked.place.open_vault(walked.vault_copy)
    try:
        vault = signed_in.vault
        (episode,) = vault.episodes.unfinished()
        captures = vault.captures.of_episode(episode.id)
        assert [one.shot for one in captures] == list(STANDARD_SHOTS)
        assert all(len(vault.captures.image(one.id)) == one.size_bytes for one in captures)
        assert traces(PLANTED, {"rows": _every_row(vault)}) != []
    finally:
        unlocking.lock(signed_in)


def test_after_the_wipe_package_and_episode_file_are_gone(walked: Walked) -> None:
    left = [name for name in walked.at_end if "packages" in name or "/episodes/" in name]
    assert left == []
    assert list((walked.place.packages).iterdir()) == []
    assert list((walked.place.vault_folder / "episodes").iterdir()) == []


def test_the_content_of_wiped_files_was_overwritten_in_place(walked: Walked) -> None:
    # the summary, the episode file and its journal
    assert len(walked.wiped) == len(STANDARD_SHOTS) + 3
    for name, (before, after) in walked.wiped.items():
        assert same_blocks(before, after) == 0, name


def test_after_the_wipe_no_file_says_who_the_patient_was(walked: Walked) -> None:
    assert traces(PLANTED, walked.at_end) == []


def test_what_goes_to_support_names_neither_patient_nor_operator(
    walked: Walked, tmp_path: Path
) -> None:
    bundle = tmp_path / "bundle.zip"
    main(["--home", str(walked.place.home), "doctor", "--bundle", str(bundle)])
    with zipfile.ZipFile(bundle) as opened:
        found = {name: opened.read(name) for name in opened.namelist()}
    assert {"report.json", "settings.json", "versions.json"} < set(found)
    assert sum(len(data) for name, data in found.items() if name.startswith("logs/")) > 0
    assert traces(PLANTED, found) == []
    assert walked.place.operator.name.encode() not in b"".join(found.values())


def test_after_the_wipe_even_the_open_vault_knows_no_patient(walked: Walked) -> None:
    signed_in = walked.place.open_vault()
    try:
        assert traces(PLANTED, {"rows": _every_row(signed_in.vault)}) == []
        assert signed_in.vault.episodes.unfinished() == ()
    finally:
        unlocking.lock(signed_in)


def test_a_complete_certificate_stays_in_the_vault(certificates: tuple[Certificate, ...]) -> None:
    (certificate,) = certificates
    assert certificate.complete
    assert certificate.hand_over is not None
    assert certificate.hand_over.in_record
    assert certificate.hand_over.in_ers
    kinds = [item.kind for item in certificate.items]
    assert kinds.count("capture") == len(STANDARD_SHOTS)


def test_no_picture_stays_in_shared_memory(walked: Walked) -> None:
    assert walked.frames
    assert not [file for file in walked.frames if file.is_relative_to("/dev/shm")]


def test_the_search_for_traces_finds_a_name_in_any_form(tmp_path: Path) -> None:
    for number, text in enumerate(("zweigelt", "QUILLONNE", "1953-11-07")):
        for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
            (tmp_path / f"{number}{encoding}").write_bytes(b"\x00\xfe" + text.encode(encoding))
    (tmp_path / "clean").write_bytes(b"Planted roses in November 1953")
    found = {Path(one.split(": ")[0]).name for one in traces(PLANTED, files_below(tmp_path))}
    assert found == {file.name for file in tmp_path.iterdir()} - {"clean"}


def _every_row(vault: unlocking.Vault) -> bytes:
    database = vault._database
    tables = database.values("SELECT name FROM sqlite_master WHERE type='table'")
    rows = [row for table in tables for row in database.rows(f'SELECT * FROM "{table}"')]
    return "\n".join(str(value) for row in rows for value in row).encode()
