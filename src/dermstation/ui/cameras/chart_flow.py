"""Check a camera by the colour chart: look for it in a picture, show the result, keep it."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from dermstation.camera.frames import Frame
from dermstation.domain.chart_check import ChartCheck
from dermstation.ui.cameras.chart_page import ChartPage
from dermstation.ui.frame.background import Background
from dermstation.ui.frame.session import Session
from dermstation.ui.frame.shell import Shell
from dermstation.ui.parts.notice import Level
from dermstation.ui.parts.page import Page
from dermstation.workflow import chart_checking
from dermstation.workflow.chart_checking import ChartResult
from dermstation.workflow.messages import Message
from dermstation.workflow.scoring import pixels_of

_KEPT = Message("The check is kept. Administrators see it under Station, Insight.", "", "")


class ChartFlow(QObject):
    """The flow from a camera's picture to a kept check, and back to the cameras."""

    left = Signal()

    def __init__(self, shell: Shell, background: Background, session: Session) -> None:
        super().__init__(shell)
        self._shell = shell
        self._background = background
        self._session = session

    def check(self, frame: Frame, camera: str, *, found: Callable[[], None]) -> None:
        """Look for the chart in a frame; call `found` before its page is shown."""
        page = self._shell.page

        def show(result: ChartResult, first: ChartCheck | None) -> None:
            if self._shell.page is page:
                found()
                self._show(result, first)

        def compare(result: ChartResult) -> None:
            if self._shell.page is page:
                asking = self._session.on_vault(chart_checking.first_check, camera)
                asking.then(lambda first: show(result, first))

        self._shell.clear_notice()
        self._background.on_worker(_checked, frame, camera).then(compare)

    def save_sheet(self, page: Page) -> None:
        """Ask where to, and write the sheet to print."""
        dialog = QFileDialog(page, "Save the colour chart", str(Path.home()), "PDF (*.pdf)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        dialog.selectFile("dermstation-colour-chart.pdf")
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.fileSelected.connect(lambda name: self._save(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _save(self, path: Path) -> None:
        saving = self._background.on_worker(chart_checking.save_chart_sheet, path)
        saving.then(lambda _: self._shell.show_done("The sheet has been saved. Print it at 100 %."))

    def _show(self, result: ChartResult, first: ChartCheck | None) -> None:
        page = ChartPage(result, first)

        def kept(_: None) -> None:
            self._shell.carry(Level.GOOD, _KEPT)
            self.left.emit()

        def keep() -> None:
            operator = self._session.operator
            self._session.submit(chart_checking.keep_check, operator, result.check).then(kept)

        page.keep.clicked.connect(keep)
        page.back_pressed.connect(self.left)
        self._shell.show_page(page)


def _checked(frame: Frame, camera: str) -> ChartResult:
    return chart_checking.check_camera(pixels_of(frame), camera, date.today())  # noqa: DTZ011
