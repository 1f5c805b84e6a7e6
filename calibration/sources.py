"""The source pictures of the calibration, each in the training half or the test half.

Reads the data folder; any process.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from calibration.degrade import Picture
from dermstation.domain.shots import ShotKind

LONG_SIDE_PX = 1600
SKIN_FOLDERS = {ShotKind.DERMOSCOPIC: "dermoscopic", ShotKind.CLOSEUP: "clinical_closeup"}
NO_SKIN_FOLDER = "negative"
STACK_FOLDER = "focus_exposure"


@dataclass(frozen=True, slots=True)
class Source:
    """One picture of the data folder."""

    path: Path
    folder: str

    @property
    def name(self) -> str:
        """Return the file's name without its extension."""
        return self.path.stem

    @property
    def is_training(self) -> bool:
        """Return whether the picture is in the training half.

        This depends on a hash of its name, so it does not change with the other pictures.
        """
        return hashlib.sha256(self.name.encode()).digest()[0] % 2 == 0


def sources(data: Path, folder: str) -> list[Source]:
    """Return the pictures of one folder of the data, sorted by name."""
    return [Source(path, folder) for path in sorted((data / folder).glob("*.jpg"))]


def read(source: Source, long_side_px: int = LONG_SIDE_PX) -> Picture:
    """Return a picture as BGR, reduced by averaging if its long side is longer than wanted.

    Raises ValueError if it cannot be read.
    """
    picture = cv2.imread(str(source.path), cv2.IMREAD_COLOR)
    if picture is None:
        raise ValueError(source.path)
    scale = long_side_px / max(picture.shape[:2])
    if scale < 1:
        picture = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(picture, np.uint8)
