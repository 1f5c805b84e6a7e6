"""Set up Python for a process that has a window. Call it before anything else is imported."""

import gc
import sys
from types import ModuleType

import PySide6.QtCore  # noqa: F401 - it brings what is changed here

# Each time Qt calls Python while another thread runs it, the window waits for as long as this:
# while a page is built and painted 56 ms in all, and 118 with Python's own 5 ms.
_SWITCH_EVERY_S = 0.001
_FEATURES = "PySide6.support.feature"


def suit_a_window() -> None:
    """Let the window's thread have its turn soon, and leave the modules' sources unread.

    Nothing is collected before the window's `Collector` does so: to look through all that is being
    loaded for garbage, of which there is none, takes a tenth of the loading.
    """
    sys.setswitchinterval(_SWITCH_EVERY_S)
    gc.disable()
    _leave_sources_unread()


def _leave_sources_unread() -> None:
    """Keep Qt for Python from reading the source of every module that is imported after it.

    It looks there for its own name, to know in which modules `from __feature__ import` may spell
    its classes differently. Nobody here asks for that, and Python keeps what was read for its
    tracebacks: some 20 MiB. Nothing is done if Qt for Python has changed.
    """
    features = sys.modules.get(_FEATURES)
    if hasattr(features, "_mod_uses_pyside"):
        features._mod_uses_pyside = _uses_no_feature  # type: ignore[union-attr]


def _uses_no_feature(_module: ModuleType) -> bool:
    return False
