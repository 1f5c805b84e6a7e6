"""The aids during a hand-over: the message to copy, the files to check, an e-mail draft."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject

from dermstation.domain.errors import StationError
from dermstation.domain.records import Package
from dermstation.imaging.codec import Bgr
from dermstation.ui.frame.background import Background
from dermstation.ui.frame.session import Session
from dermstation.ui.frame.shell import Shell
from dermstation.ui.hand_over.check_page import CheckPage
from dermstation.ui.hand_over.email_page import EmailPage
from dermstation.ui.hand_over.message_page import MessagePage
from dermstation.ui.parts.notice import Level
from dermstation.ui.system.clipboard import LENT_FOR_S
from dermstation.workflow import drafting
from dermstation.workflow.messages import Message, message_for
from dermstation.workflow.packaging import package_pictures
from dermstation.workflow.station import Station
from dermstation.workflow.walk import EpisodeView, Step


class HandOverAids(QObject):
    """The flow that shows an aid in place of the hand-over, and leads back to it."""

    def __init__(
        self,
        station: Station,
        shell: Shell,
        background: Background,
        session: Session,
        go_back: Callable[[EpisodeView], None],
    ) -> None:
        """`go_back` is called to show the hand-over again."""
        super().__init__(shell)
        self._station = station
        self._shell = shell
        self._background = background
        self._session = session
        self._go_back = go_back

    def show_message(self, view: EpisodeView) -> None:
        """Show the text for the message in e-RS."""
        try:
            words = drafting.message_to_copy(self._session.operator, view)
        except StationError as trouble:
            self._shell.show_trouble(trouble)
            return
        page = MessagePage(words)
        page.copied.connect(self._copy)
        page.back_pressed.connect(lambda: self._go_back(view))
        self._shell.show_page(page, Step.HAND_OVER)

    def show_check(self, view: EpisodeView) -> None:
        """Read the picture files of the package back and show them."""
        package = view.package
        if package is None:
            return
        page = self._shell.page

        def show(pictures: dict[str, Bgr]) -> None:
            if page is self._shell.page:
                self._show_check_page(view, package, pictures)

        self._background.on_worker(package_pictures, package).then(show)

    def show_email(self, view: EpisodeView) -> None:
        """Ask for an address and write the draft."""
        settings, package = self._station.settings, view.package
        if package is None:
            return
        page = EmailPage(settings.email_domains.split(), drafting.draft_size(package, settings))
        page.submitted.connect(lambda address: self._write_draft(page, view, address))
        page.back_pressed.connect(lambda: self._go_back(view))
        self._shell.show_page(page, Step.HAND_OVER)

    def _show_check_page(
        self, view: EpisodeView, package: Package, pictures: dict[str, Bgr]
    ) -> None:
        page = CheckPage(package, pictures)
        page.back_pressed.connect(lambda: self._go_back(view))
        self._shell.show_page(page, Step.HAND_OVER)

    def _copy(self, text: str) -> None:
        self._shell.clipboard.lend(text)
        self._shell.show_done(f"Copied. The clipboard is cleared in {LENT_FOR_S} seconds.")

    def _write_draft(self, page: EmailPage, view: EpisodeView, address: str) -> None:
        def written(place: Path) -> None:
            self._shell.show_words(
                Level.GOOD,
                Message(
                    "The draft has been written.",
                    str(place),
                    "Open it with your mail program, check the address and send it.",
                ),
            )

        def refused(trouble: StationError) -> None:
            words = message_for(trouble)
            page.address.show_error(f"{words.what} {words.todo}")

        if view.package is not None:
            settings = self._station.settings
            operator = self._session.operator
            writing = self._session.on_vault(
                drafting.write_draft, operator, view.package, address, settings
            )
            writing.then(written).otherwise(refused)
