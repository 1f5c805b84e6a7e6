"""`dermstation policy show`: the settings in force on this PC, and where each was read."""

import argparse

from dermstation.commands.printing import (
    FINDING,
    OK,
    Subcommands,
    add_out_to,
    print_json,
    print_words,
)


def add_to(commands: Subcommands) -> None:
    """Declare the command."""
    policy = commands.add_parser("policy", help="show the settings in force and where each is set")
    actions = policy.add_subparsers(title="actions", metavar="ACTION", required=True)
    show = actions.add_parser("show", help="print every setting, its value and where it was read")
    show.add_argument("--json", action="store_true", help="print JSON")
    add_out_to(show)
    show.set_defaults(run=_run)


def _run(wanted: argparse.Namespace) -> int:
    from dermstation.paths import station_paths  # noqa: PLC0415 - slow to import, like the rest
    from dermstation.workflow.setting_sources import setting_sources  # noqa: PLC0415

    found = setting_sources(station_paths(wanted.home).settings)
    if wanted.json:
        settings = {
            one.name: {"value": one.value, "from": one.source, "fixed": one.is_fixed}
            for one in found.settings
        }
        report = {"ok": not found.troubles, "settings": settings, "findings": found.troubles}
        print_json(report, wanted.out)
    else:
        lines = [f"{one.name} = {one.value}    ({one.source})" for one in found.settings]
        print_words(*lines, *found.troubles, out=wanted.out)
    return FINDING if found.troubles else OK
