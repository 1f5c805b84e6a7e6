"""`dermstation keys`: list the keys of the capture page, as text or as a card for the wall."""

import argparse
from pathlib import Path

from dermstation.commands.printing import FINDING, OK, Subcommands, print_words
from dermstation.workflow.capture_keys import KEY_TABLE


def add_to(commands: Subcommands) -> None:
    """Declare the command."""
    keys = commands.add_parser("keys", help="list the keys for taking pictures, or make a card")
    keys.add_argument(
        "--out", type=Path, metavar="FILE", help="write them to this PDF instead, on one A4 page"
    )
    keys.set_defaults(run=_run)


def _run(wanted: argparse.Namespace) -> int:
    if wanted.out is None:
        print_words(*(f"{row.all_keys:<15} {row.about} ({row.when})" for row in KEY_TABLE))
        return OK
    from dermstation.commands.key_card import card_pdf  # noqa: PLC0415 - slow to import

    try:
        wanted.out.write_bytes(card_pdf())
    except OSError as error:
        print_words(f"The card was not written: {error.strerror}.")
        return FINDING
    return OK
