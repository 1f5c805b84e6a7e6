"""Sign in with the recovery key, and choose a new PIN or passphrase. GUI thread."""

from collections.abc import Callable

from PySide6.QtCore import Signal

from dermstation.security.pin_policy import PinRule
from dermstation.ui.entry.recovery_words import RecoveryWords
from dermstation.ui.parts.new_secret import NewSecret
from dermstation.ui.parts.page import Page
from dermstation.ui.parts.text import label


class RecoverPage(Page):
    """The page that asks for the twelve words, and twice for the new secret."""

    is_short = True
    submitted = Signal(str, str)  # the words, the new secret

    def __init__(self, name: str = "", suggest: Callable[[str], str] | None = None) -> None:
        super().__init__(
            "Sign in with the recovery key",
            "The 12 words are on the paper that was written when the station was set up.",
        )
        self.words = RecoveryWords("Recovery key", "12 words with spaces between them")
        self.secret = NewSecret(suggest, lambda: name)
        self.content.addWidget(self.words)
        self.content.addWidget(label("Your new PIN or passphrase", "heading"))
        self.content.addWidget(self.secret)
        self.content.addStretch(1)
        self.secret.edited.connect(self.clear_notice)
        self.words.edited.connect(lambda _: self.clear_notice())
        self.set_primary("&Sign in").clicked.connect(self._on_primary)
        self.set_back()
        self.set_first(self.words)

    def set_pin_rule(self, rule: PinRule) -> None:
        """Show whether a PIN is enough on this PC, or why it is not."""
        self.secret.set_pin_rule(rule)

    def set_busy(self, *, busy: bool) -> None:
        """Show that the vault is being opened."""
        self.show_busy("Opening\u2026" if busy else "")

    def _on_primary(self) -> None:
        wrong = self.words.complaint()
        secret = self.secret.checked()
        if wrong:
            self.words.setFocus()
        elif secret is not None:
            self.submitted.emit(self.words.text(), secret)
