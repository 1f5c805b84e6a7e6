"""A virtual X screen to draw the window on if Xvfb is installed; otherwise Qt draws off screen."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

SIZE = (1366, 768)


@contextmanager
def virtual_screen(size: tuple[int, int] = SIZE) -> Iterator[str]:
    """Draw on a screen of `size` in the block; yield what kind of screen it is."""
    if shutil.which("Xvfb") is None:
        os.environ.pop("DISPLAY", None)
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        yield "off screen"
        return
    reading, writing = os.pipe()
    number, shape = str(writing), f"{size[0]}x{size[1]}x24"
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", number, "-screen", "0", shape, "-nolisten", "tcp", "-noreset"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as answer:
        os.environ["DISPLAY"] = f":{answer.readline().strip()}"
    os.environ["QT_QPA_PLATFORM"] = "xcb"
    try:
        yield "Xvfb"
    finally:
        server.terminate()
        server.wait()
