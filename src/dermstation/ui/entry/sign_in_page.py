"""Sign in with an operator and a PIN or passphrase. GUI thread."""

from collections.abc import Sequence
from time import monotonic

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Operator
from dermstation.ui.parts.choice import Choice
from dermstation.ui.parts.page import Page
from dermstation.ui.parts.secret_field import SecretField
from dermstation.ui.parts.text import WrapLabel, label, wait_words
from dermstation.ui.theme import Space

_COLUMN_PX = 640
_TICK_MS = 250


class SignInPage(Page):
    """The page with the operators, if several, one hidden field, and the wait after failures."""

    is_short = True
    submitted = Signal(str, str)  # operator id, secret

    def __init__(self, operators: Sequence[Operator]) -> None:
        super().__init__("Sign in", column_px=_COLUMN_PX)
        self._operators = tuple(operators)
        self._until: dict[str, float] = {}  # by operator: nobody waits for another's attempts
        self.who = Choice()
        self.secret = SecretField("PIN or passphrase")
        self.secret.edit.setAccessibleDescription("Your own, never somebody else's")
        self._who_row = self._make_who()
        self.content.addWidget(self._who_row)
        self.content.addWidget(self.secret)
        self.content.addStretch(1)
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._show_wait)
        self.set_primary("&Sign in").clicked.connect(self._on_primary)
        self.forgotten = self.add_secondary("&Forgotten? Use the recovery key")
        self.set_first(self.secret)
        if not operators:
            self._show_nobody()

    def set_busy(self, *, busy: bool) -> None:
        """Show that the vault is being opened."""
        self.who.setEnabled(not busy)
        self.show_busy("Opening\u2026" if busy else "")

    def show_refused(self, trouble: StationError) -> None:
        """Empty the field; if there is a wait, count it down before the next attempt."""
        self.secret.clear()
        seconds = trouble.facts.get("seconds")
        if trouble.code is ErrorCode.SECRET_WAIT and isinstance(seconds, int | float):
            self.start_wait(float(seconds))
        else:
            self.secret.setFocus()

    def start_wait(self, seconds: float) -> None:
        """Refuse attempts for this many seconds, and show how many are left."""
        self._until[self.operator_id] = monotonic() + seconds
        self._timer.start()
        self._show_wait()

    @property
    def waiting(self) -> bool:
        """Return whether attempts are refused for now."""
        return self._timer.isActive()

    def _make_who(self) -> QWidget:
        holder = QWidget()
        layout = QVBoxLayout(holder)
        layout.setContentsMargins(0, 0, 0, Space.S)
        layout.setSpacing(Space.XS)
        title = label("Who are you?" if len(self._operators) > 1 else "Operator", "strong")
        layout.addWidget(title)
        if len(self._operators) > 1:
            for one in self._operators:
                self.who.addItem(one.name, one.id)
            self.who.setMinimumContentsLength(20)
            self.who.setAccessibleName("Who are you?")
            self.who.currentIndexChanged.connect(self._on_chosen)
            title.setBuddy(self.who)
            layout.addWidget(self.who)
        else:
            self.who.setParent(holder)
            self.who.hide()
            layout.addWidget(WrapLabel("".join(one.name for one in self._operators), "heading"))
        return holder

    def _show_nobody(self) -> None:
        self.set_title("Nobody can sign in on this PC at the moment")
        for widget in (self._who_row, self.secret, self.primary, self.forgotten):
            if widget is not None:
                widget.hide()

    @property
    def operator_id(self) -> str:
        """Return the id of the chosen operator, or "" if none is chosen."""
        if len(self._operators) == 1:
            return self._operators[0].id
        return str(self.who.currentData() or "")

    def _on_chosen(self) -> None:
        self.secret.clear()
        self._end_wait()
        if self._left_s() > 0:
            self._timer.start()
            self._show_wait()

    def _show_wait(self) -> None:
        left = self._left_s()
        if left > 0:
            time = wait_words(left)
            self.show_busy(f"Wait {time}")
            self.secret.show_error(f"Too many wrong attempts. You can try again in {time}.")
        else:
            self._end_wait()
            self.secret.setFocus()

    def _end_wait(self) -> None:
        self._timer.stop()
        self.show_busy("")
        self.secret.show_error("")

    def _left_s(self) -> int:
        return round(self._until.get(self.operator_id, 0.0) - monotonic() + 0.5)

    def _on_primary(self) -> None:
        if secret := self.secret.text():
            self.secret.clear()  # it stays no longer than needed
            self.submitted.emit(self.operator_id, secret)
        else:
            self.secret.show_error("Type your PIN or passphrase.")
            self.secret.setFocus()
