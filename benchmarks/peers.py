"""Show the same stream in other programs, in the same run: CPU time for each frame they show.

The programs are ffplay, gst-launch-1.0 and a plain cv2.imshow loop, each scaled to the size at
which the station's window shows the stream. A program that is not installed is left out, with a
note. cv2.imshow needs OpenCV's wheel with a window, which the station does not use: set
DERMSTATION_BENCH_CV2_PYTHON to a Python that has it.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import time
from typing import Any

import psutil

from benchmarks.bare import bare_ms_per_frame
from benchmarks.streams import FPS, served

SHOWN = (751, 563)
_SETTLING_S = 2.0
_FFPLAY_TELLS = r"(\d+\.\d+) (?:M-V|A-V|  ).*?fd=\s*(\d+)"
IMSHOW = """
import json, sys, time
import cv2
video = cv2.VideoCapture(sys.argv[1], cv2.CAP_FFMPEG)
began, cpu, frames = time.perf_counter(), 0.0, 0
settled = False
while time.perf_counter() - began < float(sys.argv[2]) + 2:
    good, image = video.read()
    if not good:
        break
    cv2.imshow("peer", cv2.resize(image, (751, 563)))
    cv2.waitKey(1)
    if not settled and time.perf_counter() - began > 2:
        settled, cpu, frames = True, time.process_time(), 0
    frames += 1
print(json.dumps((time.process_time() - cpu) * 1000 / frames))
"""


def measure_peers(seconds: float) -> dict[str, Any]:
    """Measure each installed program, and the bare loop, over one stream of 1600 x 1200."""
    with served(1600, 1200) as url:
        return {
            "bare cv2 read loop, nothing shown": round(bare_ms_per_frame(url, seconds), 2),
            "cv2.imshow": _imshow(url, seconds),
            "ffplay": _ffplay(url, seconds),
            "gst-launch-1.0": _gstreamer(url, seconds),
        }


def _imshow(url: str, seconds: float) -> float | str:
    python = os.environ.get("DERMSTATION_BENCH_CV2_PYTHON")
    if not python or "DISPLAY" not in os.environ:
        return "left out: DERMSTATION_BENCH_CV2_PYTHON or a display is missing"
    environment = {name: value for name, value in os.environ.items() if name != "QT_QPA_PLATFORM"}
    done = subprocess.run(
        [python, "-c", IMSHOW, url, str(seconds)],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    if done.returncode != 0:
        return "left out: it did not run"
    return round(float(json.loads(done.stdout.splitlines()[-1])), 2)


def _ffplay(url: str, seconds: float) -> float | str:
    if shutil.which("ffplay") is None or "DISPLAY" not in os.environ:
        return "left out: ffplay or a display is missing"
    width, height = map(str, SHOWN)
    command = ["ffplay", "-hide_banner", "-f", "mpjpeg", "-an", "-x", width, "-y", height, url]
    cpu_ms, said = _watched([*command, "-stats"], seconds)
    # ffplay's clock, and how many frames it had dropped by then
    told = [(float(at), int(count)) for at, count in re.findall(_FFPLAY_TELLS, said)]
    if not told:
        return "left out: it printed nothing"
    ended_at, dropped = told[-1]
    before = next((count for at, count in reversed(told) if at <= ended_at - seconds), 0)
    return _per_frame(cpu_ms, seconds, dropped - before)


def _gstreamer(url: str, seconds: float) -> float | str:
    if shutil.which("gst-launch-1.0") is None or "DISPLAY" not in os.environ:
        return "left out: gst-launch-1.0 or a display is missing"
    width, height = SHOWN
    command = ["gst-launch-1.0", "souphttpsrc", f"location={url}", "!", "multipartdemux"]
    command += ["!", "jpegdec", "!", "videoconvert", "!", "videoscale", "!"]
    command += [f"video/x-raw,width={width},height={height}", "!", "ximagesink", "sync=false"]
    cpu_ms, said = _watched(command, seconds)
    if "no element" in said or "ERROR" in said:
        return "left out: a plugin is missing"
    return _per_frame(cpu_ms, seconds, 0)  # without sync it shows every frame


def _watched(command: list[str], seconds: float) -> tuple[float, str]:
    """Run a program for a while; return the CPU ms it took once settled, and its output."""
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL
    )
    try:
        watched = psutil.Process(process.pid)
        time.sleep(_SETTLING_S)
        before = watched.cpu_times()
        time.sleep(seconds)
        after = watched.cpu_times()
        cpu_s = after.user + after.system - before.user - before.system
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=10)
    except (psutil.Error, subprocess.TimeoutExpired):
        process.kill()
        said, _ = process.communicate()
        cpu_s = 0.0
    return cpu_s * 1000, said.decode("utf-8", "replace")


def _per_frame(cpu_ms: float, seconds: float, dropped: int) -> float | str:
    """Return the CPU ms for each frame shown, or why there is no figure."""
    shown = seconds * FPS - dropped
    if cpu_ms == 0 or shown <= 0:
        return "left out: it ended by itself"
    return round(cpu_ms / shown, 2)
