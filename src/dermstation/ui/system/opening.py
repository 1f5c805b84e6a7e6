"""Open a practice's own film or page in the PC's own program. GUI thread.

Nothing of the station or a patient goes along: the link is opened as it was set.
"""

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.workflow.how_to import LinkKind, OwnLink


def open_link(link: OwnLink) -> None:
    """Open a link. Raises StationError HOW_TO_FILE_ABSENT, HOW_TO_NOT_OPENED."""
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
