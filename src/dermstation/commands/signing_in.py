"""The options that choose who opens the vault; imports nothing slow."""

import argparse
from pathlib import Path


def add_secret_file_to(parser: argparse.ArgumentParser) -> None:
    """Add the option that names a file with the secret."""
    words = "read the secret from the first line of this file, which nobody else may read"
    parser.add_argument("--secret-file", type=Path, metavar="FILE", help=words)


def add_who_to(parser: argparse.ArgumentParser) -> None:
    """Add the options that choose who opens the vault."""
    who = parser.add_mutually_exclusive_group()
    who.add_argument("--operator", metavar="NAME", help="sign in as this operator")
    who.add_argument(
        "--recovery", action="store_true", help="open with the twelve words of the recovery key"
    )
    add_secret_file_to(parser)
