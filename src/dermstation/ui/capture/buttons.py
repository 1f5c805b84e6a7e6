"""The buttons of the capture page, shown and labelled for each stage. GUI thread."""

from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from dermstation.ui.capture.shutter import Shutter
from dermstation.ui.parts.button import button
from dermstation.ui.parts.page import Page
from dermstation.ui.parts.shortening import ShortButton, ShortCheckBox
from dermstation.ui.theme import Space, set_mark, set_role
from dermstation.workflow.capture_keys import Act, Stage, row_of

_HANDS_FREE = f"&{row_of(Act.HANDS_FREE).word}  ({row_of(Act.HANDS_FREE).key})"
_FINISH = "&Finish"
_ESC = f"({row_of(Act.LEAVE).key})"
_ENTER = f"({row_of(Act.CONFIRM).key})"

LIVE = (Stage.AIMING, Stage.HOW_TO, Stage.KEYS, Stage.RULER)
_BY_SHUTTER = (Stage.AIMING, Stage.HOLDING)
_BY_REVIEW = (Stage.REVIEWING, Stage.SAVING)


class CaptureButtons:
    """The buttons below the panel, the primary one the lowest, and "Back" below the tools."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.shutter = Shutter()
        self.use = button("&Use this picture", "primary")
        self.act = button("&Done", "primary")
        for made in (self.shutter, self.use, self.act):
            made.setProperty("tall", "true")
        retake, replace = row_of(Act.RETAKE), row_of(Act.REPLACE)
        self.finish = ShortButton("&Finish this lesion", _FINISH, "text")
        self.card = ShortButton("From a &card\u2026", "&Card\u2026", "text")
        self.again = button(f"{retake.word}  (&{retake.key})")
        self.replace = button(f"{replace.word}  (&{replace.key})")
        self.add = ShortButton("&Add this length", "&Add")
        self.cancel = ShortButton(f"&Cancel  {_ESC}", "&Cancel")
        self.back = button("&Back", "back")
        self.back.clicked.connect(page.back_pressed)
        page.back = self.back
        self.hands_free = ShortCheckBox(_HANDS_FREE, f"&{row_of(Act.HANDS_FREE).word}")
        tips: dict[QAbstractButton, Act] = {
            self.shutter: Act.TAKE,
            self.again: Act.RETAKE,
            self.replace: Act.REPLACE,
            self.cancel: Act.LEAVE,
            self.hands_free: Act.HANDS_FREE,
        }
        for told, act in tips.items():
            told.setToolTip(row_of(act).tip)
        self._others = QHBoxLayout()
        self.row = self._lay_out()

    def _lay_out(self) -> QWidget:
        row = QWidget()
        self._others.setSpacing(Space.S)
        for made in (self.card, self.finish, self.add, self.cancel, self.again, self.replace):
            self._others.addWidget(made, 1)
        self._rows = QVBoxLayout(row)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(Space.XS)
        self._rows.addWidget(self.hands_free)
        self._rows.addLayout(self._others)
        for primary in (self.shutter, self.use, self.act):
            self._rows.addWidget(primary)
        return row

    def set_small(self, *, small: bool) -> None:
        """Put the tick beside the other buttons, in a low window."""
        if small:
            self._others.insertWidget(0, self.hands_free)
        else:
            self._rows.insertWidget(0, self.hands_free)
        for made in (self.shutter, self.use, self.act):
            set_mark(made, "tall", "false" if small else "true")

    def in_order(self) -> tuple[QWidget, ...]:
        """List what Tab goes through, in reading order."""
        others = (self.card, self.finish, self.add, self.cancel, self.again, self.replace)
        return (self.hands_free, *others, self.shutter, self.use, self.act, self.back)

    def show_finish(self, *, has_pictures: bool) -> None:
        """Label the finish button; without pictures it says so."""
        words = "&Finish this lesion" if has_pictures else "&Finish without pictures"
        self.finish.set_texts(words, _FINISH)

    def show_hands_free(self, *, on: bool, waits: bool) -> None:
        """Show whether hands-free is on, and whether it waits for a first picture taken by hand."""
        self.hands_free.setChecked(on)
        waiting = ", after this picture" if on and waits else ""
        self.hands_free.set_texts(f"{_HANDS_FREE}{waiting}", f"&{row_of(Act.HANDS_FREE).word}")

    def show_stage(self, stage: Stage, *, poor: bool, guarded: bool, complete: bool) -> None:
        """Show the buttons of a stage.

        `poor`: the held picture is poor; `guarded`: it cannot be accepted yet; `complete`: the
        measured lengths are enough for a scale.
        """
        self._page.primary = self._primary(stage)
        by_shutter = stage in _BY_SHUTTER
        shown: dict[QAbstractButton, bool] = {
            self.shutter: by_shutter or stage in row_of(Act.TAKE).stages - {Stage.REVIEWING},
            self.use: stage in _BY_REVIEW,
            self.again: stage in _BY_REVIEW,
            self.act: stage in (Stage.KEYS, Stage.MARKS, Stage.TAKEN),
            self.replace: stage is Stage.TAKEN,
            self.add: stage is Stage.MARKS and complete,
            self.cancel: stage in (Stage.HOW_TO, Stage.RULER, Stage.MARKS),
            **dict.fromkeys((self.finish, self.card, self.back, self.hands_free), by_shutter),
        }
        # hide first: all of them shown at once, even for a moment, would widen the window
        for made, is_shown in sorted(shown.items(), key=lambda one: one[1]):
            made.setVisible(is_shown)
        for made in (self.finish, self.card):
            made.setEnabled(stage is Stage.AIMING)
        self._show_review(poor=poor, saving=stage is Stage.SAVING, guarded=guarded)
        closes = stage is Stage.HOW_TO
        words = "&Close the steps" if closes else "&Cancel"
        self.cancel.set_texts(f"{words}  {_ESC}", words)
        if stage is Stage.MARKS:
            self.act.setText("&Save the scale" if complete else f"&Add this length  {_ENTER}")
        else:
            live = f"Li&ve picture  {_ESC}"
            self.act.setText(live if stage is Stage.TAKEN else "&Done")

    def _show_review(self, *, poor: bool, saving: bool, guarded: bool) -> None:
        words = "Use it an&yway" if poor else f"&Use this picture  {_ENTER}"
        self.use.setText("Saving\u2026" if saving else words)
        set_role(self.use, "secondary" if poor and not saving else "primary")
        set_role(self.again, "primary" if poor else "secondary")
        self.use.setEnabled(not saving and not guarded)
        self.again.setEnabled(not saving)

    def _primary(self, stage: Stage) -> QPushButton:
        if stage in _BY_REVIEW:
            return self.use
        return self.act if stage in (Stage.KEYS, Stage.MARKS, Stage.TAKEN) else self.shutter
