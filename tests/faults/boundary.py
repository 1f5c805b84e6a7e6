"""The row for processes and streams that are hostile: what they send has no effect on the station.

`python -m tests.faults.boundary --messages N --streams N` prints one JSON object. It runs in a
process of its own, because it starts others.

Messages and numbers in the ring come as from a camera process that was taken over. Streams come to
a real camera process from a server; the part of the window is played by a loop that does for each
frame what the window does, and is measured by its own processor time. How long one step took is
judged only with `--judge-time`, against the time that this machine takes to decode a picture.
"""

import argparse
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from dermstation.camera import child as child_module
from dermstation.camera.card.answers import listing_of
from dermstation.camera.child_pipe import ChildPipe, MalformedMessageError
from dermstation.camera.frames import Encoding
from dermstation.camera.layout import ENTRIES
from dermstation.camera.link import CameraLink
from dermstation.camera.messages import LONGEST_REPORT, report_of, settled_spec
from dermstation.camera.ring import FrameRing
from dermstation.camera.source import RawFrame
from dermstation.camera.spec import parse_camera
from dermstation.domain.errors import StationError
from dermstation.workflow.preview import Preview
from dermstation.workflow.scoring import pixels_of
from tests.faults import hostile_streams
from tests.unit.camera import hostile
from tests.unit.camera.servers import Handler, server

_ROOT = Path(__file__).parents[2]
_PATIENCE_S = 60.0
_LONGEST_STEP_MS = 250.0
_USUAL_DECODING_MS = 12.0  # of a plain picture of 1600 x 1200, on the machine of the promise
_STEP_EVERY_S = 0.004


def run(root: Path, messages: int, streams: int, *, judge_time: bool) -> tuple[int, list[str], Any]:
    """Run this module in a process of its own; return the tries, the bad ones and the figures."""
    command = [sys.executable, "-m", "tests.faults.boundary"]
    command += ["--messages", str(messages), "--streams", str(streams)]
    command += ["--judge-time", "--processes"] if judge_time else []
    variables = {key: value for key, value in os.environ.items() if key != "LD_PRELOAD"}
    variables[hostile.MARK] = str(root / "mark")
    done = subprocess.run(
        command, cwd=_ROOT, env=variables, stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode or not done.stdout:
        return 0, [f"the row ended with {done.returncode}"], {}
    found = json.loads(done.stdout)
    return found["tried"], found["bad"], found["facts"]


def _messages(count: int) -> tuple[list[str], int]:
    """Send hostile messages through a pipe; return what went wrong and how many were refused."""
    bad, refused = [], 0
    spec = parse_camera("auto")
    context = multiprocessing.get_context("spawn")
    for number, message in enumerate(hostile.messages(count)):
        pipe = ChildPipe(context)
        pipe.theirs.send_bytes(message)
        try:
            if pipe.has_message(_PATIENCE_S, LONGEST_REPORT):
                report = report_of(pipe.take(LONGEST_REPORT))
                if report.settled is not None:
                    settled_spec(spec, report.settled)
        except MalformedMessageError:
            refused += 1
        except Exception as error:  # noqa: BLE001 - this is what must not happen
            bad.append(f"message {number}: {error!r}")
        pipe.close()
        pipe.theirs.close()
        try:
            listing_of(message)
        except MalformedMessageError:
            continue
        except Exception as error:  # noqa: BLE001
            bad.append(f"answer {number}: {error!r}")
    return bad, refused


def _numbers(count: int) -> list[str]:
    """Write hostile numbers into the ring and read from it; return what went wrong."""
    bad = []
    ring = FrameRing.create(64, 48, arena_bytes=0)
    chance = np.random.default_rng(65)
    edges = np.array([0, 1, -1, 2, 3, 48, 64, 9216, 2**31, 2**40, 2**62, -(2**62), -(2**63)])
    for number in range(count):
        row = ring._table[number % ENTRIES]
        row[:] = chance.choice(edges, row.size)
        row[0], row[1] = 0, number
        header = ring._open_header()
        header[:] = chance.choice(edges, header.size)
        header[0] = number if number % 3 else chance.choice(edges)
        try:
            ring.newest_stamp()
            ring.last_beat()
            for sequence in ring.sequences_between(0, 2**62):
                ring.frame(sequence)
            if (frame := ring.newest()) is not None:
                pixels_of(frame)
        except StationError:
            continue
        except Exception as error:  # noqa: BLE001
            bad.append(f"ring {number}: {error!r}")
    ring.mend()
    return bad if ring.is_sound else [*bad, "the ring was not mended"]


def _processes() -> list[str]:
    """Let camera processes break rules; return those after which no picture came."""
    bad = []
    for taken_over in hostile.BREAK_A_RULE:
        with ExitStack() as stack:
            with patch.object(child_module, "run_camera", taken_over):
                link = stack.enter_context(CameraLink(parse_camera("sim"), width=320, height=240))
                replaced = _within(lambda link=link: link.status().restarts > 0)  # type: ignore[misc]
            if not replaced or not _within(lambda link=link: link.newest() is not None):  # type: ignore[misc]
                bad.append(f"{taken_over.__name__}: no picture after it")
    return bad


class _Window:
    """Does for each frame what the window does, and notes the longest step."""

    def __init__(self, link: CameraLink) -> None:
        self._link = link
        self._preview = Preview()
        self._last = -1
        self.longest_ms = 0.0
        self.seen = 0
        self.bad: list[str] = []

    def step(self) -> None:
        """Take one look."""
        began_s = time.thread_time()
        self._link.status()
        frame = self._link.newest(self._last)
        if frame is not None:
            self._last = frame.sequence
            self.seen += 1
            if frame.encoding is not Encoding.BGR:
                self.bad.append("a packet of the network reached the window")
            try:
                self._preview.picture_and_luma(frame, 2)
            except StationError:
                pass
            except Exception as error:  # noqa: BLE001
                self.bad.append(f"frame: {error!r}")
        self.longest_ms = max(self.longest_ms, (time.thread_time() - began_s) * 1000)


def _streams(count: int) -> tuple[list[str], dict[str, Any], float]:
    """Serve hostile streams to a real camera process while a window looks at it."""
    waiting = hostile_streams.streams(count)
    waiting.reverse()
    served = []

    def answer(handler: Handler) -> None:
        if not waiting:
            hostile_streams.good(handler)
            return
        name, stream = waiting.pop()
        served.append(name)
        handler.close_connection = True
        stream(handler)

    with server(answer) as (port, _):
        camera = parse_camera(f"http://127.0.0.1:{port}/")
        with CameraLink(camera, width=1600, height=1200) as link:
            window = _Window(link)
            stuck = ""
            while waiting and not stuck:
                left = len(waiting)
                if not _within(lambda left=left: len(waiting) < left, window.step):  # type: ignore[misc]
                    stuck = served[-1]
            before = window.seen
            came_back = _within(lambda: window.seen > before + 5, window.step)
            restarts = link.status().restarts
    bad = list(window.bad)
    bad += [f"{stuck}: no further connection"] if stuck else []
    bad += [] if came_back else ["no picture after all of them"]
    facts = {"pictures": window.seen, "restarts": restarts}
    return bad, facts, window.longest_ms


def _within(condition: Callable[[], object], meanwhile: Callable[[], object] = int) -> bool:
    """Wait for a condition; return whether it became true."""
    ends_at = time.monotonic() + _PATIENCE_S
    while not condition():
        if time.monotonic() > ends_at:
            return False
        meanwhile()
        time.sleep(_STEP_EVERY_S)
    return True


def _decoding_ms() -> float:
    """Return the processor time that decoding one plain picture takes here, at its least."""
    packet = np.frombuffer(hostile_streams.PLAIN, np.uint8)
    ring = FrameRing.create(*hostile_streams.SIZE)
    size = hostile_streams.SIZE
    ring.put(RawFrame(time.perf_counter_ns(), Encoding.JPEG, *size, packet))
    frame = ring.newest()
    ring.close()
    assert frame is not None
    times = []
    for _ in range(9):
        began_s = time.thread_time()
        Preview().picture_and_luma(frame, 2)
        times.append((time.thread_time() - began_s) * 1000)
    return min(times)


def main() -> None:
    """Run what the command line asks for and print the result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=600)
    parser.add_argument("--streams", type=int, default=17)
    parser.add_argument("--judge-time", action="store_true")
    parser.add_argument("--processes", action="store_true", help="those of the unit tests too")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        mark = Path(os.environ.setdefault(hostile.MARK, str(Path(made) / "mark")))
        bad, refused = _messages(wanted.messages)
        bad += _numbers(wanted.messages)
        if wanted.processes:
            bad += _processes()
        from_streams, facts, longest_ms = _streams(wanted.streams)
        bad += from_streams
        if mark.exists():
            bad.append("a message was unpickled")
    allowed_ms = _LONGEST_STEP_MS * max(1.0, _decoding_ms() / _USUAL_DECODING_MS)
    if wanted.judge_time and longest_ms > allowed_ms:
        bad.append(f"the window stood still for {longest_ms:.0f} ms")
    facts |= {
        "messages": wanted.messages,
        "refused": refused,
        "streams": wanted.streams,
        "longest_step_ms": round(longest_ms, 1),
        "allowed_ms": round(allowed_ms),
    }
    tried = 2 * wanted.messages + wanted.streams
    sys.stdout.write(json.dumps({"tried": tried, "bad": bad, "facts": facts}) + "\n")


if __name__ == "__main__":
    main()
