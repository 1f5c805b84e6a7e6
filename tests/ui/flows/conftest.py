"""A desk for each test; whatever happens, its window, threads and camera are ended."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.flows.desk import Desk
from tests.unit.workflow.conftest import small_disk

__all__ = ["small_disk"]


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(qtbot, tmp_path / "home")
    yield made
    made.close()
