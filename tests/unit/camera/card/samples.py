"""Pictures as a standalone camera writes them, and the folders of a card to put them in."""

import io
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import ExifTags, Image

from tests.pictures import exif_bytes

TAKEN = datetime(2026, 9, 4, 9, 45, 10)  # noqa: DTZ001 - a camera's clock has no time zone


@lru_cache(maxsize=256)  # a test of bad files asks for the same one some hundred times
def jpeg(
    width: int = 640,
    height: int = 480,
    *,
    seed: int = 7,
    taken: datetime | None = TAKEN,
    orientation: int = 1,
    offset: str = "",
    **options: object,
) -> bytes:
    """Return the JPEG bytes of a picture with some detail, as a camera would write it."""
    chance = np.random.default_rng(seed)
    coarse = chance.integers(40, 220, (height // 8, width // 8, 3), dtype=np.uint8)
    picture = Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)
    if taken is not None:
        options["exif"] = _exif(taken, orientation, offset)
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=90, **options)
    return file.getvalue()


def _exif(taken: datetime, orientation: int, offset: str) -> bytes:
    base = ExifTags.Base
    times = {base.DateTimeOriginal: taken.strftime("%Y:%m:%d %H:%M:%S")}
    if offset:
        times[base.OffsetTimeOriginal] = offset
    named = {base.Make: "Testcam", base.Model: "Testcam T100", base.Orientation: orientation}
    return exif_bytes(picture=named, exif=times)


def card(root: Path, *pictures: bytes) -> Path:
    """Store pictures as DCF requires: DCIM/100TEST/IMG_0001.JPG and so on; return `root`."""
    folder = root / "DCIM" / "100TEST"
    folder.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(pictures, start=1):
        (folder / f"IMG_{number:04}.JPG").write_bytes(data)
    return root


def name(number: int) -> str:
    """Return the name of a picture of `card` as the listing shows it."""
    return str(Path("DCIM") / "100TEST" / f"IMG_{number:04}.JPG")
