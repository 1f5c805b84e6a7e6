"""Show what was wiped, what was not, and what the certificate can claim. GUI thread."""

from collections import Counter
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QFrame, QGridLayout, QHBoxLayout, QVBoxLayout

from dermstation.domain.outgoing import ArchiveProof
from dermstation.domain.records import Certificate
from dermstation.domain.wipe_claims import CLAIM_LINES, NO_MORE
from dermstation.ui.parts.folding import SideBySide
from dermstation.ui.parts.icon import IconBox
from dermstation.ui.parts.page import Page
from dermstation.ui.parts.text import WrapLabel, card, count_words, day_words, label
from dermstation.ui.theme import Colour, Space
from dermstation.vault.wiping import CARD_COMPANION, CARD_COPY

_KINDS = {
    "capture": ("picture", "pictures"),
    "package file": ("package file", "package files"),
    "episode file": ("episode file", "episode files"),
    "marked copy": ("marked copy", "marked copies"),
    "covered copy": ("covered copy", "covered copies"),
    CARD_COPY: ("picture on a memory card", "pictures on a memory card"),
    CARD_COMPANION: ("other file on a memory card", "other files on a memory card"),
}
_ON_CARD = (CARD_COPY, CARD_COMPANION)
_MOVED_OR_OPEN = (
    "If a file was moved, delete it wherever it is now. If a program has one open, close that"
    " program: the station tries again at its next start."
)
_MOST_NAMED = 8


class CertificatePage(Page):
    """The page with the outcome in plain words, the counts and the claim; saved or printed."""

    is_short = True
    save_requested = Signal(object)  # Path of the PDF
    print_requested = Signal()

    def __init__(self, certificate: Certificate, operator_name: str) -> None:
        super().__init__(_title(certificate))
        self.is_over = certificate.complete
        self._certificate_id = certificate.id
        self.content.addWidget(_outcome(certificate))
        across = SideBySide()
        across.addWidget(_counts(certificate), 1)
        across.addWidget(_circumstances(certificate, operator_name), 1)
        self.content.addLayout(across)
        self.content.addWidget(WrapLabel(" ".join((*CLAIM_LINES, NO_MORE)), "small"))
        self.content.addStretch(1)
        self.finish = self.set_primary("&Finish")
        self.add_secondary("&Save as PDF\u2026").clicked.connect(self._on_save)
        self.add_secondary("&Print\u2026").clicked.connect(self.print_requested)
        self.set_first(self.finish)

    def _on_save(self) -> None:
        dialog = QFileDialog(self, "Save the certificate", str(Path.home()), "PDF (*.pdf)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        dialog.selectFile(f"wipe-certificate-{self._certificate_id[:8]}.pdf")
        # the system's own dialog would add the file to its recent documents
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.fileSelected.connect(lambda name: self.save_requested.emit(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


def _title(certificate: Certificate) -> str:
    if certificate.complete:
        return "Every local copy has been wiped"
    if all(item.removed or item.kind in _ON_CARD for item in certificate.items):
        return "Wiped from this PC, but not from the memory card"
    return "Not everything has been wiped"


def _outcome(certificate: Certificate) -> QFrame:
    stay = [item for item in certificate.items if not item.removed]
    left = [item for item in stay if item.kind not in _ON_CARD]
    on_card = len(stay) - len(left)
    frame, inside = card("band-good" if certificate.complete else "band-error")
    across = QHBoxLayout()
    across.setSpacing(Space.M)
    if certificate.complete:
        across.addWidget(IconBox("good", Colour.GOOD, 36))
        words = f"{count_words(len(certificate.items), 'item was', 'items were')} wiped."
        lines = [
            f"Complete: {words}",
            "The station's store and its package folder hold no copy of this episode.",
        ]
    else:
        across.addWidget(IconBox("poor", Colour.POOR, 36), 0, Qt.AlignmentFlag.AlignTop)
        lines = _what_stays(len(left), on_card)
    texts = QVBoxLayout()
    texts.setSpacing(Space.XS)
    for place, line in enumerate(lines):
        texts.addWidget(WrapLabel(line, "body" if place % 2 else "heading"))
    for item in left[:_MOST_NAMED]:
        texts.addWidget(WrapLabel(f"\u2022 {item.kind}: {item.reference}", "strong"))
    if len(left) > _MOST_NAMED:
        texts.addWidget(WrapLabel(f"and {len(left) - _MOST_NAMED} more, listed in the PDF"))
    across.addLayout(texts, 1)
    inside.addLayout(across)
    return frame


def _what_stays(on_pc: int, on_card: int) -> list[str]:
    """Return lines for each place that still holds something: first the fact, then what to do."""
    lines = []
    if on_card:
        words = count_words(on_card, "picture or file may", "pictures or files may")
        lines += [
            f"Incomplete: {words} still be on the memory card.",
            "The station did not erase them. Erase them with the camera.",
        ]
    if on_pc:
        words = count_words(on_pc, "item was", "items were")
        lines += [
            f"Incomplete: {words} not removed by the station.",
            _MOVED_OR_OPEN,
        ]
    return lines


def _counts(certificate: Certificate) -> QFrame:
    frame, inside = card()
    inside.addWidget(label("What was wiped", "heading"))
    removed = [item for item in certificate.items if item.removed]
    counts = Counter(item.kind for item in removed)
    for kind, count in counts.items():
        methods = sorted({item.method for item in removed if item.kind == kind})
        inside.addWidget(WrapLabel(_count_of(kind, count), "strong"))
        inside.addWidget(WrapLabel("; ".join(methods), "soft"))
    if not counts:
        inside.addWidget(label("Nothing"))
    inside.addStretch(1)
    return frame


def _count_of(kind: str, count: int) -> str:
    if kind == "identity":
        return "Name, NHS number and date of birth"
    return count_words(count, *_KINDS.get(kind, (kind, f"{kind}s")))


def _archived(proof: ArchiveProof) -> str:
    pictures = count_words(proof.objects, "picture", "pictures")
    return f"{proof.archive}: {pictures} read back and found equal"


def _circumstances(certificate: Certificate, operator_name: str) -> QFrame:
    frame, inside = card()
    inside.addWidget(label("When and by whom", "heading"))
    at = certificate.finished_at.astimezone()
    hand_over = certificate.hand_over
    places = " and ".join(hand_over.places) if hand_over is not None else ""
    confirmed = f"{places[:1].upper()}{places[1:]}" or "None: abandoned"
    proof = hand_over.archived if hand_over is not None else None
    grid = QGridLayout()
    grid.setHorizontalSpacing(Space.M)
    grid.setVerticalSpacing(Space.XS)
    grid.setColumnStretch(1, 1)
    given = len(certificate.given_copies)
    copies = f"{count_words(given, 'copy', 'copies')} given; the station cannot wipe these"
    for row, (name, value) in enumerate(
        (
            ("Finished", f"{day_words(at.date())} {at:%H:%M}"),
            ("By", operator_name),
            ("Hand-over", confirmed),
            *([("Archive", _archived(proof))] if proof is not None else []),
            *([("Patient", copies)] if given else []),
            ("Certificate", certificate.id[:8]),
        )
    ):
        grid.addWidget(label(name, "soft"), row, 0)
        grid.addWidget(WrapLabel(value), row, 1)
    inside.addLayout(grid)
    inside.addStretch(1)
    return frame
