"""The command line: parse the arguments and run a command, or start the launcher of the window.

Exit status: 0 ok, 1 a finding or known trouble, 2 wrong usage. For the window hardly anything is
imported here, so that the station's process starts at once; the commands come with the first word
that is not an option of the window.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dermstation import __version__
from dermstation.commands.printing import FINDING, OK, USAGE, add_out_to, print_json
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.media_parts import check_media_parts
from dermstation.output import print_in_utf8, say_trouble

if TYPE_CHECKING:
    from dermstation.station_child import Child

# nothing was tried: the command line itself, or what should have come with it, is wrong
_OF_USAGE = {ErrorCode.SECRET_NOT_GIVEN, ErrorCode.SECRET_FILE_REFUSED, ErrorCode.OUT_NOT_WRITTEN}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit status."""
    print_in_utf8()
    wanted, others = _options_of_window().parse_known_args(argv)
    if others:
        wanted = _parser().parse_args(argv)
    try:
        return int(wanted.run(wanted))
    except StationError as trouble:
        from dermstation.workflow.messages import message_for  # noqa: PLC0415 - rarely needed

        say_trouble(str(message_for(trouble)))
        return USAGE if trouble.code in _OF_USAGE else FINDING


def _options_of_window() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dermstation", add_help=False)
    parser.add_argument("--version", action="version", version=f"dermstation {__version__}")
    parser.add_argument("--home", type=Path, help="folder for the station's files on this PC")
    parser.add_argument("--camera", help="auto, sim, device:..., file:PATH, or a network address")
    parser.add_argument(
        "--patient",
        type=Path,
        metavar="FILE",
        help="file in which the record system names the patient",
    )
    parser.add_argument(
        "--selftest", action="store_true", help="try every part on this PC, print JSON, and exit"
    )
    add_out_to(parser)
    parser.set_defaults(run=_window)
    return parser


def _parser() -> argparse.ArgumentParser:
    from dermstation.commands.listed import COMMANDS  # noqa: PLC0415 - they import much

    parser = argparse.ArgumentParser(
        prog="dermstation",
        description="Capture station for PCs with a dermatoscope.",
        parents=[_options_of_window()],
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for command in COMMANDS:
        command.add_to(commands)
    return parser


def _window(wanted: argparse.Namespace) -> int:
    check_media_parts()
    if wanted.selftest:
        from dermstation.selftest import run_selftest  # noqa: PLC0415 - imports Qt

        report = run_selftest()
        print_json(report, wanted.out)
        return OK if report["ok"] else FINDING
    from dermstation.station_child import Child  # noqa: PLC0415 - for the window alone
    from dermstation.station_process import run_station  # noqa: PLC0415

    # it loads for longer than all that follows here; a station that is open may take the patient
    first = None if wanted.patient else Child(run_station)
    try:
        return _launched(wanted, first)
    finally:
        if first is not None:
            first.kill()


def _launched(wanted: argparse.Namespace, first: "Child | None") -> int:
    """Check what the command line says, then run the station."""
    from dermstation.launcher import launch  # noqa: PLC0415 - for the window alone
    from dermstation.paths import close_to_others, station_paths  # noqa: PLC0415
    from dermstation.process_messages import Wanted  # noqa: PLC0415
    from dermstation.security.process import harden_process  # noqa: PLC0415
    from dermstation.shared_home import check_shared_home  # noqa: PLC0415

    if wanted.camera:
        from dermstation.camera.spec import parse_camera  # noqa: PLC0415 - rarely needed

        parse_camera(wanted.camera)  # refused at once, not by a process that loads for seconds
    harden_process()
    paths = station_paths(wanted.home)
    check_shared_home(paths.home)
    close_to_others(paths)
    return launch(paths, Wanted(paths.home, wanted.camera or ""), wanted.patient, first)


if __name__ == "__main__":
    sys.exit(main())
