"""Restore the station from a backup, with the backup file and the recovery key. GUI thread."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout

from dermstation.ui.entry.recovery_words import RecoveryWords
from dermstation.ui.parts.button import button
from dermstation.ui.parts.field import Problem
from dermstation.ui.parts.page import Page
from dermstation.ui.parts.text import WrapLabel, label
from dermstation.ui.theme import Space


class RestorePage(Page):
    """The page that asks for a file and twelve words."""

    is_short = True
    submitted = Signal(object, str)  # Path of the backup, the words

    def __init__(self) -> None:
        super().__init__(
            "Restore a backup",
            "Everything in it is checked before anything is saved on this PC.",
        )
        self._chosen: Path | None = None
        self.file = WrapLabel("No file chosen yet", "mono")
        self.problem = Problem()
        self.choose = button("Choose a &file\u2026")
        self.choose.clicked.connect(self._on_choose)
        self.words = RecoveryWords(
            "Recovery key", "The 12 words on the paper that was written at the set-up"
        )
        across = QHBoxLayout()
        across.setSpacing(Space.M)
        across.addWidget(self.file, 1, Qt.AlignmentFlag.AlignVCenter)
        across.addWidget(self.choose)
        self.content.addWidget(label("Backup", "strong"))
        self.content.addLayout(across)
        self.content.addWidget(self.problem)
        self.content.addWidget(self.words)
        self.content.addStretch(1)
        self.words.edited.connect(lambda _: self.clear_notice())
        self.set_primary("&Restore").clicked.connect(self._on_primary)
        self.set_back("&Cancel")
        self.set_first(self.choose)

    def show_file(self, path: Path) -> None:
        """Show the chosen file."""
        self._chosen = path
        self.file.setText(str(path))
        self.problem.show_words("")
        self.words.setFocus()

    def set_busy(self, *, busy: bool) -> None:
        """Show that the backup is being checked and restored."""
        self.show_busy("Restoring\u2026" if busy else "")

    def _on_choose(self) -> None:
        dialog = QFileDialog(self, "The backup", str(Path.home()), "Backups (*.dermbackup)")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.fileSelected.connect(lambda name: self.show_file(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _on_primary(self) -> None:
        self.problem.show_words("" if self._chosen else "Choose the backup file.")
        wrong = self.words.complaint()
        if self._chosen is None:
            self.choose.setFocus()
        elif wrong:
            self.words.setFocus()
        else:
            self.submitted.emit(self._chosen, self.words.text())
