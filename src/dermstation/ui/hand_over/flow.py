"""The package, the hand-over, the wipe and its certificate: how pictures leave the PC."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from PySide6.QtCore import QObject, Signal

from dermstation.domain.errors import StationError
from dermstation.domain.records import Certificate, Operator, now
from dermstation.handover.options import PackageOptions
from dermstation.handover.sealing import new_passphrase
from dermstation.ui.frame.bridge import Bridge
from dermstation.ui.frame.busy_page import BusyPage
from dermstation.ui.frame.session import Session
from dermstation.ui.frame.shell import Shell
from dermstation.ui.hand_over.aids import HandOverAids
from dermstation.ui.hand_over.certificate_page import CertificatePage
from dermstation.ui.hand_over.page import HandOverPage
from dermstation.ui.hand_over.retain_page import RetainPage
from dermstation.vault.store import Vault
from dermstation.workflow import packaging, retaining, wiping
from dermstation.workflow.package_choice import practice_of
from dermstation.workflow.station import Station
from dermstation.workflow.walk import EpisodeView, Step

P = ParamSpec("P")
T = TypeVar("T")

_WIPING = ("Wiping", "Every local copy of this episode is being removed.")


class LeavingFlow(QObject):
    """Lead an episode from the summary to its certificate."""

    moved = Signal(object)  # EpisodeView: show the page where the episode stands now
    stopped = Signal(str)  # episode id: a step failed, so ask the vault where it stands
    ended = Signal()

    def __init__(self, station: Station, shell: Shell, bridge: Bridge, session: Session) -> None:
        super().__init__(shell)
        self._station = station
        self._shell = shell
        self._bridge = bridge
        self._session = session
        self._certificate: Certificate | None = None
        self._passphrases: dict[str, str] = {}  # by package, until its page is left
        self._aids = HandOverAids(station, shell, bridge, session)
        self._aids.left.connect(self.show_hand_over)

    @property
    def certificate_shown(self) -> Certificate | None:
        """Return the certificate on the screen."""
        return self._certificate if isinstance(self._shell.page, CertificatePage) else None

    def make_package(self, view: EpisodeView, destination: Path, options: PackageOptions) -> None:
        """Write and verify the package, then show the hand-over and a sealed one's passphrase."""
        passphrase = new_passphrase() if options.sealed else ""
        self._busy(
            "Making the package",
            "The pictures are written, then read back and checked.",
            Step.PACKAGE,
        )
        self._ask(
            view.episode.id,
            lambda made: self._show_made(made, passphrase),
            packaging.make_package,
            self._session.operator,
            view.episode.id,
            destination,
            practice_of(self._station.settings),
            options=options,
            passphrase=passphrase,
        )

    def show_hand_over(self, view: EpisodeView) -> None:
        """Show what to attach, and ask for the ticks that the route needs."""
        if view.package is None:
            self.ended.emit()
            return
        episode_id = view.episode.id
        package = view.package
        hours = self._station.settings.package_deadline_hours
        in_clear = packaging.lies_in_the_clear(package)
        page = HandOverPage(
            package,
            view.episode.route,
            deadline=packaging.deadline_of(package, hours) if in_clear else None,
            passphrase=self._passphrases.get(package.id, ""),
        )
        page.message_requested.connect(lambda: self._aids.show_message(view))
        page.check_requested.connect(lambda: self._aids.show_check(view))
        page.email_requested.connect(lambda: self._aids.show_email(view))
        page.withdrawn.connect(lambda: self._withdraw(episode_id))
        page.confirmed.connect(lambda *ticks: self._wipe(episode_id, *ticks))
        page.back_pressed.connect(self._leave)
        self._shell.show_page(page, Step.HAND_OVER)

    def abandon(self, episode_id: str) -> None:
        """Wipe an episode that will not be handed over."""
        self._busy(*_WIPING, None)
        self._ask(
            episode_id,
            self.show_certificate,
            wiping.abandon,
            self._session.operator,
            episode_id,
        )

    def ask_to_retain(self, episode_id: str) -> None:
        """Ask why an episode stays, who looks after it, and until when."""
        today = now().astimezone().date()

        def show(operators: tuple[Operator, ...]) -> None:
            page = RetainPage(operators, self._session.operator.id, today)
            page.submitted.connect(keep)
            page.back_pressed.connect(self.ended)
            self._shell.show_page(page)

        def keep(reason: str, owner_id: str, review_on: date) -> None:
            self._session.submit(
                lambda _: self.ended.emit(),
                retaining.retain,
                self._session.operator,
                episode_id,
                reason=reason,
                owner_id=owner_id,
                review_on=review_on,
                today=today,
            )

        self._session.ask(show, retaining.possible_owners, self._session.operator)

    def take_up(self, episode_id: str) -> None:
        """Go on with an episode that was kept."""
        self._session.ask(self.moved.emit, retaining.take_up, self._session.operator, episode_id)

    def show_certificate(self, certificate: Certificate) -> None:
        """Show what was wiped and what, if anything, could not be."""
        self._certificate = certificate
        page = CertificatePage(certificate, self._session.operator.name)
        page.save_requested.connect(lambda path: self._save_certificate(certificate, path))
        page.finished.connect(self.ended)
        self._shell.show_patient(None)
        self._shell.show_page(page, Step.DONE)

    def forget(self) -> None:
        """Let go of the passphrase that was shown."""
        self._passphrases.clear()

    def _show_made(self, view: EpisodeView, passphrase: str) -> None:
        if view.package is not None and passphrase:
            self._passphrases = {view.package.id: passphrase}
        self.moved.emit(view)

    def _leave(self) -> None:
        self._passphrases.clear()
        self.ended.emit()

    def _withdraw(self, episode_id: str) -> None:
        self._passphrases.clear()
        self._busy("Withdrawing the package", "Its files are being removed.", Step.HAND_OVER)
        self._ask(
            episode_id,
            self.moved.emit,
            packaging.withdraw_package,
            self._session.operator,
            episode_id,
        )

    def _wipe(self, episode_id: str, in_record: bool, in_ers: bool, sent: bool) -> None:
        self._passphrases.clear()
        self._busy(*_WIPING, Step.HAND_OVER)
        self._ask(
            episode_id,
            self.show_certificate,
            wiping.hand_over,
            self._session.operator,
            episode_id,
            in_record=in_record,
            in_ers=in_ers,
            sent=sent,
        )

    def _save_certificate(self, certificate: Certificate, path: Path) -> None:
        job = self._station.jobs.aside(
            wiping.save_certificate,
            certificate,
            path,
            self._session.operator.name,
            self._station.settings.practice_name,
        )
        self._bridge.watch(
            job,
            lambda _: self._shell.show_done("The certificate is saved."),
            self._shell.show_trouble,
        )

    def _busy(self, title: str, words: str, step: Step | None) -> None:
        self._shell.show_page(BusyPage(title, words), step)

    def _ask(
        self,
        episode_id: str,
        then: Callable[[T], object],
        job: Callable[Concatenate[Vault, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> None:
        """Run a job on the open vault; what fails is said where the episode stands after it."""

        def failed(trouble: StationError) -> None:
            self._shell.carry_trouble(trouble)
            self.stopped.emit(episode_id)

        self._session.attempt(then, failed, job, *args, **kwargs)
