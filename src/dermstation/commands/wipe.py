"""`dermstation wipe --resume`: finish every interrupted wipe, as a sign-in does."""

import argparse

from dermstation.commands.printing import FINDING, OK, Subcommands, print_json, print_words
from dermstation.commands.signing_in import add_who_to


def add_to(commands: Subcommands) -> None:
    """Declare the command."""
    wipe = commands.add_parser("wipe", help="finish wipes that were interrupted")
    wipe.add_argument(
        "--resume", action="store_true", required=True, help="required: nothing new is wiped"
    )
    add_who_to(wipe)
    wipe.add_argument("--json", action="store_true", help="print JSON")
    wipe.set_defaults(run=_run)


def _run(wanted: argparse.Namespace) -> int:
    from dermstation.commands.opening import open_vault  # noqa: PLC0415 - slow to import
    from dermstation.paths import station_paths  # noqa: PLC0415
    from dermstation.workflow.messages import message_for  # noqa: PLC0415
    from dermstation.workflow.wiping import resume  # noqa: PLC0415

    with open_vault(wanted, station_paths(wanted.home).vault) as vault:
        resumed = resume(vault)
        waiting = len(vault.wiping.pending())
    is_done = not (waiting or resumed.files_left or resumed.trouble)
    if wanted.json:
        print_json(
            {
                "ok": is_done,
                "finished": [one.id for one in resumed.certificates],
                "waiting": waiting,
                "files_left": resumed.files_left,
            }
        )
    else:
        lines = [f"Wipes finished now: {len(resumed.certificates)}."]
        lines += [f"Wipes still to finish: {waiting}."] if waiting else []
        lines += [f"Files not removed yet: {resumed.files_left}."] if resumed.files_left else []
        lines += [str(message_for(resumed.trouble))] if resumed.trouble else []
        print_words(*lines)
    return OK if is_done else FINDING
