"""Ask for consent, and take it back; the camera is closed while the patient is asked."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from dermstation.domain.consents import ConsentCircumstances, SecondaryUse
from dermstation.domain.records import ConsentForm
from dermstation.ui.frame import places
from dermstation.ui.frame.places import Go
from dermstation.ui.frame.session import Session
from dermstation.ui.frame.shell import Shell
from dermstation.ui.parts.notice import Level
from dermstation.ui.patient.consent_page import ConsentPage
from dermstation.workflow import episodes, own_work
from dermstation.workflow.notices import CONSENT_WITHDRAWN, CONSENT_WITHDRAWN_WAITS
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
            consent = seen.episode.consent
            if view.captures and not seen.captures:
                self._shell.carry(Level.GOOD, CONSENT_WITHDRAWN)
            elif seen.captures and consent is not None and not consent.given:
                self._shell.carry(Level.WARN, CONSENT_WITHDRAWN_WAITS)
            self._go(places.Standing(seen))

        def record(
            given: bool,
            form: ConsentForm,
            uses: tuple[SecondaryUse, ...],
            circumstances: ConsentCircumstances,
        ) -> None:
            self._session.submit(
                episodes.record_consent,
                self._session.operator,
                view.episode.id,
                given=given,
                form=form,
                secondary_use=bool(uses),
                uses=uses,
                circumstances=circumstances,
            ).then(recorded)

        def show(may_wipe: bool) -> None:
            page = ConsentPage(len(view.captures), may_wipe=may_wipe)
            page.show_consent(view.episode.consent)
            page.submitted.connect(record)
            back = places.Standing(view) if view.lesions else places.Home()
            page.back_pressed.connect(lambda: self._go(back))
            self._shell.show_page(page, Step.CONSENT)

        self._station.viewfinder.close()
        if not view.captures:
            show(True)
            return
        operator, episode_id = self._session.operator, view.episode.id
        self._session.on_vault(own_work.may_wipe, operator, episode_id).then(show)
