"""Shared by all commands: exit statuses, and printing JSON or words."""

import argparse
import json
from typing import TYPE_CHECKING, Any

OK = 0
FINDING = 1

if TYPE_CHECKING:
    Subcommands = argparse._SubParsersAction[argparse.ArgumentParser]
else:
    Subcommands = Any


def print_json(value: object) -> None:
    """Print one JSON value to standard output, for scripts."""
    print(json.dumps(value, indent=2, ensure_ascii=False))  # noqa: T201 - the command's output


def print_json_line(value: object) -> None:
    """Print one JSON value on one line, in ASCII, which every console and file name can carry."""
    print(json.dumps(value))  # noqa: T201 - the command's output


def print_words(*lines: str) -> None:
    """Print lines to standard output, for people."""
    print("\n".join(lines))  # noqa: T201 - the command's output
