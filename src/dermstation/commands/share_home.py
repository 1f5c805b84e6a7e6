"""`dermstation share-home`: make one station for all accounts of this PC.

An installer that installs for the whole PC runs it once, as does IT by hand.
"""

import argparse

from dermstation.commands.printing import OK, Subcommands, print_words


def add_to(commands: Subcommands) -> None:
    """Declare the command."""
    share = commands.add_parser(
        "share-home", help="make one station for all accounts of this PC, as its administrator"
    )
    share.set_defaults(run=_run)


def _run(_wanted: argparse.Namespace) -> int:
    from dermstation.shared_home import make_shared_home  # noqa: PLC0415 - rarely needed

    print_words(f"The accounts of this PC share the station in {make_shared_home()}.")
    return OK
