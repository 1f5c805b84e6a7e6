"""Offer to move this account's own store to the place that all accounts share. GUI thread."""

from collections.abc import Sequence

from dermstation.domain.records import Operator
from dermstation.ui.entry.sign_in_page import SignInPage
from dermstation.ui.parts.text import WrapLabel

_WORDS = (
    "The station is installed for everybody who uses this PC, and its shared place is still empty."
    " This account has a store of its own, from before. Move it there, and all accounts work with"
    " the same episodes and the same operators. Nothing is lost: it is copied and checked first,"
    " and only then wiped here."
)


class TakeOverPage(SignInPage):
    """The page that asks an administrator of the store to move it."""

    def __init__(self, administrators: Sequence[Operator]) -> None:
        super().__init__(administrators)
        self.set_title(
            "Share this account\u2019s store", "An administrator of the store does this once."
        )
        self.content.insertWidget(0, WrapLabel(_WORDS))
        if self.primary is not None:
            self.primary.setText("&Move the store")
        self.forgotten.hide()
        self.new_store = self.add_secondary("Set up a &new store\u2026")

    def set_busy(self, *, busy: bool) -> None:
        """Show that the store is being moved."""
        super().set_busy(busy=busy)
        self.new_store.setEnabled(not busy)
        if busy:
            self.show_busy("Moving\u2026")
