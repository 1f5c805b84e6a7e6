"""Ask for the address of an e-mail draft of the package. GUI thread."""

from collections.abc import Sequence

from PySide6.QtCore import Signal

from dermstation.ui.parts.field import Field
from dermstation.ui.parts.page import Page

_INTRO = (
    "The draft is saved beside the package. Open and send it with your mail program. The draft"
    " is wiped with the package."
)


class EmailPage(Page):
    """The page with one address and the button that writes the draft."""

    submitted = Signal(str)

    def __init__(self, domains: Sequence[str]) -> None:
        super().__init__("E-mail draft", _INTRO)
        allowed = " or ".join(f"@{one}" for one in domains)
        self.address = Field("Send to", f"Allowed here: {allowed}")
        self.content.addWidget(self.address)
        self.content.addStretch(1)
        self.set_primary("&Write the draft").clicked.connect(self._on_primary)
        self.set_back()
        self.set_first(self.address)

    def _on_primary(self) -> None:
        self.submitted.emit(self.address.text().strip())
