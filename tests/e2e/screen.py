"""A virtual screen with the real program on it, driven by real key presses and clicks.

The program's internals are not used: what it shows is read from the window's title and from the
pixels of the screen, as a person would see them.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import cv2
import numpy as np
import psutil
from numpy.typing import NDArray

import dermstation
from tests.e2e.closing import ask_to_close

PATIENCE_S = 60.0
ASKED_AGAIN_S = 5.0
PRESSED_AGAIN_S = 2.0
POLL_S = 0.02
SLOWEST_POLL_S = 0.25
JOURNAL_HEADER_BYTES = 28  # all zero when SQLite has committed
SOURCE_FOLDER = Path(dermstation.__file__).parents[1]
# Nothing of this machine's desktop, keystore or settings may reach the program.
_NOT_PASSED_ON = ("QT_", "WAYLAND", "DBUS_", "XDG_", "DERMSTATION_", "KDE_", "GNOME_", "PYTHON")


def missing_tools() -> list[str]:
    """Return the programs that a virtual screen needs and this machine lacks."""
    return [tool for tool in ("Xvfb", "xdotool") if shutil.which(tool) is None]


def clean_environment(scratch: Path) -> dict[str, str]:
    """Return the environment of a user who has only a home and a folder for temporary files.

    Both are in `scratch`, so that everything a program leaves in them can be searched.
    """
    for name in ("user", "tmp"):
        (scratch / name).mkdir(parents=True, exist_ok=True)
    clean = {
        name: value for name, value in os.environ.items() if not name.startswith(_NOT_PASSED_ON)
    }
    return {
        **clean,
        **dict.fromkeys(("HOME", "USERPROFILE"), str(scratch / "user")),
        **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(scratch / "tmp")),
        "PYTHONPATH": str(SOURCE_FOLDER),
        "PYTHONDONTWRITEBYTECODE": "1",
    }


class Screen:
    """Xvfb at a given size, and one dermstation window that fills it.

    What the program leaves outside its own home is below `scratch`.
    """

    def __init__(self, scratch: Path, width: int = 1366, height: int = 768) -> None:
        self.scratch, self.width, self.height = scratch, width, height
        self.titles: set[str] = set()
        self.program: subprocess.Popen[bytes] | None = None
        self.log = scratch / "printed.txt"
        self._window_id = ""
        self._frames = scratch / "framebuffer"
        self._frames.mkdir(parents=True)
        reading, writing = os.pipe()
        self._server = subprocess.Popen(
            [
                # without -noreset the server resets whenever its only client leaves
                *("Xvfb", "-displayfd", str(writing), "-nolisten", "tcp", "-noreset"),
                *("-screen", "0", f"{width}x{height}x24", "-fbdir", str(self._frames)),
            ],
            pass_fds=[writing],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(writing)
        with os.fdopen(reading) as number:
            self.display = f":{number.readline().strip()}"

    def start(
        self, home: Path, *arguments: str, environment: Mapping[str, str] | None = None
    ) -> None:
        """Start the program with its own home."""
        self._window_id = ""
        with self.log.open("ab") as printed:
            self.program = subprocess.Popen(
                [sys.executable, "-m", "dermstation", "--home", str(home), *arguments],
                env={
                    **clean_environment(self.scratch),
                    "DISPLAY": self.display,
                    **(environment or {}),
                },
                stdout=printed,
                stderr=subprocess.STDOUT,
            )
        self.point(0, 0)

    def output(self) -> str:
        """Return everything the program printed so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def family(self) -> list[psutil.Process]:
        """Return the program and the processes it started."""
        if self.program is None or self.program.poll() is not None:
            return []
        parent = psutil.Process(self.program.pid)
        return [parent, *parent.children(recursive=True)]

    def shared_memory(self) -> set[Path]:
        """Return the shared memory of the program and its processes, with or without a name."""
        mapped = set()
        for process in self.family():
            with suppress(psutil.NoSuchProcess):  # the camera process may end at any time
                mapped |= {Path(one.path) for one in process.memory_maps()}
        return {
            path
            for path in mapped
            if path.is_relative_to("/dev/shm") or path.name.startswith("memfd:dermstation")
        }

    def kill(self) -> None:
        """Kill the program as a power cut would, and wait until all its processes have ended.

        All are stopped first: none of them lives to see another one end, and to act on it.
        """
        assert self.program is not None
        for process in self.family():
            with suppress(psutil.NoSuchProcess):
                process.suspend()
        started = self.family()[1:]
        self.program.kill()
        for process in started:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self.program.wait()
        _, left = psutil.wait_procs(started, timeout=PATIENCE_S)
        assert not left, f"outlived the program: {left}"

    def wait_for_end(self, patience_s: float = PATIENCE_S) -> int:
        """Wait until the program ends on its own and return its exit status."""
        assert self.program is not None
        return self.program.wait(patience_s)

    def close(self) -> None:
        """End program and screen."""
        if self.program is not None and self.program.poll() is None:
            self.kill()
        self._server.terminate()
        self._server.wait()

    def quit(self) -> int:
        """Close the window as its frame's button would; return the program's exit status.

        If something is left to be done, the window says so first and closes at the second request.
        """
        deadline = time.monotonic() + PATIENCE_S
        while True:
            if self.title():  # otherwise the window is gone and the program is about to end
                ask_to_close(self.display, int(self._window()))
            try:
                return self.wait_for_end(ASKED_AGAIN_S)
            except subprocess.TimeoutExpired:
                if time.monotonic() > deadline:
                    raise

    def key(self, *names: str) -> None:
        """Press keys, given by their X names, one after another as fast as they can be sent."""
        self._xdotool("key", "--delay", "0", *names)

    def press_until(self, page: str) -> None:
        """Press Enter until a page is shown: a button that was just shown reacts after a moment.

        Presses come apart, so that none of them waits for the page that follows.
        """
        pressed_at = 0.0

        def is_shown() -> bool:
            nonlocal pressed_at
            shown = self.title().endswith(page)
            if not shown and time.monotonic() - pressed_at > PRESSED_AGAIN_S:
                self.key("Return")
                pressed_at = time.monotonic()
            return shown

        self.wait(is_shown, page)

    def type(self, text: str) -> None:
        """Type a text."""
        self._xdotool("type", "--delay", "4", text)

    def fill(self, *texts: str) -> None:
        """Type each text into its field and move to the next field with Tab."""
        for text in texts:
            self.type(text)
            self.key("Tab")

    def point(self, x: int, y: int) -> None:
        """Move the mouse."""
        self._xdotool("mousemove", str(x), str(y))

    def click(self, x: int, y: int) -> None:
        """Click with the left button."""
        self._xdotool("mousemove", str(x), str(y), "click", "1")

    def title(self) -> str:
        """Return the title of the program's window, empty if there is none."""
        window = self._window()
        title = self._xdotool("getwindowname", window, check=False).strip() if window else ""
        if not title:
            self._window_id = ""  # after a lock, another process shows another window
        self.titles.add(title)
        return title

    def wait_for_page(self, *names: str) -> None:
        """Wait until the window shows one of these pages, then give it the keyboard."""
        self.wait(
            lambda: self.title().endswith(names),
            lambda: f"the page {names}, not {self.title()!r}",
            most_s=SLOWEST_POLL_S,  # each look at the title is a process
        )
        self._xdotool("windowfocus", "--sync", self._window())

    def wait(
        self, condition: Callable[[], bool], what: str | Callable[[], str], most_s: float = POLL_S
    ) -> None:
        """Wait for a condition; if it never becomes true, fail and save a picture of the screen.

        What takes long is looked at ever more seldom, after `most_s` at the latest.
        """
        began_at = time.monotonic()
        while not condition():
            ended = self.program is not None and self.program.poll() is not None
            waited_s = time.monotonic() - began_at
            if ended or waited_s > PATIENCE_S:
                seen = self.save_picture("failed")
                words = what() if callable(what) else what
                raise AssertionError(f"waited in vain for {words} ({seen}); {self.output()}")
            time.sleep(max(POLL_S, min(waited_s / 10, most_s)))

    def wait_for_commit(self, index: Path, before: bytes, rest_s: float = 2.0) -> None:
        """Wait until the index differs from `before`, is committed and no longer changes.

        A key that was typed earlier may still be on its way into the index, and a change that is
        not committed is taken back after a power cut.
        """
        journal = index.with_name(index.name + "-journal")
        seen, since = before, time.monotonic()

        def is_committed() -> bool:
            nonlocal seen, since
            now = index.read_bytes()
            if now != seen or any(journal.read_bytes()[:JOURNAL_HEADER_BYTES]):
                seen, since = now, time.monotonic()
            return now != before and time.monotonic() - since > rest_s

        self.wait(is_committed, f"a commit in {index.name}")

    def picture(self) -> NDArray[np.uint8]:
        """Return what the screen shows, height x width x 3, BGR: it changes as the screen does.

        Xvfb keeps it in XWD format.
        """
        data = np.memmap(self._frames / "Xvfb_screen0", np.uint8, "r")
        header = data[:100].view(">u4")
        width, height, stride, colours = (int(header[place]) for place in (4, 5, 12, 19))
        start = int(header[0]) + colours * 12
        rows = data[start : start + height * stride].reshape(height, stride)
        return rows[:, : width * 4].reshape(height, width, 4)[:, :, :3]

    def save_picture(self, name: str) -> Path:
        """Save what the screen shows now, for a person to look at."""
        file = self.scratch / f"{name}.png"
        cv2.imwrite(str(file), self.picture().copy())
        return file

    def _window(self) -> str:
        if not self._window_id:
            found = self._xdotool("search", "--onlyvisible", "--name", "^dermstation", check=False)
            self._window_id = found.split()[0] if re.match(r"\d+", found) else ""
        return self._window_id

    def _xdotool(self, *arguments: str, check: bool = True) -> str:
        done = subprocess.run(
            ["xdotool", *arguments],
            env={**os.environ, "DISPLAY": self.display},
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_S,
        )
        if check and done.returncode != 0:
            raise AssertionError(f"xdotool {arguments[0]}: {done.stderr}")
        return done.stdout
