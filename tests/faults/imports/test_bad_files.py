"""300 bad files on a card: no crash, nothing out of bounds, and never half a picture."""

import hashlib
from collections import Counter
from pathlib import Path

import psutil
import pytest

from dermstation.camera.card import listing
from dermstation.camera.card.reader import MOST_CPU_S, MOST_MEMORY_BYTES, CardReader
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.shots import ShotKind
from tests.faults.imports.bad_files import bad_files, special_files
from tests.unit.camera.card.samples import jpeg

pytestmark = pytest.mark.skipif(
    "sys.platform == 'win32'", reason="Windows has no such links, pipes and names"
)

REFUSALS = {ErrorCode.IMAGE_UNREADABLE, ErrorCode.IMAGE_TOO_LARGE}
FEWEST = 300
CLOCK_TICKS_S = 0.3  # between two looks at the clock, on a busy machine


@pytest.fixture(scope="module")
def bad_card(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("card")
    outside = tmp_path_factory.mktemp("outside") / "secret.jpg"
    outside.write_bytes(jpeg(seed=99))
    count = special_files(root, outside)
    for name, content in bad_files():
        (root / name).write_bytes(content)
        count += 1
    assert count >= FEWEST
    return root


def peak_bytes(process_id: int) -> int:
    """Return the peak memory of a process since `forget_peak`."""
    status = Path(f"/proc/{process_id}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


def forget_peak(process_id: int) -> None:
    Path(f"/proc/{process_id}/clear_refs").write_text("5")


def test_no_bad_file_breaks_out_of_the_reader(bad_card: Path) -> None:
    outcomes: Counter[str] = Counter()
    names = sorted(path.name for path in bad_card.iterdir())
    with CardReader() as reader:
        reader.list_pictures(str(bad_card))
        processes = {reader.process_id}
        for name in names:
            process = psutil.Process(reader.process_id)
            forget_peak(process.pid)
            before = process.cpu_times()
            try:
                found = reader.inspect(str(bad_card), name, ShotKind.CLOSEUP)
                small = reader.thumbnail(str(bad_card), name)
            except StationError as trouble:
                reason = str(trouble.facts.get("reason", trouble.code.value))
                outcomes[reason if trouble.code in REFUSALS else f"not a refusal: {name}"] += 1
            else:
                outcomes["taken"] += 1
                assert not name.startswith("cut-"), "half a picture was accepted as a whole one"
                content = (bad_card / name).read_bytes()
                assert found.data == content
                assert found.sha256 == small.sha256 == hashlib.sha256(content).hexdigest()
            if reader.process_id == process.pid:
                after = process.cpu_times()
                spent_s = after.user + after.system - before.user - before.system
                assert spent_s < 2 * (MOST_CPU_S + CLOCK_TICKS_S), name
                assert peak_bytes(process.pid) < MOST_MEMORY_BYTES, name
            else:
                reader.list_pictures(str(bad_card))
                processes.add(reader.process_id)
    print(f"{len(names)} files: {dict(outcomes)}; processes: {len(processes)}")  # noqa: T201
    assert not [one for one in outcomes if one.startswith("not a refusal")]
    assert "reader ended" not in outcomes, "a decoder crashed"
    assert outcomes["taken"] > 0, "a good picture with an odd name or damaged EXIF is a picture"
    assert sum(outcomes.values()) == len(names) >= FEWEST


def test_links_pipes_and_sparse_files_are_not_even_listed(bad_card: Path) -> None:
    listed = {file.path for file in listing.list_pictures(str(bad_card)).files}
    specials = {"loop.jpg", "out.jpg", "dangling.jpg", "device.jpg", "pipe.jpg", "folder.jpg"}
    assert not listed & specials
    assert "round/loop.jpg" not in listed
