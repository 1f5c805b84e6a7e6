"""A Windows without its media parts is told in words, wherever they are needed."""

import sys

import pytest

from dermstation import media_parts, output
from dermstation.cli import main


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> None:
    """Play an N edition of Windows."""
    monkeypatch.setattr(media_parts.sys, "platform", "win32")
    monkeypatch.setattr(media_parts, "_loads", lambda part: part != "mf.dll")


@pytest.mark.parametrize(
    "command", [(), ("--selftest",), ("demo",), ("cameras",), ("assess", "a.jpg")], ids=str
)
def test_an_n_edition_is_named_before_anything_is_loaded(
    without: None, capsys: pytest.CaptureFixture[str], command: tuple[str, ...]
) -> None:
    assert main(list(command)) == 1
    said = capsys.readouterr().err
    assert "mf.dll" in said
    assert "Media Feature Pack" in said


def test_without_a_console_the_words_are_in_a_box(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []

    class Library:
        """The part of Windows that shows boxes."""

        class user32:  # noqa: N801 - as Windows calls it
            @staticmethod
            def MessageBoxW(_owner: object, words: str, *_: object) -> None:
                shown.append(words)

    monkeypatch.setattr(output.sys, "platform", "win32")
    monkeypatch.setattr(output.ctypes, "windll", Library, raising=False)
    monkeypatch.setattr(sys, "stderr", None)
    output.say_trouble("words")
    assert shown == ["words"]


def test_other_systems_need_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media_parts.sys, "platform", "linux")
    assert media_parts.missing_media_parts() == ()
