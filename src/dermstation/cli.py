"""The command line: parse the words, set up logging, hand over to the part that was asked for.

Exit status: 0 ok, 1 a finding or known trouble, 2 wrong use. No Qt is imported until a window is
wanted: the camera process imports this module again.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from dermstation import __version__
from dermstation.domain.errors import StationError
from dermstation.logs import start_logging
from dermstation.paths import station_paths
from dermstation.settings import load_settings
from dermstation.workflow.messages import message_for
from dermstation.workflow.package_faults import package_words

FINDING = 1


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit status."""
    wanted = _parser().parse_args(argv)
    try:
        return int(wanted.run(wanted))
    except StationError as trouble:
        print(message_for(trouble), file=sys.stderr)  # noqa: T201 - the command line's own output
        return FINDING


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="dermstation", description="Capture station for PCs with a dermatoscope."
    )
    parser.add_argument("--version", action="version", version=f"dermstation {__version__}")
    parser.add_argument("--home", type=Path, help="folder of the station's files on this PC")
    parser.add_argument("--camera", help="auto, sim, device:N, file:PATH, or a network address")
    parser.add_argument(
        "--selftest", action="store_true", help="try every part on this PC, print JSON, and end"
    )
    parser.set_defaults(run=_window)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

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
    demo.set_defaults(run=_demo)

    verify = commands.add_parser("verify-package", help="check a referral package from the outside")
    verify.add_argument("folder", type=Path)
    verify.add_argument("--json", action="store_true", help="print JSON")
    verify.set_defaults(run=_verify_package)
    return parser


def _window(wanted: argparse.Namespace) -> int:
    if wanted.selftest:
        from dermstation.selftest import run_selftest  # noqa: PLC0415 - imports Qt

        report = run_selftest()
        print(json.dumps(report, indent=2))  # noqa: T201
        return 0 if report["ok"] else FINDING
    from dermstation.app import run_window  # noqa: PLC0415 - imports Qt

    paths = station_paths(wanted.home)
    start_logging(paths.logs)
    overrides = {"camera": wanted.camera} if wanted.camera else {}
    return run_window(paths, load_settings(paths.settings, overrides))


def _demo(wanted: argparse.Namespace) -> int:
    from dermstation.demo import run_demo, run_demo_headless  # noqa: PLC0415 - imports Qt

    if wanted.headless:
        report = run_demo_headless(wanted.out, camera=wanted.camera)
        print(json.dumps(report, indent=2))  # noqa: T201
        return 0 if report["ok"] else FINDING
    return run_demo(camera=wanted.camera)


def _verify_package(wanted: argparse.Namespace) -> int:
    # slow to import, and the camera process imports this module each time it starts
    from dermstation.handover.verify import findings_json, verify_package  # noqa: PLC0415

    findings = verify_package(wanted.folder)
    if wanted.json:
        print(json.dumps(findings_json(findings), indent=2))  # noqa: T201
    else:
        words = [package_words(finding) for finding in findings]
        print("\n".join(words or ["The package is whole."]))  # noqa: T201
    return FINDING if findings else 0
