"""Show the text of the Advice & Guidance message, to be copied into e-RS. GUI thread."""

from PySide6.QtCore import Signal

from dermstation.domain.text_limits import MESSAGE_MAX_CHARS
from dermstation.ui.parts.page import Page
from dermstation.ui.parts.prose import Prose
from dermstation.ui.parts.text import label

_INTRO = "Copy it into the message of the referral. Changes made here are not saved."


class MessagePage(Page):
    """The page with an editable text, its length, and the button that copies it."""

    copied = Signal(str)

    def __init__(self, text: str) -> None:
        super().__init__("Text for the message", _INTRO)
        self.text = Prose("Message", "", MESSAGE_MAX_CHARS, height_px=320)
        self.text.set_text(text)
        self.text.edited.connect(self._show_length)
        self.length = label(role="soft")
        self.content.addWidget(self.text, 1)
        self.content.addWidget(self.length)
        self.set_primary("&Copy the text").clicked.connect(self._on_copy)
        self.set_back()
        self._show_length()

    def _show_length(self) -> None:
        count = len(self.text.text())
        self.length.setText(f"{count:,} of {MESSAGE_MAX_CHARS:,} characters")
        if self.primary is not None:
            self.primary.setEnabled(count <= MESSAGE_MAX_CHARS)

    def _on_copy(self) -> None:
        if self.text.check():
            self.copied.emit(self.text.text())
