"""The documents agree with the program, its commands and files, and with one another."""

import argparse
import re
import runpy
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from dermstation.cli import _parser
from dermstation.domain.purpose import PURPOSE
from tests.opened.looking import differences

ROOT = Path(__file__).parents[2]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
FOLDERS = "benchmarks|calibration|docs|packaging|resources|src|tests"
ADR_TABLE = runpy.run_path(str(ROOT / "packaging" / "docs" / "adr_table.py"))
KEYS = runpy.run_path(str(ROOT / "packaging" / "docs" / "keys.py"))
SUMMARY = runpy.run_path(str(ROOT / "packaging" / "docs" / "summary_picture.py"))
HAZARDS = runpy.run_path(str(ROOT / "packaging" / "docs" / "hazard_log.py"))
RECORD = "# 0001 Title\n\n**Decided.** This. And more.\n\n**Refused:**\n\n- *That*: why.\n"


def test_the_table_of_decisions_agrees_with_the_records() -> None:
    assert ADR_TABLE["PAGE"].read_text("utf-8") == ADR_TABLE["page"](ADR_TABLE["FOLDER"])


def test_the_page_of_keys_agrees_with_the_table() -> None:
    assert KEYS["PAGE"].read_text("utf-8") == KEYS["page"]()


def test_the_hazard_log_agrees_with_its_table() -> None:
    assert HAZARDS["PAGE"].read_text("utf-8") == HAZARDS["page"](HAZARDS["read_table"]())


@pytest.mark.slow
def test_the_picture_of_the_summary_shows_the_page_as_it_is_now() -> None:
    stored, drawn = (
        cv2.imdecode(np.frombuffer(one, np.uint8), cv2.IMREAD_COLOR)
        for one in (SUMMARY["PICTURE"].read_bytes(), SUMMARY["page"]())
    )
    assert differences([stored], [drawn], 1, 0.0) == []


def test_every_control_of_a_hazard_is_shown_by_tests_that_exist() -> None:
    table = HAZARDS["read_table"]()
    sources = "".join(one.read_text("utf-8") for one in (ROOT / "tests").rglob("test_*.py"))
    tests = set(re.findall(r"^ *def (test_\w+)\(", sources, re.MULTILINE))
    for hazard in table["hazard"]:
        assert hazard["control"], hazard["id"]
        for control in hazard["control"]:
            assert control["shown_by"], hazard["id"]
            assert set(control["shown_by"]) - tests == set(), hazard["id"]


def test_the_intended_purpose_is_the_same_everywhere() -> None:
    assert HAZARDS["read_table"]()["purpose"] == PURPOSE
    stated = {}
    for page in PAGES:
        _, marked, told = page.read_text("utf-8").partition("**Intended purpose.** ")
        if marked:
            stated[page.name] = " ".join(told.split("\n\n")[0].split())
    assert stated.keys() == {"README.md", "data-protection.md", "hazard-log.md"}
    assert all(told.startswith(PURPOSE) for told in stated.values())


def test_a_row_says_what_was_decided_and_what_supersedes_it(tmp_path: Path) -> None:
    later = "Superseded in part by [0002](0002-b.md): a\nthing.\n\n"
    (tmp_path / "0001-a.md").write_text(RECORD.replace("**Decided", f"{later}**Decided"), "utf-8")
    assert ADR_TABLE["page"](tmp_path).endswith(
        "| [0001](0001-a.md) | Title | This. | [0002](0002-b.md) in part |\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        RECORD.replace("# 0001 ", "# 0001: "),
        RECORD.replace("# 0001", "# 0002"),
        RECORD.replace("**Decided.**", "## Decision\n\n"),
        RECORD.replace("\n\n- *That*: why.", " *That*: why."),
        RECORD.replace("**Decided", "Status: accepted\n\n**Decided"),
        RECORD + "\n**Why.** Too late.\n",
    ],
)
def test_a_record_with_another_form_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "0001-a.md").write_text(text, "utf-8")
    with pytest.raises(ValueError, match="0001-a"):
        ADR_TABLE["page"](tmp_path)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_everything_a_page_names_exists(page: Path) -> None:
    text = page.read_text("utf-8")
    linked = re.findall(r"\]\((?!https?:|#)([^)#\s]+)[^)]*\)", re.sub(r"`[^`\n]*`", "", text))
    named = re.findall(rf"`((?:{FOLDERS})/[^`\s*]+)`", text)
    assert [one for one in linked if not (page.parent / one).exists()] == []
    assert [one for one in named if not (ROOT / one).exists()] == []


def test_the_page_of_the_command_line_names_every_command_and_option() -> None:
    text = (ROOT / "docs" / "command-line.md").read_text("utf-8")
    sections = dict(re.findall(r"^## ([^\n]+)\n(.+?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL))
    commands = dict(_commands(_parser()))
    assert list(sections) == list(commands)
    assert re.findall(r"^\| `(dermstation[^`]*)` \|", text, re.MULTILINE) == list(commands)
    for command, options in commands.items():
        usage, table = re.findall(r"```\n(.+?)```(.+)", sections[command], re.DOTALL)[0]
        assert set(re.findall(r"--[a-z-]+", usage)) == options, command
        assert set(re.findall(r"--[a-z-]+", "".join(_first_cells(table)))) == options, command


def _commands(parser: argparse.ArgumentParser) -> Iterator[tuple[str, set[str]]]:
    """Yield each command that does something, as one types it, with its long options."""
    nested = [one for one in parser._actions if isinstance(one, argparse._SubParsersAction)]
    if parser.get_default("run") is not None:
        options = {name for one in parser._actions for name in one.option_strings}
        yield parser.prog, {name for name in options if name.startswith("--")} - {"--help"}
    for one in nested:
        for below in one.choices.values():
            yield from _commands(below)


def _first_cells(table: str) -> list[str]:
    return re.findall(r"^\| ([^|]+) \|", table, re.MULTILINE)
