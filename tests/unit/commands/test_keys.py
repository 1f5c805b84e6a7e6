"""`dermstation keys`: the table as text, and as a card of one page."""

from io import BytesIO
from pathlib import Path

import pypdf

from dermstation.cli import main
from dermstation.commands.key_card import card_pdf
from dermstation.workflow.capture_keys import KEY_TABLE


def test_every_key_is_printed(capsys) -> None:
    assert main(["keys"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(KEY_TABLE)
    for line, row in zip(lines, KEY_TABLE, strict=True):
        assert line.startswith(row.all_keys)
        assert row.about in line


def test_the_card_has_every_key_on_one_page(tmp_path: Path) -> None:
    assert main(["keys", "--out", str(tmp_path / "card.pdf")]) == 0
    data = (tmp_path / "card.pdf").read_bytes()
    assert data == card_pdf()
    (page,) = pypdf.PdfReader(BytesIO(data)).pages
    words = _run_together(page.extract_text())
    for row in KEY_TABLE:
        assert _run_together(row.all_keys + row.about) in words


def _run_together(words: str) -> str:
    """Join the lines: a line may end with a hyphen inside a word."""
    return "".join(words.split())


def test_a_card_that_cannot_be_written_is_reported(tmp_path: Path, capsys) -> None:
    assert main(["keys", "--out", str(tmp_path / "none" / "card.pdf")]) == 1
    assert "was not written" in capsys.readouterr().out
