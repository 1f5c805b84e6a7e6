"""`dermstation doctor`: report what matters to the station on this PC, and what IT should check."""

import argparse
from pathlib import Path

from dermstation.commands.printing import (
    FINDING,
    OK,
    Subcommands,
    add_out_to,
    print_json,
    print_words,
    write_out,
)


def add_to(commands: Subcommands) -> None:
    """Declare the command."""
    doctor = commands.add_parser("doctor", help="check this PC and report what is wrong")
    doctor.add_argument("--json", action="store_true", help="print JSON")
    doctor.add_argument(
        "--bundle",
        type=Path,
        metavar="FILE",
        help="write report, settings, versions and logs into a zip file for support",
    )
    add_out_to(doctor)
    doctor.set_defaults(run=_run)


def _run(wanted: argparse.Namespace) -> int:
    from dermstation.paths import station_paths  # noqa: PLC0415 - slow to import, like the rest
    from dermstation.security.process import harden_process  # noqa: PLC0415
    from dermstation.settings_file import load_settings  # noqa: PLC0415
    from dermstation.workflow.doctor import examine  # noqa: PLC0415

    harden_process()
    paths = station_paths(wanted.home)
    overrides = {"camera": wanted.camera} if wanted.camera else {}
    settings = load_settings(paths.settings, overrides)
    if wanted.bundle:
        from dermstation.workflow.diagnostics import diagnostics  # noqa: PLC0415

        write_out(wanted.bundle, diagnostics(paths, settings))
    found = examine(paths, settings)
    findings = {name: check.finding for name, check in found.items() if check.finding}
    if wanted.json:
        values = {name: check.value for name, check in found.items()}
        print_json({"ok": not findings, **values, "findings": findings}, wanted.out)
    else:
        lines = [f"{name.replace('_', ' ')}: {one.value}" for name, one in found.items()]
        lines += findings.values() or ["Nothing is wrong."]
        print_words(*lines, out=wanted.out)
    return FINDING if findings else OK
