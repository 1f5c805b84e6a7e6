"""The texts that a page shows, for tests."""

from PySide6.QtWidgets import QLabel, QWidget


def texts(page: QWidget) -> str:
    return "\n".join(one.text() for one in page.findChildren(QLabel) if not one.isHidden())
