"""A virtual screen with the real program on it, driven by real key presses and clicks."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

PATIENCE_S = 60.0


def missing_tools() -> list[str]:
    """Name the programs that a virtual screen needs and this machine lacks."""
    return [tool for tool in ("Xvfb", "xdotool") if shutil.which(tool) is None]


class Screen:
    """Xvfb at a size, and one dermstation window that fills it."""

    def __init__(self, width: int = 1366, height: int = 768) -> None:
        self.width, self.height = width, height
        reading, writing = os.pipe()
        self._server = subprocess.Popen(
            [
                "Xvfb",
                "-displayfd",
                str(writing),
                "-screen",
                "0",
                f"{width}x{height}x24",
                "-nolisten",
                "tcp",
            ],
            pass_fds=[writing],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(writing)
        with os.fdopen(reading) as number:
            self.display = f":{number.readline().strip()}"
        self.program: subprocess.Popen[bytes] | None = None

    def start(
        self, home: Path, *arguments: str, environment: Mapping[str, str] | None = None
    ) -> None:
        """Start the program with its own home and nothing of this machine's desktop."""
        clean = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("QT_", "WAYLAND", "DBUS_"))
        }
        self.program = subprocess.Popen(
            [sys.executable, "-m", "dermstation", "--home", str(home), *arguments],
            env={**clean, "DISPLAY": self.display, **(environment or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def output(self) -> str:
        """Return everything the ended program printed."""
        assert self.program is not None
        printed, _ = self.program.communicate(timeout=PATIENCE_S)
        return printed.decode()

    def kill(self) -> None:
        """Kill the program as a power cut would."""
        assert self.program is not None
        self.program.kill()
        self.program.communicate()

    def close(self) -> None:
        """End program and screen."""
        if self.program is not None and self.program.poll() is None:
            self.kill()
        self._server.terminate()
        self._server.wait()

    def key(self, *names: str) -> None:
        """Press keys one after the other, by their X names."""
        for name in names:
            self._xdotool("key", "--clearmodifiers", name)
            time.sleep(0.02)  # a hand is not faster

    def type(self, text: str) -> None:
        """Type a text."""
        self._xdotool("type", "--clearmodifiers", "--delay", "8", text)

    def fill(self, *texts: str) -> None:
        """Type each text into its field and go on to the next with Tab."""
        for text in texts:
            self.type(text)
            self.key("Tab")

    def click(self, x: int, y: int) -> None:
        """Click with the left button."""
        self._xdotool("mousemove", str(x), str(y), "click", "1")

    def title(self) -> str:
        """Return the title of the program's window, empty while there is none."""
        window = self._window()
        return self._xdotool("getwindowname", window, check=False).strip() if window else ""

    def wait_for_page(self, name: str) -> None:
        """Wait until the window says that it shows the page `name`, then give it the keyboard."""
        self.wait(lambda: self.title().endswith(name), f"page {name!r}, but: {self.title()!r}")
        self._xdotool("windowfocus", "--sync", self._window())

    def wait(self, condition: Callable[[], bool], what: str) -> None:
        """Wait for a condition; fail with a picture of the screen."""
        deadline = time.monotonic() + PATIENCE_S
        while not condition():
            ended = self.program is not None and self.program.poll() is not None
            if ended or time.monotonic() > deadline:
                raise AssertionError(
                    f"waited in vain for {what}"
                    + (f"; it printed {self.output()}" if ended else "")
                )
            time.sleep(0.05)

    def _window(self) -> str:
        found = self._xdotool("search", "--onlyvisible", "--name", "^dermstation", check=False)
        return found.split()[0] if re.match(r"\d+", found) else ""

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
