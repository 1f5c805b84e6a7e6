"""Enter a lesion: its site, then its history. Entries are saved as they are typed."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from PySide6.QtCore import QObject

from dermstation.domain.errors import StationError
from dermstation.domain.lesion_facts import History, Safeguards, Spot
from dermstation.domain.records import Lesion
from dermstation.domain.sites import Side
from dermstation.ui.frame import places
from dermstation.ui.frame.places import Go
from dermstation.ui.frame.session import Session
from dermstation.ui.frame.shell import Shell
from dermstation.ui.lesion.history_page import HistoryPage
from dermstation.ui.lesion.page import LesionPage
from dermstation.workflow import episodes
from dermstation.workflow.station import Station
from dermstation.workflow.walk import EpisodeView, Step


class LesionFlow(QObject):
    """The flow through the two pages of a lesion; a new lesion goes on to its history at once."""

    def __init__(self, station: Station, shell: Shell, session: Session, go: Go) -> None:
        super().__init__(shell)
        self._station = station
        self._shell = shell
        self._session = session
        self._go = go

    def enter(self, view: EpisodeView, lesion: Lesion | None) -> None:
        """Ask for the site of a lesion; None adds a new lesion."""
        if view.pictures_wanted:
            with suppress(StationError):  # the page that needs the camera reports any failure
                self._station.viewfinder.open()  # warm by the time it is needed
        else:
            self._station.viewfinder.close()
        key = episodes.lesion_draft(view.episode.id, lesion.id if lesion else None)
        self._session.on_vault(episodes.draft, key).then(
            lambda draft: self._show(view, lesion, key, draft)
        )

    def ask_history(self, view: EpisodeView, lesion: Lesion, *, after_site: bool = False) -> None:
        """Ask for the history of a lesion; "Back" returns to where the operator came from."""

        def back() -> None:
            if after_site:
                self.enter(view, lesion)
            else:
                self._go(places.Standing(view))

        key = episodes.history_draft(view.episode.id, lesion.id)
        self._session.on_vault(episodes.draft, key).then(
            lambda draft: self._show_history(view, lesion, draft, back)
        )

    def _show(
        self, view: EpisodeView, lesion: Lesion | None, key: str, draft: dict[str, Any]
    ) -> None:
        def saved(seen: EpisodeView) -> None:
            if lesion is None:
                self.ask_history(seen, seen.lesions[-1], after_site=True)
            else:
                self._go(places.Standing(seen))

        def save(code: str, side: Side | None, spot: Spot | None, safeguards: Safeguards) -> None:
            self._session.submit(
                episodes.save_lesion,
                view.episode.id,
                lesion_id=lesion.id if lesion else None,
                site_code=code,
                side=side,
                spot=spot,
                safeguards=safeguards,
            ).then(saved)

        def back() -> None:
            page.flush_draft()
            if lesion is not None:
                self._keep(key, {}, view)  # going back discards a correction
            self._go(places.Standing(view) if view.lesions else places.Consent(view))

        page = LesionPage()
        label = lesion.label if lesion else f"L{len(view.lesions) + 1}"
        if lesion is not None and not draft:
            facts = lesion.facts
            page.show_lesion(label, lesion.site_code, lesion.side, facts.spot, facts.safeguards)
        else:
            page.load_draft(label, draft)
        page.edited.connect(lambda typed: self._keep(key, typed, view))
        page.submitted.connect(save)
        page.back_pressed.connect(back)
        self._shell.show_page(page, Step.LESION)

    def _show_history(
        self,
        view: EpisodeView,
        lesion: Lesion,
        draft: dict[str, Any],
        back: Callable[[], None],
    ) -> None:
        def save(history: History, text: str) -> None:
            self._session.submit(
                episodes.save_history, view.episode.id, lesion.id, history=history, text=text
            ).then(lambda seen: self._go(places.Standing(seen)))

        page = HistoryPage(lesion.label, lesion.site_words)
        page.show_history(lesion.facts.history, lesion.history)
        if draft:
            page.load_draft(draft)
        key = episodes.history_draft(view.episode.id, lesion.id)
        page.edited.connect(lambda typed: self._keep(key, typed, view))
        page.submitted.connect(save)
        page.back_pressed.connect(page.flush_draft)
        page.back_pressed.connect(back)
        self._shell.show_patient(view)
        self._shell.show_page(page, Step.LESION)

    def _keep(self, key: str, typed: dict[str, Any], view: EpisodeView) -> None:
        self._session.on_vault(episodes.keep_draft, key, typed, view.episode.id)
