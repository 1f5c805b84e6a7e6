"""Open the played camera of `v4l2_node.c` by OpenCV itself, and print what came of it as JSON.

Run as a program, with the library loaded before libc: `played_node.py FOLDER`. The folder holds the
node, the picture and the file that tells the camera what to do.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import cv2

from dermstation.camera import discovery
from dermstation.camera.sources import attached
from dermstation.camera.sources.attached import AttachedCamera
from dermstation.camera.spec import CameraKind, CameraSpec
from dermstation.domain.errors import StationError

NUMBER = 60
FRAMES = 4


class Played:
    """The played camera, opened as the station does."""

    def __init__(self, folder: Path) -> None:
        self._told = folder / "told"
        self._picture = (folder / "picture.jpg").read_bytes()
        spec = CameraSpec(CameraKind.DEVICE, index=NUMBER)
        self.source = AttachedCamera(spec, 320, 240)

    def tell(self, **told: int) -> None:
        """Tell the camera what to do; JPEG at once unless it says otherwise."""
        lines = {"jpeg": 1, "first_ms": 0, **told}.items()
        self._told.write_text("".join(f"{name} {value}\n" for name, value in lines))

    def opened(self, **told: int) -> object:
        """Open the camera anew; return how its frames come, or the code of the trouble."""
        self.source.close()
        self.tell(**told)
        return self._tried(self._frames)

    def read(self, **told: int) -> object:
        """Read on after telling the camera something."""
        self.tell(**told)
        return self._tried(self._frames)

    def _frames(self) -> object:
        mode = self.source.open() if self.source._reader is None else None
        frames = [self.source.read() for _ in range(FRAMES)]
        own = sum(
            frame is not None and frame.payload.tobytes() == self._picture for frame in frames
        )
        return [
            mode.coding if mode else "",
            {frame.encoding.name for frame in frames if frame},
            own,
        ]

    @staticmethod
    def _tried(step: Callable[[], object]) -> object:
        try:
            return step()
        except StationError as trouble:
            return trouble.code.value


def main(folder: Path) -> None:
    """Play every situation, and print the outcomes."""
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    discovery.DEVICES = attached.DEVICES = folder
    played = Played(folder)
    outcomes = {
        "at once": played.opened(),
        "late": played.opened(first_ms=1400),
        "silent": played.read(silent=1),
        "after silence": played.opened(),
        "gone": played.read(gone=1),
        "gone for good": played.opened(gone=1),
        "held": played.opened(held=1),
        "pixels": played.opened(jpeg=0),
        "cut": played.opened(cut=2000),
        "cut in the headers": played.opened(cut=40),
        "whole again": played.opened(),
    }
    sys.stdout.write(json.dumps(outcomes, default=sorted) + "\n")
    played.source.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
