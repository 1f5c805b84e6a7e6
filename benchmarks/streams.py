"""A camera on the loopback: MJPEG over HTTP at 30 frames a second, served by a separate process.

The frames show the pictures in the data folder beside the project if there are any, otherwise the
simulated dermatoscope's scene. The view moves over them like a hand, so that no two are equal. The
JPEGs are as cameras make them: 4:2:2, quality 88.
"""

import argparse
import http.server
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

PICTURES = Path(__file__).parents[2] / "shared" / "data" / "dermoscopic"
FPS = 30
FRAMES = 48
QUALITY = 88
_MOST_PICTURES = 6
_TRAVEL_PX = 24


@contextmanager
def served(width: int, height: int) -> Iterator[str]:
    """Serve a stream while the block runs, and yield its address."""
    command = [sys.executable, "-m", "benchmarks.streams", str(width), str(height)]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1]
    )
    try:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}/"
    finally:
        process.kill()
        process.wait()


def frames(width: int, height: int, most_scenes: int = _MOST_PICTURES) -> list[bytes]:
    """Return the frames of a stream as JPEG, of so many scenes at most."""
    made = []
    scenes = _scenes(width + _TRAVEL_PX, height + _TRAVEL_PX)[:most_scenes]
    for number in range(FRAMES):
        scene = scenes[number * len(scenes) // FRAMES]
        x = round(_TRAVEL_PX / 2 * (1 + np.sin(number * 0.7)))
        y = round(_TRAVEL_PX / 2 * (1 + np.cos(number * 0.51)))
        view = scene[y : y + height, x : x + width]
        options = [
            cv2.IMWRITE_JPEG_QUALITY,
            QUALITY,
            cv2.IMWRITE_JPEG_SAMPLING_FACTOR,
            cv2.IMWRITE_JPEG_SAMPLING_FACTOR_422,
        ]
        made.append(cv2.imencode(".jpg", view, options)[1].tobytes())
    return made


def _scenes(width: int, height: int) -> list[NDArray[np.uint8]]:
    files = sorted(PICTURES.glob("*.jpg"))[:_MOST_PICTURES]
    if files:
        read = (cv2.imread(str(file)) for file in files)
        sized = [cv2.resize(one, (width, height), interpolation=cv2.INTER_CUBIC) for one in read]
        rng = np.random.default_rng(1)
        return [
            np.clip(one + rng.normal(0, 1.2, one.shape), 0, 255).astype(np.uint8) for one in sized
        ]
    from dermstation.camera.sources.simulated.knobs import Knobs
    from dermstation.camera.sources.simulated.scenes import SceneKey, render

    scene = render(SceneKey.of(Knobs(), width, height))
    return [np.asarray(scene[:height, :width])]


def _serve(width: int, height: int) -> None:
    parts = [
        b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n%b\r\n" % (len(one), one)
        for one in frames(width, height)
    ]

    class Camera(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
            self.end_headers()
            due_s, number = time.perf_counter(), 0
            try:
                while True:
                    self.wfile.write(parts[number % len(parts)])
                    number += 1
                    due_s = max(due_s + 1 / FPS, time.perf_counter() - 1 / FPS)
                    time.sleep(max(0.0, due_s - time.perf_counter()))
            except OSError:  # the reader has disconnected
                return

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Camera)
    server.daemon_threads = True
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("width", type=int)
    parser.add_argument("height", type=int)
    wanted = parser.parse_args()
    _serve(wanted.width, wanted.height)
