"""Find a stretch of coded bytes that two packets have in common at the same place.

Two frames of a live camera differ in every coded byte that says something, because of noise. If a
transfer does not fill a buffer, what an earlier packet left there follows. Lives in the camera
process; works on bytes only.
"""

import zlib
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

_Words = NDArray[np.uint64]

_WORD_BYTES = 8
_SAMPLE_WORDS = 32  # of so many words one is compared first
_LEAST_WORDS = 2 * _SAMPLE_WORDS
_MOST_LOOKED_AT = 3
_LEAST_CONTENT = 0.5  # share to which a stretch of coded detail can be compressed


class CodedBytes:
    """A packet as 64-bit words of its coded data, counted from their begin and from their end."""

    def __init__(self, data: bytes, coded_at: int) -> None:
        self.data = data
        count = max(0, (len(data) - coded_at) // _WORD_BYTES)
        from_end = len(data) - count * _WORD_BYTES
        self.orders: tuple[_Words, _Words] = (
            np.frombuffer(data, np.uint64, count, coded_at),
            np.frombuffer(data, np.uint64, count, from_end)[::-1],
        )
        self.samples = tuple(np.ascontiguousarray(one[::_SAMPLE_WORDS]) for one in self.orders)


def source_of_stretch(packet: CodedBytes, olders: Iterable[CodedBytes]) -> CodedBytes | None:
    """Return an older packet of which a stretch of detail lies unchanged in `packet`, or None.

    Looks at the few older ones that have most samples in common.
    """
    alike = [(_common_samples(packet, older), older) for older in olders]
    likely = sorted((one for one in alike if one[0]), key=lambda one: -one[0])[:_MOST_LOOKED_AT]
    for _, older in likely:
        if any(map(_has_common_stretch, packet.orders, older.orders)):
            return older
    return None


def _common_samples(packet: CodedBytes, older: CodedBytes) -> int:
    counts = []
    for new, old in zip(packet.samples, older.samples, strict=True):
        count = min(len(new), len(old))
        counts.append(int(np.count_nonzero(new[:count] == old[:count])))
    return max(counts)


def _has_common_stretch(new: _Words, old: _Words) -> bool:
    """Return whether a stretch of coded detail is the same in both."""
    count = min(len(new), len(old))
    same = np.flatnonzero(new[:count] == old[:count])
    if len(same) < _LEAST_WORDS:
        return False
    reach = same[_LEAST_WORDS - 1 :] - same[: 1 - _LEAST_WORDS]
    begins = same[: 1 - _LEAST_WORDS][reach == _LEAST_WORDS - 1]
    if not len(begins):
        return False
    # the codes of areas without detail are the same in any two frames; they repeat themselves
    first = int(begins[0])
    found = new[first : max(int(begins[-1]), first) + _LEAST_WORDS].tobytes()
    return len(zlib.compress(found, 1)) > _LEAST_CONTENT * len(found)
