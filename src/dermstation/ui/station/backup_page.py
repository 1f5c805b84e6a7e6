"""Make a backup into a folder, for the administrator. GUI thread."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QProgressBar

from dermstation.ui.parts.button import button
from dermstation.ui.parts.page import Page
from dermstation.ui.parts.text import WrapLabel, card, label
from dermstation.ui.theme import Space

_WORDS = (
    "It is encrypted, and contains every episode that has not been wiped.",
    "Only the 12 words of the recovery key open it, on this PC or a new one.",
    "Save it on a drive or share that the practice looks after, not only on this PC.",
    "Episodes wiped here later stay in the backup. Keep backups no longer than you must.",
)


class BackupPage(Page):
    """The page that explains a backup, asks for its folder, and shows its progress."""

    is_short = True
    wanted = Signal(object)  # Path of the folder

    def __init__(self) -> None:
        super().__init__("Back up")
        frame, inside = card()
        for words in _WORDS:
            inside.addWidget(WrapLabel(words))
        self.content.addWidget(frame)
        self.folder = WrapLabel("No folder chosen yet", "mono")
        self._chosen: Path | None = None
        self.choose = button("Choose a &folder\u2026")
        self.choose.clicked.connect(self._on_choose)
        self.content.addWidget(label("Folder", "strong"))
        across = QHBoxLayout()
        across.setSpacing(Space.M)
        across.addWidget(self.folder, 1, Qt.AlignmentFlag.AlignVCenter)
        across.addWidget(self.choose)
        self.content.addLayout(across)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress of the backup")
        self.bar.hide()
        self.content.addWidget(self.bar)
        self.content.addStretch(1)
        primary = self.set_primary("&Back up now")
        primary.setEnabled(False)
        primary.clicked.connect(self._on_primary)
        self._back = self.set_back("B&ack")
        self.set_first(self.choose)

    def show_folder(self, folder: Path) -> None:
        """Show the chosen folder."""
        self._chosen = folder
        self.folder.setText(str(folder))
        if self.primary is not None:
            self.primary.setEnabled(True)
            self.primary.setFocus()

    def show_progress(self, done: int, total: int) -> None:
        """Show how many episodes are in the backup so far."""
        self.set_first(self)
        self.setFocus()  # otherwise the next key would press "Lock"
        self.show_busy("Backing up\u2026")
        self.choose.setEnabled(False)
        self.bar.setRange(0, max(1, total))
        self.bar.setValue(done)
        self.bar.show()
        self._back.setText("C&ancel the backup")  # what was written of it is removed

    def show_ended(self) -> None:
        """Allow another backup."""
        self.bar.hide()
        self._back.setText("B&ack")
        self.choose.setEnabled(True)
        self.show_busy("")

    def _on_choose(self) -> None:
        dialog = QFileDialog(
            self, "Choose a folder for the backup", str(self._chosen or Path.home())
        )
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.fileSelected.connect(lambda name: self.show_folder(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _on_primary(self) -> None:
        if self._chosen is not None:
            self.wanted.emit(self._chosen)
