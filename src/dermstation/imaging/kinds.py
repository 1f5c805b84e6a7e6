"""Name the kind of a picture file that is no JPEG by its first bytes. Pure.

Phones, mail and chat programs give pictures of other kinds the name of a JPEG.
"""

_FILE_TYPE = b"ftyp"  # the box that begins a file of ISO/IEC 14496-12; the brand follows
_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_AVIF_BRANDS = (b"avif", b"avis")
_BRANDS_END = 64
_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"BM", "BMP"),
    (b"GIF8", "GIF"),
    (b"%PDF", "PDF"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\0\0\0\x0cJXL ", "JPEG XL"),
    (b"\0\0\0\x0cjP  ", "JPEG 2000"),
)
PHONE_KINDS = ("HEIC", "AVIF", "WebP")  # that a phone, or what sends from it, makes of a picture
KINDS = (*PHONE_KINDS, "video", *dict.fromkeys(name for _, name in _SIGNATURES))


def other_kind(data: bytes) -> str:
    """Return what a file is instead of a JPEG; an empty text if that is not known."""
    if data[4:8] == _FILE_TYPE:
        return _kind_of_brands(data[8:_BRANDS_END])
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WebP"
    return next((name for start, name in _SIGNATURES if data.startswith(start)), "")


def _kind_of_brands(brands: bytes) -> str:
    """Distinguish HEIC, AVIF and video: the first brand decides, and else those it agrees with."""
    first = brands[:4]
    if first in _AVIF_BRANDS:
        return "AVIF"
    listed = [brands[at : at + 4] for at in range(8, len(brands), 4)]
    if first in (b"mif1", b"msf1") and any(one in _AVIF_BRANDS for one in listed):
        return "AVIF"
    return "HEIC" if first in _HEIC_BRANDS else "video"
