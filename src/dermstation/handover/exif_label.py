"""The EXIF that a package's pictures have: the date, the software and the label.

It is written here by Pillow, from nothing but these; `imaging.exif` reads.
"""

from datetime import datetime

from PIL import ExifTags, Image

from dermstation.handover.uk_time import uk_time

SOFTWARE = "dermstation"
_VERSION = b"0232"


def exif_label(captured_at: datetime, label: str) -> bytes:
    """Return EXIF, with its signature, of only the date, the software and the label."""
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
    inner[ExifTags.Base.OffsetTimeOriginal] = f"{offset[:3]}:{offset[3:]}"
    return exif.tobytes()
