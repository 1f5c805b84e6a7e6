"""A plugin of pytest for the tests under wine: what wine itself cannot do is skipped by name.

OpenCV's own threads fail there, and wine keeps variables that begin with QT_ from programs.
"""

import os
import tomllib
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["QT_QPA_FONTDIR"] = r"C:\windows\Fonts"

import cv2
import pytest

cv2.setNumThreads(1)
LISTED = tomllib.loads(Path(__file__).with_name("cannot.toml").read_text("utf-8"))["cannot"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the tests that are listed."""
    for item in items:
        for one in LISTED:
            if any(item.nodeid.startswith(start) for start in one["tests"]):
                item.add_marker(pytest.mark.skip(reason=f"wine: {one['reason']}"))
