"""Pages alone in a window, as large as the station gives them on a small screen."""

import pytest
from PySide6.QtWidgets import QWidget


@pytest.fixture
def shown(qtbot):
    def show(page: QWidget) -> QWidget:
        qtbot.addWidget(page)
        page.resize(1366, 600)
        with qtbot.waitExposed(page):
            page.show()
        page.activateWindow()
        qtbot.waitUntil(page.isActiveWindow)
        return page

    return show
