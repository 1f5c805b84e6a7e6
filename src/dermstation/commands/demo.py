"""`dermstation demo`: the whole main job on the simulated dermatoscope, in a throw-away vault."""

import argparse
from pathlib import Path

from dermstation.commands.printing import FINDING, OK, Subcommands, print_json


def add_to(commands: Subcommands) -> None:
    """Declare the command."""
    demo = commands.add_parser("demo", help="the whole job on the simulated dermatoscope")
    demo.add_argument("--headless", action="store_true", help="let it run by itself, no window")
    demo.add_argument(
        "--out", type=Path, default=Path("demo-out"), help="where headless leaves things"
    )
    demo.add_argument(
        "--json", action="store_true", help="accepted for scripts; headless prints JSON"
    )
    # SUPPRESS: a --camera before the command must survive the command's own default
    demo.add_argument(
        "--camera", default=argparse.SUPPRESS, help="another camera than the simulated"
    )
    demo.set_defaults(run=_run)


def _run(wanted: argparse.Namespace) -> int:
    from dermstation.demo import run_demo, run_demo_headless  # noqa: PLC0415 - imports Qt

    if wanted.headless:
        report = run_demo_headless(wanted.out, camera=wanted.camera)
        print_json(report)
        return OK if report["ok"] else FINDING
    return run_demo(camera=wanted.camera)
