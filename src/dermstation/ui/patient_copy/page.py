"""Make the patient a copy of one picture, on paper or as a file with a password. GUI thread.

The password is only on this page, and is lost with it.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QDir, Qt, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import (
    QButtonGroup,
    QFileDialog,
    QFrame,
    QGridLayout,
    QLabel,
    QRadioButton,
    QVBoxLayout,
)

from dermstation.domain.patient_copies import CopyForm
from dermstation.domain.records import Capture, Lesion
from dermstation.domain.shots import SHOT_GUIDES
from dermstation.ui.parts.button import button
from dermstation.ui.parts.folding import SideBySide
from dermstation.ui.parts.page import Page
from dermstation.ui.parts.text import WrapLabel, card, label
from dermstation.ui.parts.thumbnail import Thumbnail
from dermstation.ui.theme import PAGE_MAX_PX, Space

SHEET_PX = 226  # width of the sheet on the page
_COLUMNS = 3
_FILE_NAME = "picture.pdf"
_ACTIONS = {CopyForm.PRINTED: "&Print\u2026", CopyForm.PDF: "&Save the PDF\u2026"}


class PatientCopyPage(Page):
    """The page with the pictures, the form of the copy with its password, and the sheet."""

    picture_chosen = Signal(str)  # capture id
    print_wanted = Signal(str)  # capture id
    save_wanted = Signal(str, object, str)  # capture id, Path, password

    def __init__(
        self,
        offered: Sequence[tuple[Lesion, Capture]],
        pictures: Mapping[str, NDArray[np.uint8]],
        new_password: Callable[[], str],
        given: Sequence[str] = (),
    ) -> None:
        super().__init__(
            "A copy for the patient",
            "Only if the patient asks for one. Giving a copy is recorded.",
            column_px=PAGE_MAX_PX,
        )
        self._new_password = new_password
        self._group = QButtonGroup(self)
        self.choices: dict[str, QRadioButton] = {}
        self.sheet = QLabel()
        self.sheet.setAccessibleName("The sheet that the patient gets")
        self.sheet.setFixedSize(SHEET_PX, round(SHEET_PX * 2970 / 2100))
        self.sheet.setProperty("role", "sheet")
        across = SideBySide()
        across.addWidget(self._make_pictures(offered, pictures), 1)
        middle = QVBoxLayout()
        middle.setSpacing(Space.M)
        middle.addWidget(self._make_forms())
        middle.addStretch(1)
        across.addLayout(middle, 1)
        across.addWidget(self.sheet, 0, Qt.AlignmentFlag.AlignTop)
        self.content.addLayout(across)
        self.content.addStretch(1)
        self.set_back("&Back to the summary")
        self.set_primary(_ACTIONS[CopyForm.PRINTED]).clicked.connect(self._on_primary)
        self.show_given(given)
        self._show_form()
        first = next(iter(self.choices.values()), None)
        if first is not None:
            first.setChecked(True)
            self.set_first(first)

    @property
    def chosen(self) -> str:
        """Return the id of the chosen capture."""
        return next((name for name, one in self.choices.items() if one.isChecked()), "")

    @property
    def form(self) -> CopyForm:
        """Return the form of the copy."""
        return CopyForm.PDF if self.forms[CopyForm.PDF].isChecked() else CopyForm.PRINTED

    @property
    def password(self) -> str:
        """Return the password as shown."""
        return self._password.text()

    def show_sheet(self, image: QImage | None) -> None:
        """Show the sheet of the chosen picture; it can be given only once it is shown."""
        self.sheet.setPixmap(QPixmap.fromImage(image) if image is not None else QPixmap())
        if self.primary is not None:
            self.primary.setEnabled(image is not None)

    def show_given(self, given: Sequence[str]) -> None:
        """List the copies that were given."""
        self._given_words.setText("\n".join(given))
        for line in (self._given, self._given_words):
            line.setVisible(bool(given))

    def _make_pictures(
        self, offered: Sequence[tuple[Lesion, Capture]], pictures: Mapping[str, NDArray[np.uint8]]
    ) -> QFrame:
        frame, inside = card()
        inside.addWidget(label("Which picture?", "heading"))
        grid = QGridLayout()
        grid.setSpacing(Space.M)
        for place, (lesion, capture) in enumerate(offered):
            choice = QRadioButton(f"{lesion.label} {SHOT_GUIDES[capture.shot].title}")
            choice.setAccessibleDescription(f"{capture.title}, {lesion.site_words}")
            thumbnail = Thumbnail("")
            thumbnail.show_image(pictures.get(capture.id), None)
            cell = QVBoxLayout()
            cell.setSpacing(0)
            cell.addWidget(choice)
            cell.addWidget(thumbnail)
            grid.addLayout(cell, *divmod(place, _COLUMNS))
            self._group.addButton(choice)
            self.choices[capture.id] = choice
            choice.toggled.connect(lambda on, name=capture.id: self._on_chosen(name, on=on))
        grid.setColumnStretch(_COLUMNS, 1)
        inside.addLayout(grid)
        inside.addStretch(1)
        self._given = label("Already given", "strong")
        self._given_words = WrapLabel(role="soft")
        inside.addWidget(self._given)
        inside.addWidget(self._given_words)
        return frame

    def _make_forms(self) -> QFrame:
        self.forms = {
            CopyForm.PRINTED: QRadioButton("Printed on paper"),
            CopyForm.PDF: QRadioButton("A PDF file with a password"),
        }
        group = QButtonGroup(self)
        frame, inside = card()
        inside.addWidget(label("How?", "heading"))
        for form, choice in self.forms.items():
            group.addButton(choice)
            inside.addWidget(choice)
            if form is CopyForm.PRINTED:
                choice.setChecked(True)
        self._on_paper = WrapLabel(
            "This PC's print queue holds the page until it is printed. Collect it from the"
            " printer and give it to the patient yourself.",
            "soft",
        )
        inside.addWidget(self._on_paper)
        self._secret, within = card("band-info")
        within.addWidget(label("The password", "strong"))
        self._password = WrapLabel(self._new_password(), "heading")
        within.addWidget(self._password)
        within.addWidget(
            WrapLabel(
                "Write it down for the patient, or tell them. It is shown only here and is not"
                " stored."
            )
        )
        self.another = button("A&nother password")
        self.another.clicked.connect(self._on_another)
        within.addWidget(self.another, 0, Qt.AlignmentFlag.AlignLeft)
        inside.addWidget(self._secret)
        group.buttonToggled.connect(lambda *_: self._show_form())
        return frame

    def _show_form(self) -> None:
        form = self.form
        self._secret.setVisible(form is CopyForm.PDF)
        self._on_paper.setVisible(form is CopyForm.PRINTED)
        if self.primary is not None:
            self.primary.setText(_ACTIONS[form])

    def _on_chosen(self, name: str, *, on: bool) -> None:
        if on:
            self.show_sheet(None)
            self.clear_notice()
            self.picture_chosen.emit(name)

    def _on_another(self) -> None:
        self._password.setText(self._new_password())
        self.clear_notice()

    def _on_primary(self) -> None:
        if self.form is CopyForm.PRINTED:
            self.print_wanted.emit(self.chosen)
            return
        dialog = QFileDialog(self, "Where to save the patient's copy", QDir.homePath())
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter("PDF (*.pdf)")
        dialog.setDefaultSuffix("pdf")
        dialog.selectFile(_FILE_NAME)  # names nobody
        # the system's own dialog would add the file to its recent documents
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.fileSelected.connect(
            lambda name: self.save_wanted.emit(self.chosen, Path(name), self.password)
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
