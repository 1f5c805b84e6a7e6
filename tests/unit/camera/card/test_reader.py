"""The reader returns what is on the card, and is replaced if its process is lost."""

import hashlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from dermstation.camera.card import reader as reader_module
from dermstation.camera.card.pictures import EraseOutcome
from dermstation.camera.card.reader import CardReader
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.quality import Verdict
from dermstation.domain.shots import ShotKind
from dermstation.imaging.assessment import assess
from tests.unit.camera.card.samples import card, jpeg, name


@pytest.fixture(scope="module")
def reader() -> Iterator[CardReader]:
    with CardReader() as one:
        yield one


def test_a_picture_comes_whole_and_upright_with_its_hash_and_quality(
    reader: CardReader, tmp_path: Path
) -> None:
    data = jpeg(orientation=6)
    root = str(card(tmp_path, data))
    (file,) = reader.list_pictures(root).files
    found = reader.inspect(root, file.path, ShotKind.CLOSEUP)
    assert found.data == data
    assert found.sha256 == hashlib.sha256(data).hexdigest()
    assert (found.width, found.height) == (640, 480)
    assert found.pixels.shape == (640, 480, 3)
    stored = cv2.imdecode(
        np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION
    )
    assert np.array_equal(found.pixels, cv2.rotate(stored, cv2.ROTATE_90_CLOCKWISE))
    assert found.report.judgements == assess(stored, ShotKind.CLOSEUP).judgements
    assert found.exif.camera == "Testcam T100"
    small = reader.thumbnail(root, file.path)
    assert small.sha256 == found.sha256
    assert small.pixels.shape == (180, 135, 3)
    assert small.file == found.file == file


def test_a_huge_picture_is_measured_in_full_and_shown_smaller(
    reader: CardReader, tmp_path: Path
) -> None:
    root = str(card(tmp_path, jpeg(5000, 4000)))
    found = reader.inspect(root, name(1), ShotKind.GENERAL)
    assert (found.report.width, found.report.height) == (5000, 4000)
    height, width = found.pixels.shape[:2]
    assert height * width <= 12_010_000
    assert width / height == pytest.approx(1.25, rel=0.001)


def test_a_picture_with_a_damaged_middle_is_refused(reader: CardReader, tmp_path: Path) -> None:
    data = bytearray(jpeg())
    scan = data.index(b"\xff\xda") + 20
    data[scan + 2000 : scan + 4000] = b"\xff\xd9" + bytes(1998)  # ends early
    root = str(card(tmp_path, bytes(data)))
    for ask in (
        lambda: reader.thumbnail(root, name(1)),
        lambda: reader.inspect(root, name(1), ShotKind.GENERAL),
    ):
        with pytest.raises(StationError) as trouble:
            ask()
        assert trouble.value.code is ErrorCode.IMAGE_UNREADABLE


def test_one_bad_picture_does_not_spoil_the_next(reader: CardReader, tmp_path: Path) -> None:
    good = jpeg()
    root = str(card(tmp_path, b"no picture", good, good[:5000], good))
    process = reader.process_id
    for number in (1, 3):
        with pytest.raises(StationError):
            reader.thumbnail(root, name(number))
    for number in (2, 4):
        assert reader.thumbnail(root, name(number)).sha256 == hashlib.sha256(good).hexdigest()
    assert process in (None, reader.process_id)


def test_a_missing_card_is_distinguished_from_a_missing_picture(
    reader: CardReader, tmp_path: Path
) -> None:
    root = card(tmp_path / "card", jpeg())
    with pytest.raises(StationError) as trouble:
        reader.thumbnail(str(root), name(2))
    assert trouble.value.code is ErrorCode.IMAGE_UNREADABLE
    with pytest.raises(StationError) as trouble:
        reader.thumbnail(str(tmp_path / "gone"), name(1))
    assert trouble.value.code is ErrorCode.CARD_ABSENT


def test_a_picture_is_erased_by_its_hash(reader: CardReader, tmp_path: Path) -> None:
    data = jpeg()
    root = str(card(tmp_path, data))
    sha256 = hashlib.sha256(data).hexdigest()
    assert reader.erase(root, name(1), "0" * 64) is EraseOutcome.CHANGED
    assert reader.erase(root, name(1), sha256) is EraseOutcome.ERASED
    assert reader.erase(root, name(1), sha256) is EraseOutcome.GONE


def test_a_half_erased_picture_is_erased_but_a_new_one_with_its_name_is_not(
    reader: CardReader, tmp_path: Path
) -> None:
    data, other = jpeg(), jpeg(seed=8)
    root = card(tmp_path, data)
    sha256 = hashlib.sha256(data).hexdigest()
    (root / name(1)).write_bytes(other)
    assert reader.erase(str(root), name(1), sha256, len(other)) is EraseOutcome.CHANGED
    (root / name(1)).write_bytes(b"\x00" * 100 + data[100:])
    assert reader.erase(str(root), name(1), sha256) is EraseOutcome.CHANGED
    assert reader.erase(str(root), name(1), sha256, len(data)) is EraseOutcome.ERASED


@pytest.mark.expects_log("card reader ended over an order: thumbnail")
@pytest.mark.skipif("sys.platform == 'win32'", reason="Windows has no signals")
def test_a_reader_that_is_killed_is_replaced(tmp_path: Path) -> None:
    root = str(card(tmp_path, jpeg()))
    with CardReader() as one:
        one.thumbnail(root, name(1))
        first = one.process_id
        assert first is not None
        child = one._child
        assert child is not None
        os.kill(first, signal.SIGSTOP)  # alive when the order is sent, dead before it answers
        send = child._pipe.send

        def send_and_kill(data: bytes) -> None:
            send(data)
            os.kill(first, signal.SIGKILL)

        child._pipe.send = send_and_kill
        with pytest.raises(StationError) as trouble:
            one.thumbnail(root, name(1))
        assert trouble.value.code is ErrorCode.IMAGE_UNREADABLE
        assert one.thumbnail(root, name(1)).pixels.shape == (180, 240, 3)
        assert one.process_id not in (None, first)


@pytest.mark.parametrize("limit", ["MOST_CPU_S", "MOST_MEMORY_BYTES", "_ANSWER_WITHIN_S"])
def test_a_picture_that_takes_too_much_ends_the_reader_not_the_station(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    root = str(card(tmp_path, jpeg(6000, 4000), jpeg()))
    with CardReader() as one:
        one.list_pictures(root)
        monkeypatch.setattr(reader_module, limit, -1)
        monkeypatch.setattr(reader_module, "_CHECK_EVERY_S", 0.001)
        with pytest.raises(StationError) as trouble:
            one.inspect(root, name(1), ShotKind.GENERAL)
        assert trouble.value.code is ErrorCode.IMAGE_UNREADABLE
        monkeypatch.undo()
        assert one.inspect(root, name(2), ShotKind.GENERAL).report.verdict in Verdict


def test_a_pc_on_which_the_reader_starts_slowly_has_longer_for_a_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = str(card(tmp_path, jpeg(6000, 4000)))
    monkeypatch.setattr(reader_module, "MOST_CPU_S", 1e-6)
    monkeypatch.setattr(reader_module, "_CHECK_EVERY_S", 0.001)
    with CardReader() as one, pytest.raises(StationError):
        one.inspect(root, name(1), ShotKind.GENERAL)
    monkeypatch.setattr(reader_module, "_USUAL_START_S", 1e-9)
    with CardReader() as one:
        assert one.inspect(root, name(1), ShotKind.GENERAL).report.verdict in Verdict
