"""Shared by all commands: exit statuses, and printing JSON or words."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dermstation.domain.errors import ErrorCode, StationError

OK = 0
FINDING = 1
USAGE = 2

if TYPE_CHECKING:
    Subcommands = argparse._SubParsersAction[argparse.ArgumentParser]
else:
    Subcommands = Any


def print_json(value: object, out: Path | None = None) -> None:
    """Print one JSON value to standard output, for scripts, or write it to a file.

    Raises StationError OUT_NOT_WRITTEN.
    """
    print_words(json.dumps(value, indent=2, ensure_ascii=False), out=out)


def print_json_line(value: object) -> None:
    """Print one JSON value on one line, in ASCII, which every console and file name can carry."""
    print(json.dumps(value))  # noqa: T201 - the command's output


def print_words(*lines: str, out: Path | None = None) -> None:
    """Print lines to standard output, for people, or write them to a file.

    Raises StationError OUT_NOT_WRITTEN.
    """
    text = "\n".join(lines)
    if out is None:
        print(text)  # noqa: T201 - the command's output
        return
    write_out(out, f"{text}\n".encode(errors="backslashreplace"))


def write_out(out: Path, data: bytes) -> None:
    """Write a report to a file. Raises StationError OUT_NOT_WRITTEN."""
    from dermstation.files import write_file  # noqa: PLC0415 - not to start the window

    try:
        write_file(out, data)
    except OSError as error:
        raise StationError(ErrorCode.OUT_NOT_WRITTEN, reason=error.strerror or "") from None


def add_out_to(parser: argparse.ArgumentParser) -> None:
    """Add the option that names a file for what would be printed."""
    words = "write the report to this file, for a program without a console"
    parser.add_argument("--out", type=Path, metavar="FILE", help=words)
