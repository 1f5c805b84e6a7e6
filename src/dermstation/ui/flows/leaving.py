"""The package, the hand-over, the wipe and its certificate: how pictures leave the PC."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from dermstation.domain.errors import StationError
from dermstation.domain.records import Certificate
from dermstation.ui.bridge import Bridge
from dermstation.ui.pages.busy import BusyPage
from dermstation.ui.pages.certificate import CertificatePage
from dermstation.ui.pages.hand_over import HandOverPage
from dermstation.ui.shell import Shell
from dermstation.workflow import packaging, wiping
from dermstation.workflow.station import Station
from dermstation.workflow.unlocking import SignedIn
from dermstation.workflow.walk import EpisodeView, Step


class LeavingFlow(QObject):
    """Lead an episode from the summary to its certificate."""

    moved = Signal(object)  # EpisodeView: show the page where the episode stands now
    ended = Signal()

    def __init__(self, station: Station, shell: Shell, bridge: Bridge) -> None:
        super().__init__(shell)
        self._station = station
        self._shell = shell
        self._bridge = bridge

    def begin(self, signed_in: SignedIn) -> None:
        """Work for this operator from now on."""
        self._signed_in = signed_in

    def make_package(self, view: EpisodeView, destination: Path) -> None:
        """Write and verify the package, then show the hand-over."""
        self._busy(
            "Making the package",
            "The pictures are written, then read back and checked.",
            Step.PACKAGE,
        )
        job = self._station.jobs.on_vault(
            packaging.make_package,
            self._signed_in.vault,
            self._signed_in.operator,
            view.episode.id,
            destination,
            self._station.settings.practice_name,
        )
        self._bridge.watch(job, self.moved.emit, lambda trouble: self._failed(view, trouble))

    def show_hand_over(self, view: EpisodeView) -> None:
        """Show what to attach, and ask for the two ticks."""
        if view.package is None:
            self.moved.emit(view)
            return
        page = HandOverPage(view.package, view.episode.route)
        page.withdrawn.connect(lambda: self._withdraw(view))
        page.confirmed.connect(lambda in_record, in_ers: self._wipe(view, in_record, in_ers))
        page.back_pressed.connect(self.ended)
        self._shell.show_page(page, Step.HAND_OVER)

    def abandon(self, episode_id: str) -> None:
        """Wipe an episode that will not be handed over."""
        self._busy("Wiping", "Every local copy of this episode is being removed.", Step.HAND_OVER)
        job = self._station.jobs.on_vault(
            wiping.abandon, self._signed_in.vault, self._signed_in.operator, episode_id
        )
        self._bridge.watch(job, self.show_certificate, self._ended_with)

    def show_certificate(self, certificate: Certificate) -> None:
        """Show what was wiped and what, if anything, could not be."""
        page = CertificatePage(certificate, self._signed_in.operator.name)
        page.save_requested.connect(lambda path: self._save_certificate(certificate, path))
        page.finished.connect(self.ended)
        self._shell.show_patient(None)
        self._shell.show_page(page, Step.DONE)

    def _withdraw(self, view: EpisodeView) -> None:
        job = self._station.jobs.on_vault(
            packaging.withdraw_package, self._signed_in.vault, view.episode.id
        )
        self._bridge.watch(job, self.moved.emit, self._shell.show_trouble)

    def _wipe(self, view: EpisodeView, in_record: bool, in_ers: bool) -> None:
        self._busy("Wiping", "Every local copy of this episode is being removed.", Step.HAND_OVER)
        job = self._station.jobs.on_vault(
            wiping.hand_over,
            self._signed_in.vault,
            self._signed_in.operator,
            view.episode.id,
            in_record=in_record,
            in_ers=in_ers,
        )
        self._bridge.watch(job, self.show_certificate, lambda trouble: self._failed(view, trouble))

    def _save_certificate(self, certificate: Certificate, path: Path) -> None:
        job = self._station.jobs.aside(
            wiping.save_certificate,
            certificate,
            path,
            self._signed_in.operator.name,
            self._station.settings.practice_name,
        )
        self._bridge.watch(
            job,
            lambda _: self._shell.show_done("The certificate is saved."),
            self._shell.show_trouble,
        )

    def _busy(self, title: str, words: str, step: Step | None) -> None:
        self._shell.show_page(BusyPage(title, words), step)

    def _failed(self, view: EpisodeView, trouble: StationError) -> None:
        self.moved.emit(view)
        self._shell.show_trouble(trouble)

    def _ended_with(self, trouble: StationError) -> None:
        self.ended.emit()
        self._shell.show_trouble(trouble)
