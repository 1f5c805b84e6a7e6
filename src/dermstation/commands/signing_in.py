"""The options that choose who opens the vault; imports nothing slow."""

import argparse


def add_who_to(parser: argparse.ArgumentParser) -> None:
    """Add the options that choose who opens the vault."""
    who = parser.add_mutually_exclusive_group()
    who.add_argument("--operator", metavar="NAME", help="sign in as this operator")
    who.add_argument(
        "--recovery", action="store_true", help="open with the twelve words of the recovery key"
    )
