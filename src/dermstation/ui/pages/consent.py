"""Say what to tell the patient, and take down the answer. GUI thread."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QRadioButton, QVBoxLayout, QWidget

from dermstation.domain.records import Consent, ConsentForm
from dermstation.ui.theme import Space
from dermstation.ui.widgets.field import Problem
from dermstation.ui.widgets.notice import Level, Notice
from dermstation.ui.widgets.page import Page
from dermstation.ui.widgets.text import WrapLabel, card, label

# GMC, "Making and using visual and audio recordings of patients", 13-15: why, in what form, how it
# is stored, possible secondary uses. Local guidance: what can identify, and declining.
TELL_THE_PATIENT = (
    "We would like to take pictures of your skin so that a specialist can advise us.",
    "They are kept safely in your medical record and sent to the specialist inside the NHS.",
    "They are removed from this computer as soon as that is done.",
    "We leave out your face, tattoos and anything else that could identify you where we can.",
    "You may say no, or stop at any time. Your care and the referral go on without pictures.",
)


class ConsentPage(Page):
    """Two separate questions: pictures for direct care, and any other use."""

    submitted = Signal(bool, object, bool)  # given, ConsentForm, secondary use

    def __init__(self) -> None:
        super().__init__("Has the patient agreed to pictures?", "Say this in your own words first.")
        self._answers = QButtonGroup(self)
        self._others = QButtonGroup(self)
        self._declined = Notice()
        self._problem = Problem()
        across = QHBoxLayout()
        across.setSpacing(Space.L)
        across.addWidget(self._make_telling(), 1)
        across.addWidget(self._make_questions(), 1)
        self.content.addLayout(across)
        self.content.addStretch(1)
        self._answers.buttonToggled.connect(self._on_answered)
        self.set_primary("&Continue").clicked.connect(self._on_primary)
        self.set_back()
        self.set_first(self.verbal)

    def show_consent(self, consent: Consent | None) -> None:
        """Show an answer that was taken down before; None starts with no answer."""
        for group in (self._answers, self._others):
            group.setExclusive(False)
            for made in group.buttons():
                made.setChecked(False)
            group.setExclusive(True)
        self.other_no.setChecked(True)
        if consent is not None:
            chosen = self.written if consent.form is ConsentForm.WRITTEN else self.verbal
            (chosen if consent.given else self.declined).setChecked(True)
            self.other_yes.setChecked(consent.given and consent.secondary_use)
        self._on_answered()

    @property
    def problem(self) -> str:
        """Give what is said to be missing."""
        return self._problem.words

    def _make_telling(self) -> QWidget:
        frame, inside = card("band-info")
        inside.setSpacing(Space.M)
        inside.addWidget(label("Tell the patient", "heading"))
        for line in TELL_THE_PATIENT:
            inside.addWidget(WrapLabel(line))
        inside.addStretch(1)
        return frame

    def _make_questions(self) -> QWidget:
        self.verbal = QRadioButton("Yes, the patient said so")
        self.written = QRadioButton("Yes, the patient signed a form")
        self.declined = QRadioButton("No, the patient declines")
        self.other_no = QRadioButton("No")
        self.other_yes = QRadioButton("Yes")
        self.other_no.setChecked(True)
        for group, made in (
            (self._answers, (self.verbal, self.written, self.declined)),
            (self._others, (self.other_no, self.other_yes)),
        ):
            for choice in made:
                group.addButton(choice)
        frame, inside = card()
        inside.setSpacing(Space.XS)
        inside.addWidget(label("Pictures for the patient's own care", "heading"))
        for choice in (self.verbal, self.written, self.declined):
            inside.addWidget(choice)
        inside.addWidget(self._problem)
        self._other = QWidget()
        second = QVBoxLayout(self._other)
        second.setContentsMargins(0, Space.M, 0, 0)
        second.setSpacing(Space.XS)
        second.addWidget(label("Also for teaching, audit or research", "heading"))
        second.addWidget(WrapLabel("A separate question. Leave at No unless you asked.", "soft"))
        answers = QHBoxLayout()
        answers.addWidget(self.other_no)
        answers.addSpacing(Space.XL)
        answers.addWidget(self.other_yes)
        answers.addStretch(1)
        second.addLayout(answers)
        inside.addWidget(self._other)
        inside.addWidget(self._declined)
        inside.addStretch(1)
        return frame

    def _on_answered(self) -> None:
        self._problem.show_words("")
        declines = self.declined.isChecked()
        self._other.setVisible(not declines)
        if declines:
            self.other_no.setChecked(True)
            self._declined.show_message(
                Level.INFO,
                "No pictures will be taken.",
                "The referral still goes ahead without them, and is not delayed.",
                dismissable=False,
            )
        else:
            self._declined.clear()

    def _on_primary(self) -> None:
        if self._answers.checkedButton() is None:
            self._problem.show_words("Choose the patient's answer.")
            self.verbal.setFocus()
            return
        form = ConsentForm.WRITTEN if self.written.isChecked() else ConsentForm.VERBAL
        given = not self.declined.isChecked()
        self.submitted.emit(given, form, given and self.other_yes.isChecked())
