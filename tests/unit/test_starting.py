"""What a child process loads before the camera: not the command line, nor other sources."""

import subprocess
import sys
from pathlib import Path

import pytest

import dermstation

SOURCE = Path(dermstation.__file__).parents[1]

# Python runs the program's main module again in each child; then comes the camera's own module
CHILD = """
import runpy, sys
sys.path.insert(0, sys.argv[1])
runpy.run_module("dermstation.__main__", run_name="__mp_main__")
import dermstation.camera.process
print("\\n".join(sys.modules))
"""


@pytest.mark.parametrize("folder", [SOURCE])
def test_the_camera_process_loads_nothing_that_it_may_not_need(folder: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", CHILD, str(folder)], capture_output=True, text=True, check=True
    )
    loaded = set(ended.stdout.split())
    assert "cv2" in loaded
    unwanted = {"argparse", "ssl", "http.client", "PySide6", "keyring", "psutil"}
    assert not loaded & unwanted
    ours = {name for name in loaded if name.startswith("dermstation.")}
    above = ("cli", "commands", "settings", "workflow", "ui", "vault", "camera.sources.simulated.s")
    assert not {name for name in ours if name.removeprefix("dermstation.").startswith(above)}
