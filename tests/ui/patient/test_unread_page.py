"""The page of unread files shows the oldest, however many there are."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel

from dermstation.ui.patient.unread_page import UnreadPage
from dermstation.workflow.unread_files import UnreadFile


@pytest.mark.parametrize(("count", "shown", "more"), [(3, 3, ""), (51, 50, "1 more file,")])
def test_the_first_are_shown_and_the_others_counted(qtbot, count, shown, more) -> None:
    at = datetime(2026, 3, 4, tzinfo=UTC)
    files = [UnreadFile(Path(f"{n}.gdt.not-read"), at, at, Path(str(n))) for n in range(count)]
    page = UnreadPage(files)
    qtbot.addWidget(page)
    assert len(page.buttons) == shown
    texts = [one.text() for one in page.findChildren(QLabel)]
    assert any(one.startswith(more) for one in texts if "more file" in one) == bool(more)
