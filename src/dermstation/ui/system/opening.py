"""Opening the practice's own films and pages, and folders, in the PC's own programs. GUI thread.

The link is opened exactly as set, so nothing about the station or a patient is passed on.
"""

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.workflow.how_to import LinkKind, OwnLink


def open_link(link: OwnLink) -> None:
    """Open a link. Raises StationError HOW_TO_FILE_ABSENT or HOW_TO_NOT_OPENED."""
    if link.kind is LinkKind.WEB:
        url = QUrl(link.target, QUrl.ParsingMode.StrictMode)
    else:
        try:
            is_there = Path(link.target).is_file()
        except OSError:
            is_there = False
        if not is_there:
            raise StationError(ErrorCode.HOW_TO_FILE_ABSENT)
        url = QUrl.fromLocalFile(link.target)
    if not QDesktopServices.openUrl(url):
        raise StationError(ErrorCode.HOW_TO_NOT_OPENED)


def open_folder(folder: Path) -> None:
    """Show a folder in the PC's file browser. Raises StationError PACKAGE_FOLDER_NOT_OPENED."""
    if not folder.is_dir() or not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
        raise StationError(ErrorCode.PACKAGE_FOLDER_NOT_OPENED)
