"""The pictures that the lab's camera sends: rendered skin as JPEG, several of each size."""

from pathlib import Path

import cv2

from tests.lab.usb.descriptors import FORMATS
from tests.skin_pictures import exposed, skin

_EACH = 8
_QUALITY = 90


def make_frames(folder: Path) -> Path:
    """Write the pictures into a folder unless they are there; return the folder."""
    (jpeg,) = (one for one in FORMATS if one.is_jpeg)
    wanted = [
        folder / f"{mode.width}x{mode.height}_{n}.jpg" for mode in jpeg.modes for n in range(_EACH)
    ]
    if all(file.exists() for file in wanted):
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    for mode in jpeg.modes:
        linear = skin(mode.height, mode.width, seed=mode.width)
        for number in range(_EACH):
            picture = exposed(linear, seed=number)
            file = folder / f"{mode.width}x{mode.height}_{number}.jpg"
            cv2.imwrite(str(file), picture, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return folder
