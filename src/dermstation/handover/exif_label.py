"""The EXIF that a package's pictures have: the date, the software and the label.

The one place that knows piexif, which only writes here; `imaging.exif` reads.
"""

from datetime import datetime

import piexif

from dermstation.handover.uk_time import uk_time

SOFTWARE = "dermstation"


def exif_label(captured_at: datetime, label: str) -> bytes:
    """Return EXIF, with its signature, of only the date, the software and the label."""
    local = uk_time(captured_at)
    taken = local.strftime("%Y:%m:%d %H:%M:%S")
    offset = local.strftime("%z")
    tags = {
        "0th": {
            piexif.ImageIFD.ImageDescription: label.encode("ascii", "replace"),
            piexif.ImageIFD.Software: SOFTWARE,
            piexif.ImageIFD.DateTime: taken,
        },
        "Exif": {
            piexif.ExifIFD.ExifVersion: b"0232",
            piexif.ExifIFD.DateTimeOriginal: taken,
            piexif.ExifIFD.OffsetTimeOriginal: f"{offset[:3]}:{offset[3:]}",
        },
    }
    return bytes(piexif.dump(tags))
