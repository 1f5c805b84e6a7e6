"""A camera of the lab, in a process of its own, plugged in for the time of a block."""

import json
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Self

FRAMES = Path("/lab/frames")


class UsbCamera:
    """The orders to one camera; it is plugged in on entry and taken out on exit."""

    def __init__(self, serial: str = "LAB0001") -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.lab.usb.camera", str(FRAMES), "--serial", serial],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        self.plug()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.unplug()
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()

    def plug(self) -> None:
        """Put the camera in."""
        self._order("plug")

    def unplug(self) -> None:
        """Take the camera out."""
        self._order("unplug")

    def set(self, **values: float) -> None:
        """Make the camera fail, or be well again: stall, cut, pad, lose, tables, fps."""
        for name, value in values.items():
            self._order("set", name, value)

    def press(self) -> bool:
        """Press the camera's button and let it go; return whether the driver listened."""
        return bool(self._order("button", 1)) and bool(self._order("button", 0))

    def known(self, hashes: list[str]) -> int:
        """Return how many of these SHA-256 are those of pictures that the camera sent."""
        return int(self._order("known", hashes))

    def known_whole(self, hashes: list[str]) -> int:
        """Return how many of these are those of pictures of which every byte was sent."""
        return int(self._order("known whole", hashes))

    def controls(self) -> dict[str, int]:
        """Return the values of the camera's controls."""
        return dict(self._order("controls"))

    def count(self) -> int:
        """Return how many pictures the camera has made."""
        return int(self._order("count"))

    def streaming(self) -> bool:
        """Return whether the driver asks for pictures."""
        return bool(self._order("streaming"))

    def _order(self, *words: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps(words), file=self._process.stdin, flush=True)
        return json.loads(self._process.stdout.readline())
