"""The plain loop that the live view is compared with: cv2.VideoCapture.read() and nothing else.

Runs as a separate process and prints the CPU time of all its threads, in ms for each frame.
"""

import json
import subprocess
import sys
import time
from pathlib import Path

import cv2

_SETTLING_FRAMES = 30


def bare_ms_per_frame(url: str, seconds: float) -> float:
    """Run the loop over a stream in a separate process; return its CPU ms for each frame."""
    command = [sys.executable, "-m", "benchmarks.bare", url, str(seconds)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1]
    )
    return float(json.loads(done.stdout)["cpu_ms_per_frame"])


def _loop(url: str, seconds: float) -> dict[str, float]:
    video = cv2.VideoCapture(url, cv2.CAP_FFMPEG)
    for _ in range(_SETTLING_FRAMES):
        video.read()
    began_s, cpu_s, frames = time.perf_counter(), time.process_time(), 0
    while time.perf_counter() - began_s < seconds:
        good, _ = video.read()
        assert good, "the stream ended"
        frames += 1
    return {"cpu_ms_per_frame": (time.process_time() - cpu_s) * 1000 / frames}


if __name__ == "__main__":
    print(json.dumps(_loop(sys.argv[1], float(sys.argv[2]))))
