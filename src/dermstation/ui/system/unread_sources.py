"""Keep Qt for Python from reading the source of every module that is imported after it.

It looks there for its own name, to know in which modules `from __feature__ import` may spell its
classes differently. Nobody here asks for that. Python keeps what was read for its tracebacks:
18 MiB in each process that has a window.
"""

import sys
from types import ModuleType

import PySide6.QtCore  # noqa: F401 - it brings what is changed here

_FEATURES = "PySide6.support.feature"


def leave_sources_unread() -> None:
    """Call this before anything else is imported. It does nothing if Qt for Python has changed."""
    features = sys.modules.get(_FEATURES)
    if hasattr(features, "_mod_uses_pyside"):
        features._mod_uses_pyside = _uses_no_feature  # type: ignore[union-attr]


def _uses_no_feature(_module: ModuleType) -> bool:
    return False
