"""Show what to tell the patient, and record the answer. GUI thread."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from dermstation.domain.consents import NOTHING_ASKED, SECONDARY_USE_WORDS
from dermstation.domain.records import Consent, ConsentForm
from dermstation.ui.parts.button import button
from dermstation.ui.parts.field import Problem
from dermstation.ui.parts.folding import SideBySide
from dermstation.ui.parts.notice import Level, Notice
from dermstation.ui.parts.page import Page
from dermstation.ui.parts.text import WrapLabel, card, count_words, label
from dermstation.ui.patient.consent_answers import AnswersCard
from dermstation.ui.theme import PAGE_MAX_PX, Space, set_role

# why, in what form, how it is stored, possible secondary uses; what can identify, and declining
SOURCE = (
    "GMC, Making and using visual and audio recordings of patients, 13 to 15; G-care: Use of images"
    " for clinical purposes"
)
TELL_THE_PATIENT = (
    "We would like to take pictures of your skin so that a specialist can advise us.",
    "They are kept safely in your medical record and sent to the specialist within the NHS.",
    "They are removed from this computer as soon as that is done.",
    "Wherever we can, we leave out your face, tattoos and anything else that could identify you.",
    "You can say no, or stop at any time. Your care and the referral go on without pictures.",
)

# GMC, the same: possible secondary uses are explained; consent to each is separate
OTHER_USES = (
    "Not part of care; saying no changes nothing. Teaching: shown to staff and students."
    " Audit: how well we work. Research: approved studies."
)


class ConsentPage(Page):
    """The page with two separate questions: any other use, and pictures for direct care.

    The press of a "yes" records it and goes on; the press of a "no" first says what it does.
    """

    is_short = True
    submitted = Signal(bool, object, object, object)
    """Given, ConsentForm, uses beyond care (a tuple of SecondaryUse), ConsentCircumstances."""

    def __init__(self, pictures_taken: int = 0, *, may_wipe: bool = True) -> None:
        """Ask for consent, and say what a "no" does to any `pictures_taken`."""
        super().__init__("Has the patient agreed to pictures?", column_px=PAGE_MAX_PX)
        self._pictures_taken = pictures_taken
        self._may_wipe = may_wipe
        self._answers = QButtonGroup(self)
        self._declined = Notice()
        self._problem = Problem("A \u201cyes\u201d goes on at once.")
        across = SideBySide()
        across.addWidget(self._make_telling(), 1)
        across.addWidget(self._make_other_uses(), 1)
        self.answers = AnswersCard()
        self.content.addLayout(across)
        self.content.addWidget(self.answers)
        self.content.addWidget(self._make_question())
        self.content.addStretch(1)
        self._answers.buttonToggled.connect(self._on_answered)
        self.set_primary("&Continue").clicked.connect(self._on_primary)
        self.set_back()
        self.set_first(self.verbal)

    def show_consent(self, consent: Consent | None) -> None:
        """Show an answer recorded earlier; None starts without an answer."""
        self._answers.setExclusive(False)
        for made in self._answers.buttons():
            made.setChecked(False)
        self._answers.setExclusive(True)
        for use, tick in self.uses.items():
            tick.setChecked(consent is not None and consent.given and use in consent.uses)
        if consent is not None:
            chosen = self.written if consent.form is ConsentForm.WRITTEN else self.verbal
            (chosen if consent.given else self.declined).setChecked(True)
            self.answers.show_circumstances(consent.circumstances)
        else:
            self.answers.show_circumstances(NOTHING_ASKED)
        self._on_answered()

    @property
    def problem(self) -> str:
        """Return the words about what is missing."""
        return self._problem.words

    def _make_telling(self) -> QWidget:
        frame, inside = card("band-info")
        inside.setSpacing(Space.M)
        inside.addWidget(label("Tell the patient, in your own words", "heading"))
        for line in TELL_THE_PATIENT:
            inside.addWidget(WrapLabel(line))
        inside.addStretch(1)
        return frame

    def _make_other_uses(self) -> QWidget:
        self.uses = {use: QCheckBox(words) for use, words in SECONDARY_USE_WORDS.items()}
        frame, inside = card()
        inside.setSpacing(Space.XS)
        self._other = QWidget()
        asked = QVBoxLayout(self._other)
        asked.setContentsMargins(0, 0, 0, 0)
        asked.setSpacing(Space.XS)
        asked.addWidget(label("Other uses: tick only what the patient agrees to", "strong"))
        asked.addWidget(WrapLabel(OTHER_USES, "small"))
        ticks = QHBoxLayout()
        for tick in self.uses.values():
            ticks.addWidget(tick)
        ticks.addStretch(1)
        asked.addLayout(ticks)
        inside.addWidget(self._other)
        inside.addWidget(self._declined)
        inside.addStretch(1)
        return frame

    def _make_question(self) -> QWidget:
        self.verbal = button("Yes, verbal consent", "choice")
        self.written = button("Yes, signed consent form", "choice")
        self.declined = button("No, the patient declines", "choice")
        frame, inside = card()
        inside.setContentsMargins(Space.L, Space.S, Space.L, Space.S)
        inside.setSpacing(Space.XS)
        choices = SideBySide(Space.S)
        asked = QVBoxLayout()
        asked.setSpacing(0)
        asked.addWidget(label("Pictures for the patient's own care", "heading"))
        asked.addWidget(self._problem)
        choices.addLayout(asked, 1)
        for choice in (self.verbal, self.written, self.declined):
            choice.setCheckable(True)
            choice.setProperty("large", "true")
            self._answers.addButton(choice)
            choices.addWidget(choice, 1)
        for choice in (self.verbal, self.written):
            choice.clicked.connect(self.press_primary)
        inside.addLayout(choices)
        return frame

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter go on but never answer: it may be meant for the page before this one."""
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and self.focusWidget() in self._answers.buttons():
            if not event.isAutoRepeat():
                self.press_primary()
        else:
            super().keyPressEvent(event)

    def _on_answered(self) -> None:
        self._problem.show_words("")
        declines = self.declined.isChecked()
        self._show_primary(wipes=declines and self._may_wipe and self._pictures_taken > 0)
        self._other.setVisible(not declines)
        if declines:
            for tick in self.uses.values():
                tick.setChecked(False)
            self._show_declined()
        else:
            self._declined.clear()

    def _show_primary(self, *, wipes: bool) -> None:
        """Name on the button what it destroys."""
        if self.primary is not None:
            pictures = count_words(self._pictures_taken, "picture", "pictures")
            words = f"Wipe {pictures} and continue without" if wipes else "Continue"
            self.primary.setText(f"&{words}")
            self.primary.setAccessibleName(words)
            set_role(self.primary, "destroy" if wipes else "primary")

    def _show_declined(self) -> None:
        if self._pictures_taken:
            pictures = count_words(self._pictures_taken, "picture was", "pictures were")
            is_one = self._pictures_taken == 1
            does = (
                f"{'It is' if is_one else 'They are'} wiped, and cannot be brought back."
                if self._may_wipe
                else "\u201cContinue\u201d stops all use at once; a clinician wipes them."
            )
            self._declined.show_message(
                Level.WARN,
                f"{pictures} taken. {does}",
                "The referral still goes ahead without pictures and is not delayed.",
                dismissable=False,
            )
            return
        self._declined.show_message(
            Level.INFO,
            "No pictures will be taken.",
            "The referral still goes ahead without them and is not delayed.",
            dismissable=False,
        )

    def _on_primary(self) -> None:
        if self._answers.checkedButton() is None:
            self._problem.show_words("Choose the patient's answer.")
            self.lead_to(self.verbal)
            return
        form = ConsentForm.WRITTEN if self.written.isChecked() else ConsentForm.VERBAL
        given = not self.declined.isChecked()
        circumstances = self.answers.checked(given=given)
        if circumstances is not None:
            uses = tuple(use for use, tick in self.uses.items() if given and tick.isChecked())
            self.submitted.emit(given, form, uses, circumstances)
