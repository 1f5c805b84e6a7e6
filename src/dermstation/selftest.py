"""Try every part of the installed program once, in a throw-away folder, and report as JSON.

Meant for IT after an installation, and for the frozen program, in which a missing library is
noticed only when it is used. The station's own files are not touched.
"""

import os
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from dermstation import __version__
from dermstation.camera.card.pictures import EraseOutcome
from dermstation.camera.card.reader import CardReader
from dermstation.camera.frames import Frame
from dermstation.camera.link import CameraLink
from dermstation.camera.spec import parse_camera
from dermstation.camera.watchdog import OPEN_WITHIN_S, START_WITHIN_S
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.identity import NhsNumber
from dermstation.domain.lesion_facts import Identifiable, Safeguards
from dermstation.domain.presets import Preset
from dermstation.domain.records import ConsentForm, Operator, Role, new_id
from dermstation.domain.routes import Route
from dermstation.domain.shots import ShotKind
from dermstation.domain.sites import BODY_SITES, Side
from dermstation.handover import faces
from dermstation.handover.options import DeviceData, PackageOptions
from dermstation.handover.verify import verify_package
from dermstation.imaging.codec import encode_jpeg
from dermstation.paths import StationPaths
from dermstation.security.passphrases import suggest_passphrase
from dermstation.security.recovery import new_recovery_key
from dermstation.settings import Settings
from dermstation.workflow import capturing, episodes, packaging, reviewing, unlocking, wiping
from dermstation.workflow.package_choice import Practice
from dermstation.workflow.scoring import pixels_of
from dermstation.workflow.station import build_station
from dermstation.workflow.unlocking import SignedIn
from dermstation.workflow.walk import EpisodeView

# of faces of several scripts, the first and the last among them
LETTERS = "aß\u0436\u0639\u738b\uae40\U0001f600"
FIRST_FRAME_WITHIN_S = START_WITHIN_S + OPEN_WITHIN_S  # as long as the station itself waits


@dataclass
class _Trial:
    """The results so far, and what each check passes on to the next."""

    home: Path
    frame: Frame | None = None
    held: capturing.Held | None = None
    signed_in: SignedIn | None = None
    view: EpisodeView | None = None
    results: list[dict[str, Any]] = field(default_factory=list)


def run_selftest() -> dict[str, Any]:
    """Run the checks in order and return the report; a failed check does not stop the others."""
    checks: tuple[Callable[[_Trial], str], ...] = (
        _window,
        _camera,
        _quality,
        _card,
        _vault,
        _package,
        _wipe,
        _archive,
    )
    with tempfile.TemporaryDirectory(prefix="dermstation-selftest-") as folder:
        trial = _Trial(Path(folder))
        for check in checks:
            trial.results.append(_tried(check, trial))
        if trial.signed_in is not None:
            unlocking.lock(trial.signed_in)
    return {
        "version": __version__,
        "frozen": bool(getattr(sys, "frozen", False)),
        "ok": all(result["ok"] for result in trial.results),
        "checks": trial.results,
    }


def _tried(check: Callable[[_Trial], str], trial: _Trial) -> dict[str, Any]:
    started = time.perf_counter()
    try:
        outcome = {"ok": True, "detail": check(trial)}
    except Exception as error:  # noqa: BLE001 - the report must name everything that is broken
        detail = error.code.value if isinstance(error, StationError) else repr(error)
        outcome = {"ok": False, "detail": detail}
    elapsed_ms = round((time.perf_counter() - started) * 1000)
    return {"check": check.__name__.lstrip("_"), **outcome, "ms": elapsed_ms}


def _needed(value: Any) -> Any:
    if value is None:
        raise StationError(ErrorCode.STEP_NOT_ALLOWED, state="an earlier check failed", event="")
    return value


def _window(trial: _Trial) -> str:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtGui import QIcon  # noqa: PLC0415

    from dermstation.app import qt_application  # noqa: PLC0415 - after the platform is chosen
    from dermstation.ui.window import StationWindow  # noqa: PLC0415

    application = qt_application()
    station = build_station(StationPaths(trial.home / "window"), Settings(camera="sim"))
    try:
        window = StationWindow(station)
        window.resize(1366, 768)
        window.begin()
        _ = window.rooms  # which a start leaves for later
        window.show()
        application.processEvents()
        picture = window.grab()
        window.close()
    finally:
        station.stop()
    # load an icon as the style sheet does: by the search path and the SVG plugin
    if picture.isNull() or QIcon("icons:tick-white.svg").pixmap(16, 16).isNull():
        raise StationError(ErrorCode.IMAGE_UNREADABLE)
    return f"{picture.width()}x{picture.height()}"


def _camera(trial: _Trial) -> str:
    spec = parse_camera("sim:scene=dermoscopic")
    with CameraLink(spec, width=1600, height=1200) as link:
        deadline = time.monotonic() + FIRST_FRAME_WITHIN_S
        while trial.frame is None and time.monotonic() < deadline:
            trial.frame = link.newest()
            time.sleep(0.01)
        if trial.frame is None:
            raise StationError(ErrorCode.CAMERA_FAILED)
        return f"{link.status().label}, {trial.frame.width}x{trial.frame.height}"


def _quality(trial: _Trial) -> str:
    frame = _needed(trial.frame)
    trial.held = capturing.hold(frame, ShotKind.DERMOSCOPIC, "Simulated dermatoscope")
    report = trial.held.report
    scores = ", ".join(f"{found.aspect.value} {found.score}" for found in report.judgements)
    return f"{report.verdict.value}: {scores}"


def _card(trial: _Trial) -> str:
    """Read a picture from a folder like a memory card's, in the reader's process, and erase it."""
    frame = _needed(trial.frame)
    folder = trial.home / "card" / "DCIM" / "100TEST"
    folder.mkdir(parents=True)
    picture = folder / "IMG_0001.JPG"
    picture.write_bytes(encode_jpeg(pixels_of(frame), 90))
    root = str(trial.home / "card")
    with CardReader() as reader:
        (file,) = reader.list_pictures(root).files
        found = reader.inspect(root, file.path, ShotKind.CLOSEUP)
        outcome = reader.erase(root, file.path, found.sha256)
    if outcome is not EraseOutcome.ERASED or picture.exists():
        raise StationError(ErrorCode.CARD_NOT_VERIFIED, outcome=outcome.value)
    return f"{found.width}x{found.height} read and erased"


def _vault(trial: _Trial) -> str:
    held = _needed(trial.held)
    tester = Operator(new_id(), "Self-test", Role.ADMINISTRATOR)
    secret = suggest_passphrase(tester.name)
    folder = trial.home / "vault"
    made = unlocking.set_up_station(
        folder,
        tester,
        secret,
        new_recovery_key(),
        keystore=None,
    )
    unlocking.lock(made)
    trial.signed_in = signed_in = unlocking.sign_in(folder, made.operator.id, secret, keystore=None)
    vault, operator = signed_in.vault, signed_in.operator
    view = episodes.open_episode(
        vault,
        operator,
        episodes.TypedPatient(
            NhsNumber.parse("9990000018"), "Example", "Selftest", date(1970, 1, 1)
        ),
    )
    episode_id = view.episode.id
    episodes.record_consent(
        vault, operator, episode_id, given=True, form=ConsentForm.VERBAL, secondary_use=False
    )
    view = episodes.save_lesion(
        vault,
        episode_id,
        lesion_id=None,
        site_code=BODY_SITES[0].code,
        side=Side.LEFT,
        history="Self-test.",
        safeguards=Safeguards(is_intimate=False, identifiable=Identifiable.NOTHING),
    )
    capturing.save(vault, held, view.lesions[0], operator, "self-test")
    episodes.save_summary(
        vault, episode_id, histories={}, question="Self-test?", route=Route.ADVICE
    )
    trial.view = reviewing.review(vault, operator, episode_id)
    return f"{len(vault.captures.of_episode(episode_id))} capture sealed and opened"


def _package(trial: _Trial) -> str:
    view, signed_in = _needed(trial.view), _needed(trial.signed_in)
    lost = [character for character in LETTERS if not faces.has_face(character)]
    if lost:
        raise StationError(ErrorCode.PACKAGE_NOT_VERIFIED, letters=len(lost))
    destination = trial.home / "packages"
    destination.mkdir()
    device = DeviceData("self-test", "self-test", "0")  # named, so that DICOM can be tried
    trial.view = packaging.make_package(
        signed_in.vault,
        signed_in.operator,
        view.episode.id,
        destination,
        Practice(device=device),
        options=PackageOptions(Preset.ERS_WEB, dicom=True, fhir=True),
    )
    package = _needed(trial.view.package)
    findings = verify_package(Path(package.folder), package.files)
    if findings:
        raise StationError(ErrorCode.PACKAGE_NOT_VERIFIED, findings=len(findings))
    return ", ".join(f"{file.name} {file.size_bytes} bytes" for file in package.files)


def _wipe(trial: _Trial) -> str:
    view, signed_in = _needed(trial.view), _needed(trial.signed_in)
    certificate = wiping.hand_over(
        signed_in.vault, signed_in.operator, view.episode.id, in_record=True, in_ers=True
    )
    if not certificate.complete or any((trial.home / "packages").rglob("*")):
        raise StationError(ErrorCode.WIPE_INCOMPLETE)
    return f"{len(certificate.items)} items"


def _archive(_trial: _Trial) -> str:
    """Ask an archive that is not there, by each way to one: all of it but the answer is needed."""
    from dermstation.archive.connection import access_of  # noqa: PLC0415 - slow to import
    from dermstation.archive.couriers import courier_of  # noqa: PLC0415
    from dermstation.workflow.archive_check import try_servers  # noqa: PLC0415

    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # and does not listen
        host = f"127.0.0.1:{nobody.getsockname()[1]}"
        node = f"NOBODY@{host}"
        settings = Settings(
            archive_address=f"https://{host}/dicom-web", archive_node=node, worklist_node=node
        )
        found = try_servers(settings, None)
        with courier_of(access_of(settings), ""):
            pass  # the libraries for sending are there
    for trouble in found.values():
        if trouble is None or trouble.code is not ErrorCode.ARCHIVE_UNREACHABLE:
            raise trouble or StationError(ErrorCode.ARCHIVE_ANSWER, partner=host)
    return f"{len(found)} ways"
