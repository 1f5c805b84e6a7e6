"""`dermstation verify-package`: check a referral package without the vault."""

import argparse
from pathlib import Path

from dermstation.commands.printing import FINDING, OK, Subcommands, print_json, print_words
from dermstation.domain.presets import PRESETS, Preset


def add_to(commands: Subcommands) -> None:
    """Declare the command."""
    verify = commands.add_parser("verify-package", help="check a referral package")
    verify.add_argument("folder", type=Path)
    verify.add_argument(
        "--preset",
        choices=[preset.value for preset in Preset],
        help="check against this destination's limits, not those of the one it was made for",
    )
    verify.add_argument("--json", action="store_true", help="print JSON")
    verify.set_defaults(run=_run)


def _run(wanted: argparse.Namespace) -> int:
    # slow to import, and the camera process imports this module each time it starts
    from dermstation.handover.verify import (  # noqa: PLC0415
        copies_in,
        findings_json,
        verify_package,
    )
    from dermstation.workflow.package_faults import package_words  # noqa: PLC0415

    limits = PRESETS[Preset(wanted.preset)].limits if wanted.preset else None
    findings = verify_package(wanted.folder, limits=limits)
    copies = copies_in(wanted.folder)
    if wanted.json:
        print_json({**findings_json(findings), "copies": copies})
    else:
        said = map(package_words, findings) if findings else ["The package is whole."]
        print_words(*said, *(f"{name}: {words}" for name, words in copies.items()))
    return FINDING if findings else OK
