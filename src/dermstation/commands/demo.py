"""`dermstation demo`: play the whole job on the simulated dermatoscope, in a throw-away vault."""

import argparse
from pathlib import Path

from dermstation.commands.printing import FINDING, OK, Subcommands, print_json
from dermstation.media_parts import check_media_parts


def add_to(commands: Subcommands) -> None:
    """Declare the command."""
    demo = commands.add_parser("demo", help="play the whole job on the simulated dermatoscope")
    demo.add_argument("--headless", action="store_true", help="run by itself, without a window")
    demo.add_argument(
        "--out",
        type=Path,
        default=Path("demo-out"),
        help="folder for the results of --headless (default: demo-out)",
    )
    demo.add_argument(
        "--json", action="store_true", help="accepted for scripts; --headless always prints JSON"
    )
    # SUPPRESS: a --camera before the command must survive the command's own default
    demo.add_argument(
        "--camera", default=argparse.SUPPRESS, help="a camera other than the simulated one"
    )
    demo.set_defaults(run=_run)


def _run(wanted: argparse.Namespace) -> int:
    check_media_parts()
    from dermstation.demo import run_demo, run_demo_headless  # noqa: PLC0415 - imports Qt

    if wanted.headless:
        report = run_demo_headless(wanted.out, camera=wanted.camera)
        print_json(report)
        return OK if report["ok"] else FINDING
    return run_demo(camera=wanted.camera)
