"""Measure the live view and the press, on the real window and the real vault; print JSON.

python benchmarks/run.py [--seconds N] [--presses N] [--camera CAMERA ...]

The window is drawn on a virtual X screen where Xvfb is installed, else off screen. Times in ms:
frame_age: from the camera process's clock at a frame to the end of the paint that shows it, the
window's picture handed to the X server; of simulated JPEG packets it holds their encoding too.
press_saved: from the press to both commits of the vault, half of it (hold) making and judging the
picture, half (save) storing it; plain_write: the same bytes written to a file and synced, its
folder too. camera_to_first_picture: from opening the camera to the end of its first paint.
start_to_window: from starting the program, its files in the cache, to its window on the screen.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median, quantiles
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
CAMERAS = ("sim", "sim:jpeg=1")
STARTS = 5
SETTLING_FRAMES = 15  # the first pictures come while the page is still being laid out
PATIENCE_S = 60.0
SCRATCH = Path(__file__).parents[1] / "bench-out"  # a disk: /tmp may be memory


def main() -> None:
    """Measure and print one JSON object."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=20.0, help="length of each live view")
    parser.add_argument("--presses", type=int, default=40)
    parser.add_argument("--camera", action="append", help=f"default: {' and '.join(CAMERAS)}")
    wanted = parser.parse_args()
    SCRATCH.mkdir(exist_ok=True)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program is compiled
    server = _virtual_screen()
    try:
        report = {
            "screen": f"{SCREEN[0]}x{SCREEN[1]}, {'Xvfb' if server else 'off screen'}",
            "processors": os.cpu_count(),
            "start_to_window": _start_to_window(),
            "cameras": {
                camera: _of_camera(camera, wanted.seconds, wanted.presses)
                for camera in wanted.camera or CAMERAS
            },
        }
    finally:
        if server is not None:
            server.terminate()
            server.wait()
    print(json.dumps(report, indent=2))


def _of_camera(camera: str, seconds: float, presses: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(dir=SCRATCH) as folder:
        paths = StationPaths(Path(folder) / "station")
        station = build_station(paths, Settings(camera=camera), demo=True)
        try:
            signed_in, view = _open_episode(paths, station)
            live = _live_view(station, signed_in, view, seconds)
            press = _presses(station, signed_in, view, presses, Path(folder))
            station.jobs.on_vault(unlocking.lock, signed_in).result()
        finally:
            station.stop()
    return {**live, **press}


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
    from PySide6.QtCore import QEvent, QEventLoop, QTimer

    from dermstation.app import qt_application
    from dermstation.ui.pages.home import HomePage
    from dermstation.ui.widgets.live_view import LiveView
    from dermstation.ui.window import StationWindow

    application = qt_application()
    ages_ms: list[float] = []
    shown: list[int] = []
    painted: list[Any] = []
    first_at: list[float] = []

    class MeasuredWindow(StationWindow):
        """Notes the instant at which a paint is over and its picture with the X server."""

        def event(self, event: QEvent) -> bool:
            done = super().event(event)
            if event.type() == QEvent.Type.UpdateRequest:
                for frame in painted:
                    shown.append(frame.sequence)
                    ages_ms.append((time.perf_counter_ns() - frame.captured_at_ns) / 1e6)
                    first_at.append(time.perf_counter())
                painted.clear()
            return done

    window = MeasuredWindow(station)
    paint = LiveView.paintEvent

    def noted_paint(widget: LiveView, event: Any) -> None:
        paint(widget, event)
        frame = window.episodes.capture.frame
        if frame is not None and frame.sequence > (shown[-1] if shown else -1):
            painted[:] = [frame]

    LiveView.paintEvent = noted_paint  # type: ignore[method-assign]
    try:
        window.resize(*SCREEN)
        window.show()
        window.enter(signed_in)
        _until(lambda: isinstance(window.shell.page, HomePage), application.processEvents)
        opened = time.perf_counter()
        window.episodes.show_view(view)
        _until(lambda: bool(shown), application.processEvents)
        loop = QEventLoop()
        QTimer.singleShot(round(seconds * 1000), loop.quit)
        loop.exec()
        link = station.viewfinder.link
        assert link is not None
        status = link.status()
        window.episodes.capture.leave()  # the camera goes on, for the presses
        window.hide()
    finally:
        LiveView.paintEvent = paint  # type: ignore[method-assign]
    assert len(shown) > 2 * SETTLING_FRAMES, shown
    steady = shown[SETTLING_FRAMES:]
    return {
        "mode": f"{status.width}x{status.height}, {status.fps:.0f} fps",
        "camera_to_first_picture_ms": round((first_at[0] - opened) * 1000),
        "frames_shown": len(steady),
        "frames_not_shown": steady[-1] - steady[0] + 1 - len(steady),
        "frame_age": _spread(ages_ms[SETTLING_FRAMES:]),
    }


def _presses(
    station: Station, signed_in: SignedIn, view: EpisodeView, presses: int, folder: Path
) -> dict[str, Any]:
    link = station.viewfinder.link
    assert link is not None
    kinds = ("press_saved", "hold", "save", "plain_write")
    times_ms: dict[str, list[float]] = {kind: [] for kind in kinds}
    stored: list[int] = []
    sequence = -1
    for number in range(presses):
        while (frame := link.newest(after_sequence=sequence)) is None:
            time.sleep(0.001)
        sequence = frame.sequence
        pressed = time.perf_counter()
        held = station.jobs.aside(capturing.hold, frame, ShotKind.DERMOSCOPIC, "bench").result()
        reviewed = time.perf_counter()
        station.jobs.on_vault(
            capturing.save, signed_in.vault, held, view.lesions[0], signed_in.operator, "bench"
        ).result()
        saved = time.perf_counter()
        _plain_write(folder / f"{number}.plain", held.data)
        times_ms["plain_write"].append((time.perf_counter() - saved) * 1000)
        times_ms["press_saved"].append((saved - pressed) * 1000)
        times_ms["hold"].append((reviewed - pressed) * 1000)
        times_ms["save"].append((saved - reviewed) * 1000)
        stored.append(len(held.data))
    return {
        "presses": presses,
        "stored_bytes": round(median(stored)),
        **{kind: _spread(values) for kind, values in times_ms.items()},
    }


def _plain_write(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    if sys.platform != "win32":
        folder = os.open(path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)


def _start_to_window() -> dict[str, float] | None:
    if "DISPLAY" not in os.environ or shutil.which("xdotool") is None:
        return None
    times_ms = []
    for _ in range(STARTS + 1):
        with tempfile.TemporaryDirectory(dir=SCRATCH) as home:
            times_ms.append(_one_start_ms(Path(home)))
    return _spread(times_ms[1:])  # the first fills the cache


def _one_start_ms(home: Path) -> float:
    # not `search --sync`: that looks only twice a second
    search = ["xdotool", "search", "--onlyvisible", "--name", "^dermstation"]
    started = time.perf_counter()
    program = subprocess.Popen(
        [sys.executable, "-m", "dermstation", "--home", str(home), "--camera", "sim"],
        stdout=subprocess.DEVNULL,
    )
    try:
        while subprocess.run(search, capture_output=True, check=False).returncode != 0:
            assert program.poll() is None, "the program ended"
        return (time.perf_counter() - started) * 1000
    finally:
        program.kill()
        program.wait()


def _until(condition: Callable[[], bool], meanwhile: Callable[[], object] = lambda: None) -> None:
    ends_at = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > ends_at:
            raise TimeoutError
        meanwhile()
        time.sleep(0.001)


def _virtual_screen() -> subprocess.Popen[bytes] | None:
    if shutil.which("Xvfb") is None:
        os.environ.pop("DISPLAY", None)
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        return None
    reading, writing = os.pipe()
    screen = f"{SCREEN[0]}x{SCREEN[1]}x24"
    server = subprocess.Popen(
        [
            "Xvfb",
            "-displayfd",
            str(writing),
            "-screen",
            "0",
            screen,
            "-nolisten",
            "tcp",
            "-noreset",
        ],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as number:
        os.environ["DISPLAY"] = f":{number.readline().strip()}"
    os.environ["QT_QPA_PLATFORM"] = "xcb"
    return server


def _spread(values: list[float]) -> dict[str, float]:
    """Give the middle and the 95th of a hundred."""
    p95 = quantiles(values, n=100, method="inclusive")[94]
    return {"p50_ms": round(median(values), 1), "p95_ms": round(p95, 1)}


if __name__ == "__main__":
    main()
