"""Ask for the address of an e-mail draft of the package. GUI thread."""

from collections.abc import Sequence

from PySide6.QtCore import Signal

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.ui.parts.field import Field
from dermstation.ui.parts.page import Page
from dermstation.ui.parts.text import WrapLabel, count_words, size_words
from dermstation.workflow.drafting import DraftSize
from dermstation.workflow.messages import message_for

_INTRO = (
    "The draft is saved beside the package. Open and send it with your mail program. The draft"
    " is wiped with the package."
)


class EmailPage(Page):
    """The page with what is attached, one address, and the button that writes the draft."""

    submitted = Signal(str)

    def __init__(self, domains: Sequence[str], size: DraftSize) -> None:
        super().__init__("E-mail draft", _INTRO)
        allowed = " or ".join(f"@{one}" for one in domains)
        self.address = Field("Send to", f"Allowed here: {allowed}")
        self.address.setEnabled(size.fits)
        self.content.addWidget(WrapLabel(_size_words(size), "body" if size.fits else "poor"))
        self.content.addWidget(self.address)
        self.content.addStretch(1)
        primary = self.set_primary("&Write the draft")
        primary.clicked.connect(self._on_primary)
        primary.setEnabled(size.fits)
        back = self.set_back()
        self.set_first(self.address if size.fits else back)

    def _on_primary(self) -> None:
        self.submitted.emit(self.address.text().strip())


def _size_words(size: DraftSize) -> str:
    """Say what is attached, how large the e-mail becomes, and what to do if that is too large."""
    files = count_words(size.files, "file", "files")
    said = f"{files} attached: {size_words(size.size_bytes)} as an e-mail"
    said = f"{said}, of {size_words(size.limit_bytes)} at most."
    if size.fits:
        return said
    words = message_for(StationError(ErrorCode.EMAIL_TOO_BIG))
    return f"{said} {words.what} {words.todo}"
