"""The EXIF that a package's pictures have: date, software, label, and which colours they have.

It is written here by Pillow, from nothing but these; `imaging.exif` reads.
"""

from datetime import datetime

from PIL import ExifTags, Image

from dermstation.handover.uk_time import uk_time

SOFTWARE = "dermstation"
_VERSION = b"0232"
_SRGB, _UNCALIBRATED = 1, 0xFFFF  # EXIF 2.32, ColorSpace


def exif_label(captured_at: datetime, label: str, *, srgb: bool = True) -> bytes:
    """Return EXIF, with its signature, of only the date, the software, the label and the colours.

    If they are not sRGB, the profile in the file says what they are.
    """
    local = uk_time(captured_at)
    taken = local.strftime("%Y:%m:%d %H:%M:%S")
    offset = local.strftime("%z")
    exif = Image.Exif()
    exif[ExifTags.Base.ImageDescription] = label.encode("ascii", "replace").decode("ascii")
    exif[ExifTags.Base.Software] = SOFTWARE
    exif[ExifTags.Base.DateTime] = taken
    inner = exif.get_ifd(ExifTags.IFD.Exif)
    inner[ExifTags.Base.ExifVersion] = _VERSION
    inner[ExifTags.Base.DateTimeOriginal] = taken
    inner[ExifTags.Base.ColorSpace] = _SRGB if srgb else _UNCALIBRATED
    inner[ExifTags.Base.OffsetTimeOriginal] = f"{offset[:3]}:{offset[3:]}"
    return exif.tobytes()
