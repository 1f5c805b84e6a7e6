"""The card of the hand-over page that sends the pictures to the archive. GUI thread."""

from PySide6.QtWidgets import QFrame, QHBoxLayout

from dermstation.ui.parts.button import button
from dermstation.ui.parts.text import WrapLabel, card, label
from dermstation.workflow.archive_standing import Standing

_NOT_SENT = "Each picture is read back there before a wipe."
_SENDING = "Sending, and reading back\u2026"


class ArchiveCard:
    """The card: how far the pictures have come, and the button that sends them."""

    def __init__(self) -> None:
        self.frame: QFrame
        self.frame, inside = card()
        self.send = button("&Send to the archive")
        top = QHBoxLayout()
        top.addWidget(label("Image archive", "heading"), 1)
        top.addWidget(self.send)
        inside.addLayout(top)
        self.words = WrapLabel(_NOT_SENT, "soft")
        inside.addWidget(self.words)

    def show_standing(self, standing: Standing | None) -> None:
        """Show what is proven; None if the episode does not go there."""
        self.words.setText(_NOT_SENT if standing is None else "\n".join(standing.words))
        self.send.setEnabled(True)  # also if all is proven: the patient may be corrected since

    def show_sending(self) -> None:
        """Show that the pictures are on their way."""
        self.words.setText(_SENDING)
        self.send.setEnabled(False)
