"""Read from the headers of a JPEG how its picture is coded (ITU-T T.81, annexes A and B).

Pure functions on bytes; any thread or process. Every function raises MalformedJpegError if the
headers are cut short, or are not of a kind that cameras write.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dermstation.imaging.jpeg_segments import (
    BASELINE_TO_PROGRESSIVE,
    FRAMES,
    HEADER_BYTES,
    HUFFMAN_TABLES,
    START_OF_SCAN,
    FrameHeader,
    MalformedJpegError,
    Segment,
    frame_of,
    header_segments,
)

PROGRESSIVE = 0xC2
_RESTART_INTERVAL = 0xDD
_END_OF_BLOCK = 0x00
_LEAST_SCAN_BYTES = 10
_TABLE_BYTES = 17  # a Huffman table's number, and how many codes there are of each length


@dataclass(frozen=True, slots=True)
class Layout:
    """The content of the headers before the first scan."""

    frame: Segment
    header: FrameHeader
    scan: Segment
    sampling: tuple[tuple[int, int], ...]  # of each component, across and down
    restart_interval: int
    blank_code: bool  # the first component's shortest code ends a block
    scanned: int  # the number of components in the first scan

    @property
    def width(self) -> int:
        """Return the width in pixels."""
        return self.header.width

    @property
    def height(self) -> int:
        """Return the height in pixels."""
        return self.header.height

    @property
    def components(self) -> int:
        """Return the number of components, which are its colours."""
        return self.header.components

    @property
    def is_simple(self) -> bool:
        """Return whether one sequential scan holds everything, as in the packets of cameras."""
        return self.frame.marker != PROGRESSIVE and self.scanned == self.components

    @property
    def mcu(self) -> tuple[int, int]:
        """Return the width and height in pixels of a minimum coded unit (T.81, A.2)."""
        if self.components == 1:
            return 8, 8
        across, down = (max(factors) for factors in zip(*self.sampling, strict=True))
        return 8 * max(across, 1), 8 * max(down, 1)


def head_of(data: bytes) -> Layout:
    """Return the layout. Raises MalformedJpegError if it is not a JPEG as cameras write them."""
    parts = tuple(header_segments(data))
    frames = [one for one in parts if one.marker in FRAMES]
    scan = parts[-1]
    short = scan.end - scan.begin < _LEAST_SCAN_BYTES
    if scan.marker != START_OF_SCAN or short or len(frames) != 1:
        raise MalformedJpegError("no scan, or not one frame")
    frame = frames[0]
    header = frame_of(data, frame)
    if frame.marker not in BASELINE_TO_PROGRESSIVE or not header.width or not header.height:
        raise MalformedJpegError("another kind of JPEG")
    components = components_of(data, frame, header)
    interval = 0
    for one in parts:
        if one.marker == _RESTART_INTERVAL:
            interval = int.from_bytes(data[one.begin + HEADER_BYTES : one.end])
    return Layout(
        frame,
        header,
        scan,
        tuple((one[1] >> 4, one[1] & 0xF) for one in components),
        interval,
        _has_blank_code(data, parts, scan),
        data[scan.begin + HEADER_BYTES],
    )


def components_of(data: bytes, frame: Segment, header: FrameHeader) -> list[bytes]:
    """Return the entries of the frame header: number, sampling and table of each component."""
    begin = frame.begin + HEADER_BYTES + 6
    end = begin + 3 * header.components
    if not header.components or end > frame.end:
        raise MalformedJpegError("frame header cut short")
    return [data[at : at + 3] for at in range(begin, end, 3)]


def _has_blank_code(data: bytes, parts: Sequence[Segment], scan: Segment) -> bool:
    """Return whether zeros mean blocks without detail, in the first component of the scan."""
    number = 0x10 | (data[scan.begin + HEADER_BYTES + 2] & 0xF)
    first = -1
    for part in parts:
        if part.marker != HUFFMAN_TABLES:
            continue
        at = part.begin + HEADER_BYTES
        while at + _TABLE_BYTES < part.end:
            if data[at] == number:
                first = data[at + _TABLE_BYTES]
            at += _TABLE_BYTES + sum(data[at + 1 : at + _TABLE_BYTES])
    return first == _END_OF_BLOCK


def scans_of(data: bytes, parts: Sequence[Segment]) -> Iterator[Segment]:
    """Yield the headers of the scans, each ending where its coded data begin."""
    for part in parts:
        if part.marker == START_OF_SCAN:
            at = part.begin + 2
            end = at + int.from_bytes(data[at : at + 2])
            if end - part.begin < _LEAST_SCAN_BYTES:
                raise MalformedJpegError("scan header cut short")
            yield Segment(part.marker, part.begin, end)
