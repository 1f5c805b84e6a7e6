"""Ask for consent, and take it back; the camera is closed while the patient is asked."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from dermstation.domain.consents import ConsentCircumstances
from dermstation.domain.records import ConsentForm
from dermstation.ui.frame import places
from dermstation.ui.frame.places import Go
from dermstation.ui.frame.session import Session
from dermstation.ui.frame.shell import Shell
from dermstation.ui.parts.notice import Level
from dermstation.ui.patient.consent_page import ConsentPage
from dermstation.workflow import episodes
from dermstation.workflow.notices import CONSENT_WITHDRAWN
from dermstation.workflow.station import Station
from dermstation.workflow.walk import EpisodeView, Step


class ConsentFlow(QObject):
    """The flow that shows the consent page of one episode and records the answer."""

    def __init__(
        self,
        station: Station,
        shell: Shell,
        session: Session,
        go: Go,
        forget_held: Callable[[], None],
    ) -> None:
        """`forget_held` drops a held picture, which may not be kept once the patient declines."""
        super().__init__(shell)
        self._station = station
        self._shell = shell
        self._session = session
        self._go = go
        self._forget_held = forget_held

    def enter(self, view: EpisodeView) -> None:
        """Ask, or show the answer that was given."""

        def recorded(seen: EpisodeView) -> None:
            if not seen.pictures_wanted:
                self._forget_held()
            if view.captures and not seen.captures:
                self._shell.carry(Level.GOOD, CONSENT_WITHDRAWN)
            self._go(places.Standing(seen))

        def record(
            given: bool, form: ConsentForm, secondary: bool, circumstances: ConsentCircumstances
        ) -> None:
            self._session.submit(
                episodes.record_consent,
                self._session.operator,
                view.episode.id,
                given=given,
                form=form,
                secondary_use=secondary,
                circumstances=circumstances,
            ).then(recorded)

        self._station.viewfinder.close()
        page = ConsentPage(len(view.captures))
        page.show_consent(view.episode.consent)
        page.submitted.connect(record)
        back = places.Standing(view) if view.lesions else places.Home()
        page.back_pressed.connect(lambda: self._go(back))
        self._shell.show_page(page, Step.CONSENT)
