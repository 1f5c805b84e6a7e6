"""The page shown after a crash, which says nothing about the patient. GUI thread."""

from PySide6.QtWidgets import QHBoxLayout

from dermstation.ui.parts.icon import IconBox
from dermstation.ui.parts.page import Page
from dermstation.ui.parts.text import WrapLabel, card, label
from dermstation.ui.theme import Colour, Space

_KEPT = "The picture that was just taken is kept as well: you see it after the next sign-in."
_NOT_KEPT = "The picture that was just taken could not be kept: take it again."


class CrashPage(Page):
    """The page with a reference number for IT, what is safe, and what to do."""

    def __init__(self, reference: str) -> None:
        super().__init__("Something went wrong", "The station had an unexpected error and stopped.")
        frame, inside = card("band-error")
        inside.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        across = QHBoxLayout()
        across.setSpacing(Space.L)
        across.addWidget(IconBox("poor", Colour.POOR, 36))
        across.addWidget(WrapLabel(f"Reference {reference}", "title"), 1)
        inside.addLayout(across)
        inside.addWidget(
            label("Every picture that was reported as saved is still in the store.", wrap=True)
        )
        self._held = label("", wrap=True)
        self._held.hide()
        inside.addWidget(self._held)
        self.content.addWidget(frame)
        steps, listed = card()
        listed.addWidget(label("What to do", "heading"))
        for line in (
            "1. Close the station and start it again. Continue the episode from the list.",
            "2. If it happens again, give IT the reference above.",
            "3. If the patient cannot wait, refer without pictures. This must not delay care.",
        ):
            listed.addWidget(WrapLabel(line))
        self.content.addWidget(steps)
        self.content.addStretch(1)
        self.close_station = self.set_primary("&Close the station")
        self.set_first(self.close_station)

    def say_kept(self, is_kept: bool) -> None:
        """Say what has become of a picture that was taken and not used yet."""
        self._held.setText(_KEPT if is_kept else _NOT_KEPT)
        self._held.show()
