"""Keys derived from secrets at a small cost: at the station's own, each takes 0.2 s of processor.

The demo, the benchmarks and `tests/unit/security` derive them as the station does.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from dermstation.security.kdf import KdfParameters
from dermstation.vault.holders import add_holder, replace_secret
from dermstation.vault.setup import set_up

CHEAP = KdfParameters(memory_kib=64, passes=1, lanes=1)


@contextmanager
def cheap_keys() -> Iterator[None]:
    """Make new keys cheap where the program chooses no cost; a vault keeps that of its keys."""
    with pytest.MonkeyPatch.context() as patch:
        for function in (set_up, add_holder, replace_secret):
            patch.setitem(function.__kwdefaults__, "kdf", CHEAP)
        yield
