"""The standard Huffman tables, which the packets of many MJPEG cameras leave out.

ITU-T T.81, annex K.3, tables K.3 to K.6. Pure functions on bytes.
"""

from dermstation.imaging.jpeg_segments import (
    HUFFMAN_TABLES,
    START_OF_SCAN,
    MalformedJpegError,
    header_segments,
)

# For each table its class and number, how many codes there are of each length from 1 to 16 bits,
# and the values in the order of their codes.
_DC_VALUES = "000102030405060708090a0b"
_LUMA_AC_VALUES = (
    "01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a2526"
    "2728292a3435363738393a434445464748494a535455565758595a636465666768696a737475767778797a838485"
    "868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6"
    "d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa"
)
_CHROMA_AC_VALUES = (
    "000102031104052131061241510761711322328108144291a1b1c109233352f0156272d10a162434e125f1171819"
    "1a262728292a35363738393a434445464748494a535455565758595a636465666768696a737475767778797a8283"
    "8485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4"
    "d5d6d7d8d9dae2e3e4e5e6e7e8e9eaf2f3f4f5f6f7f8f9fa"
)
_TABLES = (
    ("00", "00010501010101010100000000000000", _DC_VALUES),
    ("10", "0002010303020403050504040000017d", _LUMA_AC_VALUES),
    ("01", "00030101010101010101010000000000", _DC_VALUES),
    ("11", "00020102040403040705040400010277", _CHROMA_AC_VALUES),
)


def _segment() -> bytes:
    body = b"".join(bytes.fromhex("".join(table)) for table in _TABLES)
    return bytes([0xFF, HUFFMAN_TABLES]) + (len(body) + 2).to_bytes(2) + body


STANDARD_TABLES = _segment()


def with_tables(data: bytes) -> bytes:
    """Return the JPEG with the standard tables before its first scan, if it has no tables itself.

    Raises MalformedJpegError if there is no scan.
    """
    for segment in header_segments(data):
        if segment.marker == HUFFMAN_TABLES:
            return data
        if segment.marker == START_OF_SCAN:
            return data[: segment.begin] + STANDARD_TABLES + data[segment.begin :]
    raise MalformedJpegError("no scan")
