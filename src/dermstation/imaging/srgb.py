"""The colour profile of sRGB, the same bytes on every PC."""

from functools import cache

from PIL import ImageCms

from dermstation.imaging.icc import FIXED_DATE

_DATE_AT = slice(24, 36)  # ICC.1:2010, table 17: date and time of creation


@cache
def srgb_profile() -> bytes:
    """Return an ICC profile of sRGB with a fixed date, padded to an even length."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[_DATE_AT] = FIXED_DATE
    return bytes(profile) + b"\0" * (len(profile) % 2)
