"""Find the pictures in a stream of MJPEG over HTTP (multipart/x-mixed-replace, RFC 2046).

Takes bytes as they come, in pieces of any size, and trusts none of them. Keeps the newest whole
picture only. Nothing here decodes, and nothing grows beyond one picture.
"""

from dermstation.camera.admission import MOST_PACKET_BYTES

_HEADERS_END = b"\r\n\r\n"
_LONGEST_HEADERS = 4096
_LONGEST_PREAMBLE = 65536  # before the first boundary, and between a picture and the next one


class MultipartError(ValueError):
    """The stream is no multipart stream of pictures, or one of them is too large."""


class MultipartPictures:
    """The pictures of one stream."""

    def __init__(self, boundary: bytes) -> None:
        self._mark = b"--" + boundary.removeprefix(b"--")
        self._come = bytearray()
        self._length: int | None = None  # of the picture, if its headers name it
        self._is_within = False  # a picture
        self._searched = 0  # bytes of it, for its end

    def feed(self, data: bytes) -> bytes | None:
        """Take bytes; return the newest picture that they complete, if any.

        Raises MultipartError.
        """
        self._come += data
        newest = None
        while (picture := self._next()) is not None:
            newest = picture or newest
        return newest

    def _next(self) -> bytes | None:
        """Go on by one step and return a picture, b"" for another step, None for want of bytes."""
        return self._picture() if self._is_within else self._headers()

    def _headers(self) -> bytes | None:
        begin = self._come.find(self._mark)
        end = self._come.find(_HEADERS_END, begin) if begin >= 0 else -1
        if end < 0:
            self._check(_LONGEST_PREAMBLE if begin < 0 else begin + _LONGEST_HEADERS)
            return None
        self._length = _length_in(bytes(self._come[begin:end]))
        del self._come[: end + len(_HEADERS_END)]
        self._is_within = True
        return b""

    def _picture(self) -> bytes | None:
        """Return the picture once it is whole: by its length, or up to the next boundary."""
        if self._length is not None:
            end = self._length if len(self._come) >= self._length else -1
        else:
            mark = b"\r\n" + self._mark
            end = self._come.find(mark, max(0, self._searched - len(mark)))
        if end < 0:
            self._check(MOST_PACKET_BYTES)
            self._searched = len(self._come)
            return None
        picture = bytes(self._come[:end])
        del self._come[:end]
        self._is_within = False
        self._searched = 0
        return picture

    def _check(self, most: int) -> None:
        if len(self._come) > most:
            raise MultipartError("too long")


def _length_in(headers: bytes) -> int | None:
    """Return the length that the headers of a part name, or None. Raises MultipartError."""
    for line in headers.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            said = value.strip()
            if not said.isdigit() or len(said) > 9 or int(said) > MOST_PACKET_BYTES:  # noqa: PLR2004 - digits
                raise MultipartError("length")
            return int(said)
    return None
