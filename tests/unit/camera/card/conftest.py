"""Fixtures for the card tests: small file systems in memory, and no camera."""

import pytest

from tests.unit.workflow.conftest import remount as _remount
from tests.unit.workflow.conftest import small_disk

__all__ = ["small_disk"]


@pytest.fixture
def remount():
    return _remount


@pytest.fixture(autouse=True, scope="package")
def nothing_left_behind() -> None:
    """Replace the camera tests' fixture of this name, because no camera is used here."""
