"""The page shown while a long job runs. GUI thread."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressBar, QPushButton, QVBoxLayout

from dermstation.ui.parts.button import button
from dermstation.ui.parts.page import Page
from dermstation.ui.parts.text import card, label
from dermstation.ui.system.timers import timer
from dermstation.ui.theme import Space
from dermstation.workflow.package_progress import PackageProgress

LOOK_EVERY_MS = 60


class BusyPage(Page):
    """The page that says what is being done, how far it is, and what can stop it."""

    def __init__(self, title: str, words: str = "") -> None:
        super().__init__(title)
        said = self._said = label(words or "This takes a few seconds.", wrap=True)
        said.setAlignment(Qt.AlignmentFlag.AlignLeft)
        bar = self._bar = QProgressBar()
        bar.setTextVisible(False)
        bar.setRange(0, 0)
        bar.setAccessibleName(title)
        self.cancel: QPushButton | None = None
        frame, inside = card()
        inside.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.XL)
        inside.setSpacing(Space.L)
        inside.addWidget(said)
        inside.addWidget(bar)
        inside.addWidget(label("Please leave the station running until this is done.", "soft"))
        column = QVBoxLayout()
        column.addWidget(frame)
        column.addStretch(1)
        self.content.addLayout(column)

    def follow(self, progress: PackageProgress) -> None:
        """Show how far a package is, and let the operator cancel it."""

        def show() -> None:
            self._said.setText(progress.words)
            self._bar.setRange(0, progress.files)
            self._bar.setValue(min(progress.noted, progress.files))

        def stop() -> None:
            progress.cancel()
            looking.stop()
            self._said.setText("What was written is being removed.")
            self._bar.setRange(0, 0)
            self.setFocus()  # otherwise the next key would press "Lock"
            made.setEnabled(False)

        looking = timer(self, LOOK_EVERY_MS)
        looking.timeout.connect(show)
        looking.start()
        made = self.cancel = button("&Cancel the package")
        made.clicked.connect(stop)
        self.add_left(made)
