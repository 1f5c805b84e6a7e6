"""The demonstration: the whole job in a throw-away vault, by hand or by itself.

By itself ("headless"), a robot operates the real window, off screen: it types, waits for a good
picture as a person would, presses the shutter, and looks at the result. No step is faked; what it
prints is read back from the vault, the package and the disk.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Capture, Certificate, Operator, Role, new_id
from dermstation.domain.shots import STANDARD_SHOTS
from dermstation.files import remove, remove_tree
from dermstation.handover.verify import verify_package
from dermstation.paths import StationPaths
from dermstation.security.recovery import new_recovery_key
from dermstation.settings import Settings
from dermstation.workflow import unfinished_entry, unlocking, wiping
from dermstation.workflow.station import DEMO_PASSPHRASE, Station, build_station
from dermstation.workflow.walk import EpisodeView

DEMO_CAMERA = "sim:hunting=1"
DEMO_PATIENT = {
    "nhs_number": "999 000 0018",
    "family_name": "Example",
    "given_name": "Demo",
    "born_on": "03/09/1958",
}
RECORD_FOLDER = "record"
SCREENS_FOLDER = "screens"
# What an earlier run may have left in the same folder; nothing else there is touched.
_LEFT_BY_A_RUN = (RECORD_FOLDER, SCREENS_FOLDER, "certificate.pdf")


def run_demo(camera: str | None = None) -> int:
    """Show the window with a throw-away vault, signed in, with a made-up patient filled in.

    Returns the exit status.
    """
    from dermstation.app import qt_application, show_window  # noqa: PLC0415 - imports Qt

    application = qt_application()
    with _throw_away_station(camera) as station:
        operator = Operator(new_id(), "Demo operator", Role.CLINICIAN)
        made = station.jobs.on_vault(
            unlocking.set_up_station,
            station.paths.vault,
            operator,
            DEMO_PASSPHRASE,
            new_recovery_key(),
            keystore=None,
        ).result()
        station.jobs.on_vault(unfinished_entry.keep, made.vault, operator, DEMO_PATIENT).result()
        window = show_window(station)
        window.enter(made)
        return application.exec()


def run_demo_headless(out: Path, camera: str | None = None) -> dict[str, Any]:
    """Run the whole job with the robot; write the package, certificate and screenshots to `out`.

    Returns the report to print. Raises StationError if a step is refused, TimeoutError if one is
    not reached.
    """
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from dermstation.robot import Robot  # noqa: PLC0415 - imports Qt

    out = out.resolve()
    _empty(out)
    with _throw_away_station(camera) as station:
        robot = Robot(station, out / SCREENS_FOLDER)
        try:
            view = robot.capture_everything(DEMO_PATIENT)
            packaged = robot.make_package()
            package = packaged.package
            if package is None:
                raise StationError(ErrorCode.PACKAGE_NOT_VERIFIED)
            # as a person would: put the files into the record before confirming
            shutil.copytree(package.folder, out / RECORD_FOLDER)
            certificate = robot.hand_over()
            wiping.save_certificate(
                robot.operator,
                certificate,
                out / "certificate.pdf",
                station.settings.practice_name,
            )
            files_left = _files_left(station, packaged)
            robot.leave()
        finally:
            robot.close()
    findings = verify_package(out / RECORD_FOLDER, package.files)
    complete = certificate.complete and not findings and not files_left
    return {
        "ok": complete and len(view.captures) == len(STANDARD_SHOTS),
        "captures": [_capture_report(capture) for capture in view.captures],
        "set_scores": [score.points for one in view.lesions if (score := view.score(one))],
        "package": {
            "record": str(out / RECORD_FOLDER),
            "files": {file.name: file.size_bytes for file in package.files},
            "verified": not findings,
        },
        "wiped": _wiped_report(certificate),
        "files_left": len(files_left),
        "certificate": str(out / "certificate.pdf"),
        "screens": sorted(file.name for file in (out / SCREENS_FOLDER).iterdir()),
        "seconds": robot.seconds,
    }


@contextmanager
def _throw_away_station(camera: str | None) -> Iterator[Station]:
    home = Path(tempfile.mkdtemp(prefix="dermstation-demo-"))
    try:
        settings = Settings(
            camera=camera or DEMO_CAMERA,
            practice_name="Example Surgery",
            use_good_at_once=False,  # the robot looks at each picture and uses it
        )
        station = build_station(StationPaths(home), settings, demo=True)
        try:
            yield station
        finally:
            station.stop()
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _empty(out: Path) -> None:
    for name in _LEFT_BY_A_RUN:
        left = out / name
        if left.is_dir():
            remove_tree(left)
        else:
            remove(left, missing_ok=True)
    (out / SCREENS_FOLDER).mkdir(parents=True)


def _files_left(station: Station, packaged: EpisodeView) -> list[str]:
    """Return the episode's files that are still on the disk: package files and episode files."""
    folders = [station.package_folder(), station.paths.vault / "episodes"]
    if packaged.package is not None:
        folders.append(Path(packaged.package.folder))
    return sorted({str(file) for folder in folders for file in folder.rglob("*") if file.is_file()})


def _capture_report(capture: Capture) -> dict[str, Any]:
    return {
        "shot": capture.shot.value,
        "width": capture.width,
        "height": capture.height,
        "bytes": capture.size_bytes,
        "media_type": capture.media_type.value,
        "verdict": capture.report.verdict.value,
        "scores": {found.aspect.value: found.score for found in capture.report.judgements},
        "sha256": capture.sha256,
    }


def _wiped_report(certificate: Certificate) -> dict[str, Any]:
    kinds: dict[str, int] = {}
    for item in certificate.items:
        kinds[item.kind] = kinds.get(item.kind, 0) + 1
    return {"complete": certificate.complete, "items": kinds}
