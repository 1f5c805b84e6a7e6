"""A child process that was confined can do what it needs, and nothing of what attacks need."""

import multiprocessing
import sys
from pathlib import Path

import pytest

from dermstation.camera.card.reader import CardReader
from dermstation.camera.link import CameraLink, LinkState
from dermstation.camera.spec import parse_camera
from dermstation.security import system_calls as calls
from dermstation.security.confinement import Needs, filter_of

pytestmark = pytest.mark.skipif(
    not (sys.platform == "linux" and Path("/proc/sys/kernel/seccomp").is_dir()),
    reason="needs a Linux that filters system calls",
)

NEEDED = {"read", "write over", "allocate", "list", "threads", "signal itself", "import"}
NETWORK = {"socket", "pair", "socket in a thread"}
ERASING = {"remove"}


def tried(needs: Needs, folder: Path) -> dict[str, str]:
    from tests.unit.security.confined import try_all

    (folder / "there").write_text("content")
    (folder / "old").write_text("content")
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=try_all, args=(theirs, needs, str(folder)))
    process.start()
    theirs.close()
    found: dict[str, str] = ours.recv()
    process.join()
    ours.close()
    return found


@pytest.mark.parametrize(
    ("needs", "allowed"),
    [
        (Needs(), NEEDED),
        (Needs(network=True), NEEDED | NETWORK),
        (Needs(erasing=True), NEEDED | ERASING),
    ],
    ids=["attached camera", "network camera", "card"],
)
def test_a_process_has_the_rights_it_needs_and_no_others(tmp_path, needs, allowed) -> None:
    found = tried(needs, tmp_path)
    if found.pop("confined") != "True":
        pytest.skip("this kernel refuses the filter")
    assert {name for name, outcome in found.items() if outcome == "done"} == allowed
    refused = {name: outcome for name, outcome in found.items() if name not in allowed}
    assert set(refused.values()) == {"refused"}
    assert (tmp_path / "there").read_text() == "content"
    assert not (tmp_path / "made").exists()


def filters(process_id: int | None) -> tuple[str, str]:
    """Return whether a process and each of its threads have a filter and no new privileges."""
    modes = set()
    for task in Path(f"/proc/{process_id}/task").iterdir():
        lines = (task / "status").read_text().splitlines()
        facts = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
        modes.add((facts["Seccomp"], facts["NoNewPrivs"]))
    (mode,) = modes
    return mode


def test_the_camera_process_is_confined_in_all_its_threads() -> None:
    with CameraLink(parse_camera("sim"), width=320, height=240) as link:
        while link.status().state is not LinkState.STREAMING:
            pass
        assert filters(link.process_id) == ("2", "1")


def test_the_card_reader_is_confined(tmp_path) -> None:
    with CardReader() as reader:
        reader.list_pictures(str(tmp_path))
        assert filters(reader.process_id) == ("2", "1")


def test_both_architectures_have_a_filter_that_the_kernel_takes_by_its_length() -> None:
    for architecture in (calls.X86_64, calls.AARCH64):
        program = filter_of(Needs(), architecture, 1)
        assert len(program) % 8 == 0
        assert 100 < len(program) // 8 < 4096
