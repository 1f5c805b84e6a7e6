"""The package, the hand-over, the wipe and its certificate: how pictures leave the PC."""

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Certificate, Operator, Package, now
from dermstation.handover.options import PackageOptions
from dermstation.handover.sealing import new_passphrase
from dermstation.ui.frame import places
from dermstation.ui.frame.background import Background, Running
from dermstation.ui.frame.busy_page import BusyPage
from dermstation.ui.frame.places import Go
from dermstation.ui.frame.session import Session
from dermstation.ui.frame.shell import Shell
from dermstation.ui.hand_over.aids import HandOverAids
from dermstation.ui.hand_over.archive_sending import ArchiveSending
from dermstation.ui.hand_over.certificate_copies import CertificateCopies
from dermstation.ui.hand_over.certificate_page import CertificatePage
from dermstation.ui.hand_over.moved_page import MovedFilesPage
from dermstation.ui.hand_over.page import HandOverPage
from dermstation.ui.hand_over.retain_page import RetainPage
from dermstation.ui.parts.notice import Level
from dermstation.ui.system.opening import open_folder
from dermstation.workflow import package_files, packaging, retaining, wiping
from dermstation.workflow.messages import message_for
from dermstation.workflow.notices import PACKAGE_WITHDRAWN
from dermstation.workflow.outstanding import episode_or_certificate
from dermstation.workflow.package_progress import PackageProgress
from dermstation.workflow.station import Station
from dermstation.workflow.walk import EpisodeView, Step

_WIPING = ("Wiping", "Every local copy of this episode is being removed.")


class HandOverFlow(QObject):
    """The flow that leads an episode from the summary to its certificate."""

    def __init__(
        self,
        station: Station,
        shell: Shell,
        background: Background,
        session: Session,
        go: Go,
    ) -> None:
        super().__init__(shell)
        self._station = station
        self._shell = shell
        self._session = session
        self._go = go
        self._certificate: Certificate | None = None
        self._passphrases: dict[str, str] = {}  # by package, until the operator leaves its page
        self.archive = ArchiveSending(station, shell, background, session)
        self._copies = CertificateCopies(station, shell, background, session)
        self._aids = HandOverAids(station, shell, background, session, self.show_hand_over)

    @property
    def certificate_shown(self) -> Certificate | None:
        """Return the certificate on the screen, or None."""
        return self._certificate if isinstance(self._shell.page, CertificatePage) else None

    def make_package(self, view: EpisodeView, destination: Path, options: PackageOptions) -> None:
        """Write and verify the package, then show the hand-over and any passphrase."""
        passphrase = new_passphrase() if options.sealed else ""
        progress = PackageProgress()
        waiting = BusyPage("Making the package", progress.words)
        waiting.follow(progress)
        self._shell.show_page(waiting, Step.PACKAGE)
        making = self._session.on_vault(
            packaging.make_package,
            self._session.operator,
            view.episode.id,
            destination,
            self._station.practice(),
            options=options,
            passphrase=passphrase,
            progress=progress,
        )
        making.then(lambda made: self._show_made(made, passphrase))
        self._return_if_it_fails(making, view.episode.id)

    def show_hand_over(self, view: EpisodeView) -> None:
        """Show what to attach, and ask for the confirmations that the route needs."""
        if view.package is None:
            self._go(places.Onward())
            return
        episode_id = view.episode.id
        package = view.package
        hours = self._station.settings.package_deadline_hours
        in_clear = package_files.lies_in_the_clear(package)
        page = HandOverPage(
            package,
            view.episode.route,
            deadline=package_files.deadline_of(package, hours) if in_clear else None,
            passphrase=self._passphrases.get(package.id, ""),
            has_archive=self.archive.is_offered,
        )
        page.open_folder.clicked.connect(lambda: self._open_folder(package))
        page.message.clicked.connect(lambda: self._aids.show_message(view))
        page.check.clicked.connect(lambda: self._aids.show_check(view))
        page.email.clicked.connect(lambda: self._aids.show_email(view))
        page.ask.confirm.clicked.connect(lambda: self._withdraw(episode_id))
        page.confirmed.connect(lambda *ticks: self._wipe(episode_id, *ticks))
        page.back_pressed.connect(self._leave)
        self._shell.show_page(page, Step.HAND_OVER)
        self.archive.show_on(page, episode_id)

    def _open_folder(self, package: Package) -> None:
        try:
            open_folder(Path(package.folder))
        except StationError as trouble:
            self._shell.show_trouble(trouble)

    def abandon(self, episode_id: str, *, moved_is_known: bool = False) -> None:
        """Wipe an episode that will not be handed over."""
        self._busy(*_WIPING, None)
        wiped = self._session.on_vault(
            wiping.abandon,
            self._session.operator,
            episode_id,
            moved_is_known=moved_is_known,
        )
        again = partial(self.abandon, episode_id, moved_is_known=True)
        self._return_if_it_fails(wiped.then(self.show_certificate), episode_id, again)

    def ask_to_retain(self, episode_id: str) -> None:
        """Ask why an episode is kept, who is responsible for it, and until when."""
        today = now().astimezone().date()

        def show(operators: tuple[Operator, ...]) -> None:
            page = RetainPage(operators, self._session.operator.id, today)
            page.submitted.connect(keep)
            page.back_pressed.connect(lambda: self._go(places.Onward()))
            self._shell.show_page(page)

        def keep(reason: str, owner_id: str, review_on: date) -> None:
            self._session.submit(
                retaining.retain,
                self._session.operator,
                episode_id,
                reason=reason,
                owner_id=owner_id,
                review_on=review_on,
                today=today,
            ).then(lambda _: self._go(places.Onward()))

        self._session.on_vault(retaining.possible_owners, self._session.operator).then(show)

    def return_to(self, episode_id: str) -> None:
        """Show the current state of an episode, read anew from the vault."""

        def show(found: EpisodeView | Certificate | None) -> None:
            if isinstance(found, Certificate):
                self.show_certificate(found)
            else:
                self._go(places.Home() if found is None else places.Standing(found))

        def failed(trouble: StationError) -> None:
            self._shell.carry_trouble(trouble)
            self._go(places.Home())

        self._session.on_vault(episode_or_certificate, episode_id).then(show).otherwise(failed)

    def show_certificate(self, certificate: Certificate, wiped_by: str = "") -> None:
        """Show what was wiped, and anything that could not be.

        An earlier wipe names `wiped_by`; without it, it is whoever is signed in.
        """
        self._certificate = certificate
        name = wiped_by or self._session.operator.name
        page = CertificatePage(certificate, name)
        self._copies.enter(page, certificate, name)
        page.finish.clicked.connect(lambda: self._go(places.Onward()))
        self._shell.show_patient(None)
        self._shell.show_page(page, Step.DONE)

    def forget(self) -> None:
        """Forget the passphrase that was shown, and send nothing more."""
        self._passphrases.clear()
        self.archive.end()

    def _show_made(self, view: EpisodeView, passphrase: str) -> None:
        if view.package is not None and passphrase:
            self._passphrases = {view.package.id: passphrase}
        self._go(places.Standing(view))

    def _leave(self) -> None:
        self._passphrases.clear()
        self._go(places.Onward())

    def _withdraw(self, episode_id: str, *, moved_is_known: bool = False) -> None:
        self._passphrases.clear()
        self._busy("Withdrawing the package", "Its files are being removed.", Step.HAND_OVER)
        withdrawn = self._session.on_vault(
            package_files.withdraw_package,
            self._session.operator,
            episode_id,
            moved_is_known=moved_is_known,
        )
        withdrawn.then(self._show_withdrawn)
        again = partial(self._withdraw, episode_id, moved_is_known=True)
        self._return_if_it_fails(withdrawn, episode_id, again)

    def _show_withdrawn(self, view: EpisodeView) -> None:
        self._shell.carry(Level.INFO, PACKAGE_WITHDRAWN)
        self._go(places.Standing(view))

    def _wipe(
        self,
        episode_id: str,
        in_record: bool,
        in_ers: bool,
        sent: bool,
        *,
        moved_is_known: bool = False,
    ) -> None:
        self._passphrases.clear()
        self._busy(*_WIPING, Step.HAND_OVER)
        wiped = self._session.on_vault(
            wiping.hand_over,
            self._session.operator,
            episode_id,
            in_record=in_record,
            in_ers=in_ers,
            sent=sent,
            moved_is_known=moved_is_known,
        )
        again = partial(self._wipe, episode_id, in_record, in_ers, sent, moved_is_known=True)
        self._return_if_it_fails(wiped.then(self.show_certificate), episode_id, again)

    def _ask_about_moved(self, names: str, episode_id: str, again: Callable[[], None]) -> None:
        page = MovedFilesPage(names)
        page.go_on.clicked.connect(lambda _on: again())
        page.back_pressed.connect(lambda: self.return_to(episode_id))
        self._shell.show_page(page, Step.HAND_OVER)

    def _busy(self, title: str, words: str, step: Step | None) -> None:
        self._shell.show_page(BusyPage(title, words), step)

    def _return_if_it_fails(
        self,
        running: Running[Certificate] | Running[EpisodeView],
        episode_id: str,
        again: Callable[[], None] | None = None,
    ) -> None:
        """Show a failure on the page for the state that the episode is then in.

        `again` does the same once the operator knows which files were moved.
        """

        def failed(trouble: StationError) -> None:
            if trouble.code is ErrorCode.PACKAGE_MOVED and again is not None:
                self._ask_about_moved(str(trouble.facts["names"]), episode_id, again)
                return
            if trouble.code is ErrorCode.PACKAGE_CANCELLED:
                self._shell.carry(Level.INFO, message_for(trouble))
            else:
                self._shell.carry_trouble(trouble)
            self.return_to(episode_id)

        running.otherwise(failed)
