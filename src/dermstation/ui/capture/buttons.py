"""The buttons below the capture page, shown and labelled for each stage. GUI thread."""

from PySide6.QtWidgets import QAbstractButton, QPushButton

from dermstation.ui.capture.shutter import Shutter
from dermstation.ui.parts.button import button
from dermstation.ui.parts.page import Page
from dermstation.ui.parts.shortening import ShortButton, ShortCheckBox
from dermstation.ui.theme import set_role
from dermstation.workflow.capture_keys import Act, Stage, row_of

WIDTH_PX = 368  # as wide as the column above
_HANDS_FREE = f"&{row_of(Act.HANDS_FREE).word}  ({row_of(Act.HANDS_FREE).key})"
_FINISH = "&Finish"
_HANDS_FREE_SHORT = f"&{row_of(Act.HANDS_FREE).word}"
_ESC = f"({row_of(Act.LEAVE).key})"

LIVE = (Stage.AIMING, Stage.HOW_TO, Stage.KEYS, Stage.RULER)
_BY_SHUTTER = (Stage.AIMING, Stage.HOLDING)
_BY_REVIEW = (Stage.REVIEWING, Stage.SAVING)


class CaptureButtons:
    """The buttons of the capture page; each stage shows some, and one is the page's primary."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.shutter = Shutter()
        self.use = button("&Use this picture", "primary")
        self.act = button("&Done", "primary")
        for made in (self.shutter, self.use, self.act):
            page.set_primary(made)
            made.setProperty("tall", "true")
            made.setFixedWidth(WIDTH_PX)
        retake = row_of(Act.RETAKE)
        self.finish = ShortButton("&Finish this lesion", _FINISH)
        self.card = ShortButton("From a memory &card\u2026", "&Card\u2026")
        page.add_made(self.finish)
        page.add_made(self.card)
        self.again = page.add_secondary(f"{retake.word}  (&{retake.key})")
        self.add = page.add_secondary("&Add this length")
        self.cancel = page.add_secondary(f"&Cancel  {_ESC}")
        self.back = page.set_back()
        self.hands_free = ShortCheckBox(_HANDS_FREE, _HANDS_FREE_SHORT)
        tips: dict[QAbstractButton, Act] = {
            self.shutter: Act.TAKE,
            self.again: Act.RETAKE,
            self.cancel: Act.LEAVE,
            self.hands_free: Act.HANDS_FREE,
        }
        for told, act in tips.items():
            told.setToolTip(row_of(act).tip)
        page.add_left(self.hands_free)

    def show_finish(self, *, has_pictures: bool) -> None:
        """Label the finish button; without pictures it says so."""
        words = "&Finish this lesion" if has_pictures else "&Finish without pictures"
        self.finish.set_texts(words, _FINISH)

    def show_hands_free(self, *, on: bool, waits: bool) -> None:
        """Show whether hands-free is on, and whether it waits for a first picture taken by hand."""
        self.hands_free.setChecked(on)
        waiting = ", after this picture" if on and waits else ""
        self.hands_free.set_texts(f"{_HANDS_FREE}{waiting}", _HANDS_FREE_SHORT)

    def show_stage(self, stage: Stage, *, poor: bool, guarded: bool, complete: bool) -> None:
        """Show the buttons of a stage.

        `poor`: the held picture is poor; `guarded`: it cannot be accepted yet; `complete`: the
        measured lengths are enough for a scale.
        """
        reviewing, saving = stage in _BY_REVIEW, stage is Stage.SAVING
        self._page.primary = self._primary(stage)
        shown: dict[QAbstractButton, bool] = {
            self.shutter: stage in _BY_SHUTTER or stage in row_of(Act.TAKE).stages,
            self.use: reviewing,
            self.again: reviewing,
            self.act: stage in (Stage.KEYS, Stage.MARKS),
            self.add: stage is Stage.MARKS and complete,
            self.cancel: stage in (Stage.HOW_TO, Stage.RULER, Stage.MARKS),
            **dict.fromkeys((self.finish, self.card, self.back), stage in _BY_SHUTTER),
            self.hands_free: stage in _BY_SHUTTER,
        }
        # hide first: all of them shown at once, even for a moment, would widen the window
        for made, is_shown in sorted(shown.items(), key=lambda one: one[1]):
            made.setVisible(is_shown)
        for made in (self.finish, self.card):
            made.setEnabled(stage is Stage.AIMING)
        words = "Use it an&yway" if poor else "&Use this picture"
        self.use.setText("Saving\u2026" if saving else words)
        set_role(self.use, "secondary" if poor and not saving else "primary")
        set_role(self.again, "primary" if poor else "secondary")
        self.use.setEnabled(not saving and not guarded)
        self.again.setEnabled(not saving)
        closes = stage is Stage.HOW_TO
        self.cancel.setText(f"&Close the steps  {_ESC}" if closes else f"&Cancel  {_ESC}")
        if stage is Stage.KEYS:
            self.act.setText("&Done")
        else:
            add = f"&Add this length  ({row_of(Act.CONFIRM).key})"
            self.act.setText("&Save the scale" if complete else add)

    def _primary(self, stage: Stage) -> QPushButton:
        if stage in _BY_REVIEW:
            return self.use
        return self.act if stage in (Stage.KEYS, Stage.MARKS) else self.shutter
