"""What the tests of cards share: small file systems in memory, and no camera of their own."""

import pytest

from tests.unit.workflow.conftest import remount as _remount
from tests.unit.workflow.conftest import small_disk

__all__ = ["small_disk"]


@pytest.fixture
def remount():
    return _remount


@pytest.fixture(autouse=True, scope="package")
def nothing_left_behind() -> None:
    """Stand in for the camera's fixture, which wants a camera to have been used."""
