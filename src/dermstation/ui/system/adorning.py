"""What only adorns: its failure is logged, and never reaches the operator.

A missing loudspeaker, a screen reader that is gone or a session service that refuses must not end
a session with the crash page. Any thread.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

log = logging.getLogger(__name__)


@contextmanager
def adorning(what: str) -> Iterator[None]:
    """Log whatever fails in the block, and go on after it."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - whatever it is, the work goes on without it
        log.info("%s does not work here: %s", what, type(error).__name__)


def announce(place: QObject, words: str, *, at_once: bool = False) -> None:
    """Let screen readers say words, after what they are saying or at once."""
    with adorning("announcing"):
        event = QAccessibleAnnouncementEvent(place, words)
        if at_once:
            event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
        QAccessible.updateAccessibility(event)
