"""The bindings of Qt give away as many references as they take.

PySide6 6.12.0 loses one to None, True or False in every call that returns it. On Python 3.11, which
counts them, the program dies within minutes: docs/adr/0084-the-newest-that-python-311-takes.md.
"""

import sys

from PySide6.QtCore import QObject

CALLS = 1_000


def test_a_call_that_returns_none_or_false_loses_no_reference() -> None:
    thing = QObject()
    spare = [None, False] * CALLS  # a faulty version is to fail here, not to end the process
    before = sys.getrefcount(None), sys.getrefcount(False)
    for _ in range(CALLS):
        thing.parent()
        thing.signalsBlocked()
    after = sys.getrefcount(None), sys.getrefcount(False)
    assert all(now > then - CALLS // 2 for now, then in zip(after, before, strict=True))
    assert spare
