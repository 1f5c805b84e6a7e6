"""Measure the live view and the press, on the real window and the real vault; print JSON.

python benchmarks/run.py [--seconds N] [--presses N]

The window is drawn on a virtual X screen where Xvfb is installed, else off screen. Figures:
frame_age_*: from the camera process's clock at a frame to the end of the paint that shows it;
press_saved_*: from the press to both commits of the vault; *_first_picture: from opening the
camera to the first paint; start_to_window: from starting the program to its window.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from statistics import quantiles
from typing import Any

from dermstation.domain.identity import NhsNumber
from dermstation.domain.records import ConsentForm, Operator, Role, new_id
from dermstation.domain.shots import ShotKind
from dermstation.paths import StationPaths
from dermstation.security.passphrases import suggest_passphrase
from dermstation.security.recovery import new_recovery_key
from dermstation.settings import Settings
from dermstation.workflow import capturing, episodes, unlocking
from dermstation.workflow.station import Station, build_station
from dermstation.workflow.unlocking import SignedIn
from dermstation.workflow.walk import EpisodeView

SCREEN = (1366, 768)


def main() -> None:
    """Measure and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0, help="length of the live view")
    parser.add_argument("--presses", type=int, default=40)
    wanted = parser.parse_args()
    server = _virtual_screen()
    try:
        with tempfile.TemporaryDirectory(prefix="dermstation-bench-") as folder:
            report = _measure(Path(folder), wanted.seconds, wanted.presses)
    finally:
        if server is not None:
            server.terminate()
            server.wait()
    print(json.dumps(report, indent=2))


def _measure(folder: Path, seconds: float, presses: int) -> dict[str, Any]:
    start_ms = _start_to_window_ms(folder / "start")
    paths = StationPaths(folder / "station")
    station = build_station(paths, Settings(camera="sim"))
    try:
        signed_in, view = _open_episode(paths, station)
        live = _live_view(station, signed_in, view, seconds)
        press = _presses(station, signed_in, view, presses)
        station.jobs.on_vault(unlocking.lock, signed_in).result()
    finally:
        station.stop()
    return {
        "screen": os.environ.get("DISPLAY", "off screen"),
        "start_to_window_ms": start_ms,
        **live,
        **press,
    }


def _open_episode(paths: StationPaths, station: Station) -> tuple[SignedIn, EpisodeView]:
    def steps() -> tuple[SignedIn, EpisodeView]:
        operator = Operator(new_id(), "Bench", Role.ADMINISTRATOR)
        signed_in = unlocking.set_up_station(
            paths.vault, operator, suggest_passphrase(), new_recovery_key(), keystore=None
        )
        vault = signed_in.vault
        typed = episodes.TypedPatient(
            NhsNumber.parse("9990000018"), "Example", "Bench", date(1970, 1, 1)
        )
        episode_id = episodes.open_episode(vault, operator, typed).episode.id
        episodes.record_consent(
            vault, operator, episode_id, given=True, form=ConsentForm.VERBAL, secondary_use=False
        )
        view = episodes.save_lesion(
            vault, episode_id, lesion_id=None, site_code="43067004", side=None, history=""
        )
        return signed_in, view

    return station.jobs.on_vault(steps).result()


def _live_view(
    station: Station, signed_in: SignedIn, view: EpisodeView, seconds: float
) -> dict[str, Any]:
    from dermstation.app import qt_application
    from dermstation.ui.widgets.live_view import LiveView
    from dermstation.ui.window import StationWindow

    application = qt_application()
    ages_ms: list[float] = []
    shown: set[int] = set()
    window = StationWindow(station)
    paint = LiveView.paintEvent

    def timed_paint(widget: LiveView, event: Any) -> None:
        paint(widget, event)
        frame = window.episodes.capture.frame
        if frame is not None and frame.sequence not in shown:
            shown.add(frame.sequence)
            ages_ms.append((time.perf_counter_ns() - frame.captured_at_ns) / 1e6)

    LiveView.paintEvent = timed_paint  # type: ignore[method-assign]
    window.resize(*SCREEN)
    window.show()
    opened = time.perf_counter()
    window.enter(signed_in)
    window.episodes.show_view(view)
    first_ms = 0.0
    sequences = [0, 0]
    while time.perf_counter() - opened < seconds:
        application.processEvents()
        if ages_ms and not first_ms:
            first_ms = (time.perf_counter() - opened) * 1000
        time.sleep(0.0005)
    sequences = [min(shown), max(shown)]
    link = station.viewfinder.link
    window.episodes.capture.leave()
    LiveView.paintEvent = paint  # type: ignore[method-assign]
    mode = link.status() if link is not None else None
    steady = ages_ms[15:]
    return {
        "mode": f"{mode.width}x{mode.height} at {mode.fps:.0f} fps" if mode else "",
        "camera_open_to_first_picture_ms": round(first_ms),
        "frames_shown": len(shown),
        "frames_not_shown": sequences[1] - sequences[0] + 1 - len(shown),
        "frame_age_p50_ms": _percentile(steady, 50),
        "frame_age_p95_ms": _percentile(steady, 95),
    }


def _presses(
    station: Station, signed_in: SignedIn, view: EpisodeView, presses: int
) -> dict[str, Any]:
    station.viewfinder.aim(ShotKind.DERMOSCOPIC)
    link = station.viewfinder.link
    assert link is not None
    times_ms: list[float] = []
    for _ in range(presses):
        frame = None
        while frame is None:
            frame = link.newest()
        pressed = time.perf_counter()
        held = station.jobs.aside(capturing.hold, frame, ShotKind.DERMOSCOPIC, "bench").result()
        station.jobs.on_vault(
            capturing.save, signed_in.vault, held, view.lesions[0], signed_in.operator, "bench"
        ).result()
        times_ms.append((time.perf_counter() - pressed) * 1000)
    return {
        "presses": presses,
        "stored_bytes": len(held.data),
        "press_saved_p50_ms": _percentile(times_ms, 50),
        "press_saved_p95_ms": _percentile(times_ms, 95),
    }


def _start_to_window_ms(home: Path) -> int | None:
    if "DISPLAY" not in os.environ or shutil.which("xdotool") is None:
        return None
    started = time.perf_counter()
    program = subprocess.Popen(
        [sys.executable, "-m", "dermstation", "--home", str(home), "--camera", "sim"]
    )
    try:
        subprocess.run(
            ["xdotool", "search", "--sync", "--onlyvisible", "--name", "^dermstation"],
            check=True,
            stdout=subprocess.DEVNULL,
            timeout=60,
        )
        return round((time.perf_counter() - started) * 1000)
    finally:
        program.kill()
        program.wait()


def _virtual_screen() -> subprocess.Popen[bytes] | None:
    if shutil.which("Xvfb") is None:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        return None
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{SCREEN[0]}x{SCREEN[1]}x24"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as number:
        os.environ["DISPLAY"] = f":{number.readline().strip()}"
    os.environ["QT_QPA_PLATFORM"] = "xcb"
    return server


def _percentile(values: list[float], percent: int) -> float:
    return round(quantiles(values, n=100, method="inclusive")[percent - 1], 1)


if __name__ == "__main__":
    main()
