"""Find the certificate of a wipe by its date or number, and show it. GUI thread."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from dermstation.domain.records import Certificate
from dermstation.ui.parts.button import button
from dermstation.ui.parts.icon import IconBox
from dermstation.ui.parts.page import Page
from dermstation.ui.parts.text import WrapLabel, card, count_words, day_words, label
from dermstation.ui.theme import TARGET_PX, Colour, Space
from dermstation.workflow.certificates import SHORT_ID, FoundCertificates

_HINT = "Date, month or number: 04-Sep-2026, Sep 2026, 4f1c0a2b"


class CertificatesPage(Page):
    """The page with one field for the search, and a row for each certificate found."""

    searched = Signal(str)
    chosen = Signal(object)  # Certificate

    def __init__(self, found: FoundCertificates) -> None:
        super().__init__("Certificates", "What remains of each episode after its wipe.")
        self.search = QLineEdit()
        self.search.setMinimumHeight(TARGET_PX)
        self.search.setPlaceholderText(_HINT)
        self.search.setAccessibleName("Search certificates by date or number")
        self.search.setClearButtonEnabled(True)
        self.search.textEdited.connect(self.searched)
        self._count = label("", "soft")
        self._rows = QVBoxLayout()
        self._rows.setSpacing(Space.S)
        self.rows: list[CertificateRow] = []
        self.content.addWidget(self.search)
        self.content.addWidget(self._count)
        self.content.addLayout(self._rows)
        self.content.addStretch(1)
        self.set_back()
        self.set_first(self.search)
        self.show_found(found)

    def show_found(self, found: FoundCertificates) -> None:
        """Show the certificates found, newest first."""
        for row in self.rows:
            self._rows.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = [CertificateRow(one) for one in found.shown]
        for row in self.rows:
            row.open.clicked.connect(lambda _=False, row=row: self.chosen.emit(row.certificate))
            self._rows.addWidget(row)
        words = "No certificates"
        if found.count:
            words = count_words(found.count, "certificate", "certificates")
        is_cut = found.count > len(found.shown)
        more = f"; the newest {len(found.shown)} are shown" if is_cut else ""
        self._count.setText(f"{words}{more}.")


class CertificateRow(QWidget):
    """The number of a certificate, its day, and whether everything was removed."""

    def __init__(self, certificate: Certificate) -> None:
        super().__init__()
        self.certificate = certificate
        number = certificate.id[:SHORT_ID]
        at = certificate.finished_at.astimezone()
        frame, inside = card()
        across = QHBoxLayout()
        across.setSpacing(Space.M)
        complete = certificate.complete
        across.addWidget(IconBox("good", Colour.GOOD) if complete else IconBox("poor", Colour.POOR))
        words = [f"{day_words(at.date())} {at:%H:%M}", f"No. {number}", certificate.reason]
        words += [] if complete else ["incomplete"]
        across.addWidget(WrapLabel("  \u00b7  ".join(words)), 1, Qt.AlignmentFlag.AlignVCenter)
        self.open = button("Show")
        self.open.setAccessibleName(f"Show certificate {number}")
        across.addWidget(self.open)
        inside.addLayout(across)
        inside.setContentsMargins(Space.L, Space.XS, Space.L, Space.XS)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(frame)
