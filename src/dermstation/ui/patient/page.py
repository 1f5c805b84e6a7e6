"""Ask for the patient's details, then ask whether this is the patient in the room. GUI thread.

Checks with the domain's rules. The caller supplies the words for a broken rule, because they are
all kept in one table.
"""

from collections.abc import Callable, Mapping
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from dermstation.domain.barcodes import BarcodeFormats
from dermstation.domain.birth_dates import check_birth_date
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.identity import SEX_WORDS, NhsNumber, Patient, Sex, check_name
from dermstation.ui.parts.field import Field
from dermstation.ui.parts.notice import Level
from dermstation.ui.parts.page import Page
from dermstation.ui.parts.stack import Stack
from dermstation.ui.parts.text import WrapLabel, card, day_words, label
from dermstation.ui.patient.sex_choice import SexChoice
from dermstation.ui.patient.unfinished_row import UnfinishedRow
from dermstation.ui.system.timers import timer
from dermstation.ui.theme import Space, set_role
from dermstation.workflow.episodes import TypedPatient

DRAFT_AFTER_MS = 400
LONG_NAME_CHARS = 60  # longer names are shown smaller, so that all details stay visible
_TITLE = "Who is the patient?"
_INTRO = "Copy these from the patient's record. They are checked as you go."
_CONFIRM_TITLE = "Is this the patient in front of you?"
EXPECTED_INTRO = (
    "The worklist names this patient. Ask for their name and date of birth, and compare."
)
_INCOMING_INTRO = (
    "The record system sent this patient. Ask for their name and date of birth, and compare."
)
ARMED_AFTER_MS = 800
_NO_SCANNER = BarcodeFormats(())
_CONFIRM_INTRO = "Ask the patient for their name and date of birth, and compare."

Words = Callable[[StationError], str]
Today = Callable[[], date]


class PatientPage(Page):
    """The page with a form of four fields, and a panel that shows them large for confirmation."""

    is_short = True
    # NhsNumber, family name, given names, born on, Sex
    confirmed = Signal(object, str, str, object, object)
    declined = Signal()  # the incoming patient is not the one in the room
    edited = Signal(dict)  # the raw texts by field name, for the draft

    def __init__(
        self,
        words: Words,
        today: Today = date.today,
        *,
        formats: BarcodeFormats = _NO_SCANNER,
        check_number: Callable[[NhsNumber], None] | None = None,
    ) -> None:
        super().__init__(_TITLE, _INTRO)
        self._words = words
        self._today = today
        self._formats = formats
        self._check_number = check_number
        self.is_incoming = False
        self._checked: tuple[NhsNumber, str, str, date] | None = None
        self.fields = {
            "nhs_number": Field("NHS number", "10 digits, spaces allowed", lines=2),
            "family_name": Field("Family name", lines=2),
            "given_name": Field("Given names", lines=2),
            "born_on": Field("Date of birth", "Any form: 03-Sep-1958, 03/09/1958, 030958", lines=2),
        }
        self.sex = SexChoice()
        self.unfinished = UnfinishedRow()
        self._checks: dict[str, Callable[[str], object]] = {
            "nhs_number": self._parse_number,
            "family_name": check_name,
            "given_name": check_name,
            "born_on": lambda text: check_birth_date(text, today=self._today()),
        }
        self._stack = Stack()
        self._stack.add(self._make_form())
        self._stack.add(self._make_confirmation())
        self.content.addWidget(self._stack, 1)
        self._draft_timer = timer(self, DRAFT_AFTER_MS, once=True)
        self._draft_timer.timeout.connect(self._emit_typed)
        self.sex.choice.activated.connect(self._on_edited)
        self._armed = timer(self, ARMED_AFTER_MS, once=True)
        self._armed.timeout.connect(self._arm)
        self.set_primary("&Continue").clicked.connect(self._on_primary)
        self._change = self.add_secondary("C&hange details")
        self._change.clicked.connect(self._on_change)
        self.set_back()
        self.set_first(self.fields["nhs_number"])
        self.show_form()

    def load_draft(self, draft: Mapping[str, str]) -> None:
        """Fill the form with texts by field name, and empty every other field."""
        for name, field in self.fields.items():
            field.set_text(draft.get(name, ""))
        self.sex.show_sex(draft.get("sex", ""))
        self.show_form()

    def flush_draft(self) -> None:
        """Emit at once what has been typed since the last time."""
        if self._draft_timer.isActive():
            self._draft_timer.stop()
            self._emit_typed()

    def _emit_typed(self) -> None:
        typed = {name: field.text() for name, field in self.fields.items()}
        self.edited.emit({**typed, "sex": self.sex.sex.value})

    def ask_about_incoming(self, patient: TypedPatient, intro: str = _INCOMING_INTRO) -> None:
        """Ask whether the incoming patient is the one in the room.

        The buttons respond only after a moment, so that an Enter meant for the previous page
        neither confirms nor declines anybody.
        """
        self.is_incoming = True
        number = str(patient.nhs_number)
        names = {"family_name": patient.family_name, "given_name": patient.given_name}
        self.load_draft({"nhs_number": number, **names, "sex": patient.sex.value})
        try:
            self._parse_number(number)
        except StationError as trouble:
            self.show_notice(Level.ERROR, self._words(trouble))
        self._ask(patient.nhs_number, patient.family_name, patient.given_name, patient.born_on)
        self.set_title(_CONFIRM_TITLE, intro)
        self._change.setText("&No, another patient")
        self._change.setAccessibleName("No, another patient")
        if self.primary is not None:
            self.primary.setEnabled(False)
        self._change.setEnabled(False)
        self.set_first(self)
        self._armed.start()

    def show_form(self) -> None:
        """Show the form for typing."""
        self._checked = None
        self.set_title(_TITLE, _INTRO)
        self._grid.addWidget(self.sex, 3, 1)
        self._stack.show_place(0)
        self._change.hide()
        if self.primary is not None:
            self.primary.setText("&Continue")
            self.primary.setAccessibleName("Continue")
        self.fields["nhs_number"].setFocus()

    def take_scanned(self) -> None:
        """Continue from a form that a scanner filled: to the confirmation or a missing field."""
        self._draft_timer.start()
        missing = [field for field in self.fields.values() if not field.text().strip()]
        if missing:
            self._check("nhs_number")
            missing[0].setFocus()
        else:
            self._on_primary()

    @property
    def is_empty(self) -> bool:
        """Return whether nothing has been typed."""
        return not any(field.text().strip() for field in self.fields.values())

    @property
    def confirming(self) -> bool:
        """Return whether the page asks for confirmation."""
        return self._checked is not None

    def _make_form(self) -> QWidget:
        form = QWidget()
        grid = self._grid = QGridLayout(form)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(Space.XL)
        grid.setVerticalSpacing(Space.M)
        grid.addWidget(self.unfinished, 0, 0, 1, 2)
        places = {"nhs_number": (1, 0), "family_name": (2, 0), "given_name": (2, 1)}
        for name, field in self.fields.items():
            grid.addWidget(field, *places.get(name, (3, 0)))
            field.edited.connect(self._on_edited)
            field.edit.editingFinished.connect(lambda name=name: self._on_left(name))
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(4, 1)
        return form

    def _make_confirmation(self) -> QWidget:
        self._name = WrapLabel(role="display")
        self._born = WrapLabel(role="title")
        self._number = WrapLabel(role="title")
        self._test = label(
            "This NHS number is from the range reserved for tests.", "soft", wrap=True
        )
        panel, inside = card()
        inside.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.XL)
        inside.setSpacing(Space.M)
        for line in (self._name, self._born, self._number, self._test):
            inside.addWidget(line)
        holder = QWidget()
        layout = QVBoxLayout(holder)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(panel)
        layout.addStretch(1)
        self._below = layout
        return holder

    def _on_edited(self) -> None:
        self.unfinished.hide()  # the details of two patients must never mix
        self._draft_timer.start()

    def _arm(self) -> None:
        self._change.setEnabled(True)
        if self.primary is not None:
            self.primary.setEnabled(True)
            self.primary.setFocus()

    def _on_change(self) -> None:
        if self.is_incoming:
            self.declined.emit()
        else:
            self.show_form()

    def _parse_number(self, text: str) -> NhsNumber:
        number = NhsNumber.parse(text)
        if self._check_number is not None:
            self._check_number(number)
        return number

    def _take_scan(self) -> bool:
        """Spread what a scanner typed into one field over all the fields that it contains.

        Return whether a field is still to be filled; then the scanner's Enter must not confirm.
        """
        for field in self.fields.values():
            scanned = self._formats.read(field.text())
            if scanned is None or list(scanned.values()) == [field.text().strip()]:
                continue
            field.set_text("")
            for name, text in scanned.items():
                self.fields[name].set_text(text)
            break
        self._draft_timer.start()
        if self._formats.is_like_a_scan(self.fields["nhs_number"].text()):
            trouble = StationError(ErrorCode.SCAN_NOT_KNOWN)
            self.fields["nhs_number"].show_error(self._words(trouble))
            return True
        typed = [bool(field.text().strip()) for field in self.fields.values()]
        if typed[0] and not any(typed[1:]) and self._check("nhs_number") is not None:
            self.fields["family_name"].setFocus()
            return True
        return False

    def _on_left(self, name: str) -> None:
        # an empty field is not wrong yet: the operator may only be tabbing through
        if self.fields[name].text().strip():
            self._check(name)

    def _check(self, name: str) -> object | None:
        field = self.fields[name]
        try:
            value = self._checks[name](field.text())
        except StationError as error:
            field.show_error(self._words(error))
            return None
        field.show_error("")
        if isinstance(value, NhsNumber):
            field.set_text(str(value))
        elif isinstance(value, date):
            field.set_text(day_words(value))  # as it is shown everywhere, so that it can be checked
        return value

    def _on_primary(self) -> None:
        if self._checked is not None:
            self._draft_timer.stop()
            self.confirmed.emit(*self._checked, self.sex.sex)
            return
        if self._take_scan():
            return
        number, family, given, born_on = (self._check(name) for name in self.fields)
        if (
            isinstance(number, NhsNumber)
            and isinstance(family, str)
            and isinstance(given, str)
            and isinstance(born_on, date)
        ):
            self._ask(number, family, given, born_on)
        else:
            wrong = next(field for field in self.fields.values() if field.error)
            wrong.setFocus()

    def _ask(self, number: NhsNumber, family: str, given: str, born_on: date) -> None:
        self._checked = (number, family, given, born_on)
        shown = Patient("", given, family, born_on, number)
        age = shown.age_on(self._today())
        self.set_title(_CONFIRM_TITLE, _CONFIRM_INTRO)
        self._name.setText(shown.full_name)
        set_role(self._name, "display" if len(shown.full_name) <= LONG_NAME_CHARS else "title")
        sex = "" if self.sex.sex is Sex.NOT_RECORDED else f", {SEX_WORDS[self.sex.sex]}"
        self._born.setText(f"Born {day_words(born_on)}, {age} years old{sex}")
        self._number.setText(f"NHS {number}")
        self._test.setVisible(number.is_test)
        if self.is_incoming and self.sex.sex is Sex.NOT_RECORDED:
            self._below.insertWidget(1, self.sex)
        self._stack.show_place(1)
        self._change.show()
        if self.primary is not None:
            self.primary.setText("&Yes, this is the patient")
            self.primary.setAccessibleName("Yes, this is the patient")
            self.primary.setFocus()
