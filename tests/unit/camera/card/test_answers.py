"""What a card reader answers is read value by value, and a wrong answer ends the reader."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dermstation.camera.card import process as process_module
from dermstation.camera.card import reader as reader_module
from dermstation.camera.card.answers import (
    inspected_of,
    listing_of,
    outcome_of,
    raise_trouble,
    thumbnail_of,
)
from dermstation.camera.card.reader import CardReader
from dermstation.camera.child_pipe import MalformedMessageError
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.shots import ShotKind
from tests.unit.camera import hostile as hostile_camera
from tests.unit.camera.card import hostile
from tests.unit.camera.card.samples import card, jpeg, name

SHOT = ShotKind.CLOSEUP
ODD = (None, [], {}, -1, 0, 2**70, 1.5, "", "x" * 9000, "\x00", True, [[]], ["a"], "none")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return card(tmp_path_factory.mktemp("card"), jpeg(), jpeg(seed=9))


def answer(order: dict[str, str]) -> tuple[dict[str, Any], list[bytes]]:
    """Return what the reader's process answers."""
    said, buffers = process_module._answer(order)
    return json.loads(json.dumps(said)), [bytes(one) for one in buffers]


def order(root: Path, do: str) -> dict[str, str]:
    return {"do": do, "root": str(root), "path": name(1), "shot": SHOT.value}


READ: dict[str, Callable[..., object]] = {
    "list": listing_of,
    "thumbnail": lambda message, pixels: thumbnail_of(message, pixels, name(1)),
    "inspect": lambda message, data, pixels: inspected_of(message, data, pixels, name(1), SHOT),
}


def variants(value: Any) -> list[Any]:
    """Return a JSON value with each of its parts replaced by something odd, or left out."""
    found: list[Any] = list(ODD)
    if isinstance(value, dict):
        for key, part in value.items():
            found += [value | {key: other} for other in variants(part)]
            found.append({one: other for one, other in value.items() if one != key})
        found.append(value | {"more": 1})
    if isinstance(value, list):
        for place, part in enumerate(value):
            found += [[*value[:place], other, *value[place + 1 :]] for other in variants(part)]
        found.append([*value, None])
    return [one for one in found if one != value]


@pytest.mark.parametrize("do", READ)
def test_an_answer_is_read_or_refused_and_nothing_else(root: Path, do: str) -> None:
    said, buffers = answer(order(root, do))
    READ[do](json.dumps(said).encode(), *buffers)
    refused = tried = 0
    for other in variants(said):
        tried += 1
        try:
            READ[do](json.dumps(other).encode(), *buffers)
        except MalformedMessageError:
            refused += 1
    assert tried > 100
    assert refused > 0.8 * tried


def test_a_picture_is_kept_only_as_what_it_is(root: Path) -> None:
    said, (data, pixels) = answer(order(root, "inspect"))
    message = json.dumps(said).encode()
    _, (other, _) = answer(order(root, "inspect") | {"path": name(2)})
    for bad in (other, data[:-1], data + b"x", b"", b"PK\x03\x04" + data[4:]):
        with pytest.raises(MalformedMessageError):
            inspected_of(message, bad, pixels, name(1), SHOT)
    for bad in (pixels[:-3], pixels + b"...", b""):
        with pytest.raises(MalformedMessageError):
            inspected_of(message, data, bad, name(1), SHOT)
    with pytest.raises(MalformedMessageError):
        inspected_of(message, data, pixels, name(2), SHOT)
    with pytest.raises(MalformedMessageError):
        inspected_of(message, data, pixels, name(1), ShotKind.GENERAL)


@pytest.mark.parametrize(
    "facts", [{"code": 1}, {"self": 1}, {"a b": 1}, {"a": []}, {"a": "x" * 200}, {"a": "\n"}, 5]
)
def test_a_trouble_has_plain_facts(facts: object) -> None:
    message = json.dumps({"error": "image_unreadable", "facts": facts}).encode()
    with pytest.raises(MalformedMessageError):
        raise_trouble(message)


def test_a_trouble_of_the_card_is_raised() -> None:
    message = json.dumps({"error": "card_absent", "facts": {"errno": 5, "reason": "gone"}})
    with pytest.raises(StationError) as trouble:
        raise_trouble(message.encode())
    assert trouble.value.code is ErrorCode.CARD_ABSENT
    assert trouble.value.facts == {"errno": 5, "reason": "gone"}
    raise_trouble(b'{"outcome": "erased"}')


def test_an_outcome_is_one_of_those_there_are() -> None:
    for bad in (b'{"outcome": "lost"}', b"{}", b"[]", b"\xff"):
        with pytest.raises(MalformedMessageError):
            outcome_of(bad)


@pytest.mark.expects_log("card reader broke a rule over an order: list")
@pytest.mark.parametrize("taken_over", hostile.BREAK_A_RULE, ids=lambda one: one.__name__)
def test_a_reader_that_breaks_a_rule_is_replaced(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, taken_over: Callable[..., None]
) -> None:
    mark = tmp_path / "mark"
    monkeypatch.setenv(hostile_camera.MARK, str(mark))
    with CardReader() as reader:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(reader_module, "run_reader", taken_over)
            with pytest.raises(StationError) as trouble:
                reader.list_pictures(str(root))
        assert trouble.value.code is ErrorCode.CARD_UNREADABLE
        assert len(reader.list_pictures(str(root)).files) == 2
    assert not mark.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="the pipes of Windows know no half message")
def test_half_an_answer_ends_with_the_time_of_an_order(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with CardReader() as reader:
        monkeypatch.setattr(reader_module, "run_reader", hostile.answers_half)
        monkeypatch.setattr(reader_module, "_ANSWER_WITHIN_S", 0.3)
        with pytest.raises(StationError) as trouble:
            reader.list_pictures(str(root))
        assert trouble.value.code is ErrorCode.CARD_UNREADABLE
