"""Ask for the destination and form of the package, and show what it will contain.

GUI thread. Holds no package: the figures are worked out elsewhere and shown here.
"""

from dataclasses import replace
from enum import IntEnum
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from dermstation.domain.presets import PRESETS, Preset
from dermstation.domain.setting import SET_BY_IT
from dermstation.handover.options import PackageOptions
from dermstation.ui.parts.button import button
from dermstation.ui.parts.choice import Choice
from dermstation.ui.parts.text import ElidedLabel, WrapLabel, count_words, label, size_words
from dermstation.ui.theme import Space, set_role
from dermstation.workflow.prediction import Prediction

WORKING = "Working out the sizes\u2026"


class Form(IntEnum):
    """The forms of a package, in the order of the list."""

    FILES = 0
    ONE_PDF = 1
    SEALED = 2


_NAME_CUT = (
    "The patient's name is too long for DICOM, which has room for 64 characters: it is shortened"
    " there, with the whole name in its comments. The summary has all of it."
)
_FORM_WORDS = {
    Form.FILES: "Pictures and a summary",
    Form.ONE_PDF: "One PDF with everything",
    Form.SEALED: "One PDF with a passphrase",
}


class PackageChoice(QWidget):
    """The card with a two-line prediction of the package; the options unfold below it."""

    changed = Signal(object)  # PackageOptions

    def __init__(
        self,
        options: PackageOptions,
        defaults: dict[Preset, PackageOptions],
        fixed: frozenset[str] = frozenset(),
    ) -> None:
        """Show `options`; `defaults` holds each destination's, with the practice's limits.

        What IT has `fixed` cannot be changed.
        """
        super().__init__()
        self._defaults = defaults
        self.destination = Choice()
        for preset, guide in PRESETS.items():
            self.destination.addItem(guide.line, preset)
        self.destination.setAccessibleName("Destination of the package")
        self.destination.setCurrentIndex(list(PRESETS).index(options.preset))
        self.form = Choice()
        for form, words in _FORM_WORDS.items():
            self.form.addItem(words, form)
        self.form.setAccessibleName("Form of the package")
        self.form.setCurrentIndex(_form_of(options))
        self.dicom = QCheckBox("Include DICOM files")
        self.fhir = QCheckBox("Include FHIR XML")
        self.dicom.setChecked(options.dicom)
        self.fhir.setChecked(options.fhir)
        self.unfold = button("O&ptions")
        self.unfold.setAccessibleName("Options of the package")
        self.unfold.setCheckable(True)
        self.unfold.toggled.connect(self._on_unfolded)
        self._choices = QWidget()
        self._name = WrapLabel(f"Package: {PRESETS[options.preset].title}", "strong")
        self._sizes = WrapLabel(WORKING, "soft")
        self._notes = WrapLabel("", "fair")
        self._folder = ElidedLabel(role="small", elide=Qt.TextElideMode.ElideMiddle)
        self.change = button("Chan&ge\u2026")
        self.change.setAccessibleName("Change the folder for the package")
        self._lay_out()
        self._fixed = fixed
        self._show_fixed(options)
        self._show_extras()
        for choice in (self.destination, self.form):
            choice.currentIndexChanged.connect(self._on_changed)
        for box in (self.dicom, self.fhir):
            box.toggled.connect(self._on_changed)

    @property
    def options(self) -> PackageOptions:
        """Return the chosen options."""
        base = self._defaults[Preset(self.destination.currentData())]
        form = Form(self.form.currentData())
        if form is not Form.FILES:
            return base.as_one_pdf(sealed=form is Form.SEALED)
        dicom, fhir = self.dicom.isChecked(), self.fhir.isChecked()
        return replace(base, one_pdf=False, sealed=False, dicom=dicom, fhir=fhir)

    @property
    def words(self) -> str:
        """Return the words about the package to be made."""
        return f"{self._name.text()} {self._sizes.text()} {self._notes.text()}".strip()

    def show_folder(self, folder: Path) -> None:
        """Show the folder that the package will be written to."""
        self._folder.setText(str(folder))
        self._folder.updateGeometry()

    def show_working(self) -> None:
        """Show that the figures are not known yet."""
        self._say(WORKING, "", "soft")

    def show_prediction(self, found: Prediction) -> None:
        """Show the prediction: files, sizes, and any loss of quality."""
        files = count_words(len(found.files), "file", "files")
        largest = max(file.size_bytes for file in found.files)
        total = f"{files}, {size_words(found.total_bytes)}"
        if found.limits.total_bytes:
            total = f"{total} of {size_words(found.limits.total_bytes)}"
        else:
            total = f"{total}; the largest file is {size_words(largest)}"
        notes = []
        if found.shrunk:
            notes.append(f"Made smaller to fit: {', '.join(found.shrunk)}.")
        notes += [f"{one}. Consider another destination or form." for one in found.worse]
        if found.name_cut:
            notes.append(_NAME_CUT)
        role = "fair" if found.worse or found.name_cut else "soft"
        self._say(total, "\n".join(notes), role)

    def show_problem(self, words: str) -> None:
        """Show why the package cannot be made with these options."""
        self._say("", words, "poor")

    def _title(self) -> str:
        return PRESETS[Preset(self.destination.currentData())].title

    def _say(self, sizes: str, notes: str, role: str) -> None:
        self._sizes.setText(sizes)
        self._notes.setText(notes)
        set_role(self._notes, role)
        self._name.setText(f"Package: {self._title()}")
        self._sizes.setVisible(bool(sizes))
        self._notes.setVisible(bool(notes))
        for line in (self._sizes, self._notes):
            line.updateGeometry()

    def _lay_out(self) -> None:
        """Lay out the two lines of the prediction, and the choices that unfold below them."""
        top = QHBoxLayout()
        top.setSpacing(Space.M)
        top.addWidget(self._name, 1, Qt.AlignmentFlag.AlignVCenter)
        top.addWidget(self.unfold)
        choices = QVBoxLayout(self._choices)
        choices.setContentsMargins(0, 0, 0, 0)
        choices.setSpacing(Space.XS)
        widgets: tuple[QWidget, ...] = (self.destination, self.form, self.dicom, self.fhir)
        for widget in widgets:
            choices.addWidget(widget)
        saved = QHBoxLayout()
        saved.setSpacing(Space.S)
        saved.addWidget(label("Saved in", "small"))
        saved.addWidget(self._folder, 1)
        saved.addWidget(self.change)
        choices.addLayout(saved)
        inside = QVBoxLayout(self)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(Space.XS)
        inside.addLayout(top)
        inside.addWidget(self._sizes)
        inside.addWidget(self._notes)
        inside.addWidget(self._choices)
        self._notes.hide()
        self._choices.hide()

    def _on_unfolded(self) -> None:
        self._choices.setVisible(self.unfold.isChecked())

    def _show_fixed(self, options: PackageOptions) -> None:
        """Close what IT has fixed: one PDF may be sealed, but not parted again."""
        closed: dict[str, QWidget] = {
            "package_preset": self.destination,
            "package_dicom": self.dicom,
            "package_fhir": self.fhir,
            "package_folder": self.change,
        }
        for name, widget in closed.items():
            if name in self._fixed:
                widget.setEnabled(False)
                widget.setToolTip(SET_BY_IT)
        if "package_one_pdf" in self._fixed and options.one_pdf:
            self.form.removeItem(self.form.findData(Form.FILES))

    def _show_extras(self) -> None:
        """Show the extra files only if the form has separate files."""
        has_files = Form(self.form.currentData()) is Form.FILES
        self.dicom.setEnabled(has_files and "package_dicom" not in self._fixed)
        self.fhir.setEnabled(has_files and "package_fhir" not in self._fixed)

    def _on_changed(self) -> None:
        self._show_extras()
        self.show_working()
        self.changed.emit(self.options)


def _form_of(options: PackageOptions) -> Form:
    if options.sealed:
        return Form.SEALED
    return Form.ONE_PDF if options.one_pdf else Form.FILES
