"""The file types that e-RS accepts, and whether a file's content is of the type its name claims.

The list is that of the e-RS attachment API (A020). Checks signatures only. Pure functions.
"""

from collections.abc import Callable


def _starts(*signatures: bytes) -> Callable[[bytes], bool]:
    return lambda data: data.startswith(signatures)


def _is_text(data: bytes) -> bool:
    return b"\0" not in data


SEALED_PDF = "application/pdf; encrypted"  # only a passphrase opens it
_DICOM_AT = 128
_IS_OF_TYPE: dict[str, Callable[[bytes], bool]] = {
    **dict.fromkeys((".jpg", ".jpe", ".jpeg"), _starts(b"\xff\xd8\xff")),
    **dict.fromkeys((".tif", ".tiff"), _starts(b"II*\0", b"MM\0*")),
    **dict.fromkeys((".mpg", ".mpe", ".mpeg"), _starts(b"\0\0\1\xba", b"\0\0\1\xb3")),
    **dict.fromkeys((".rtf", ".rtx"), _starts(b"{\\rtf")),
    ".png": _starts(b"\x89PNG\r\n\x1a\n"),
    ".gif": _starts(b"GIF87a", b"GIF89a"),
    ".pdf": _starts(b"%PDF-"),
    ".xml": lambda data: data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") and _is_text(data),
    ".txt": _is_text,
    ".doc": _starts(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    ".docx": _starts(b"PK\x03\x04"),
    ".dcm": lambda data: data[_DICOM_AT : _DICOM_AT + 4] == b"DICM",
    ".au": _starts(b".snd"),
    ".mp3": _starts(b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"),
}
ALLOWED_SUFFIXES = frozenset(_IS_OF_TYPE)


def is_of_type(data: bytes, suffix: str) -> bool:
    """Return whether the content matches an allowed, lower-case suffix such as ".jpg"."""
    return _IS_OF_TYPE[suffix](data)
