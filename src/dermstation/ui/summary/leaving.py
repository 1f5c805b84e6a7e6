"""How the summary is left for another page, or shown anew after a change. GUI thread.

Whatever was just typed is kept first, and the next page gets the episode as it is with it.
"""

from collections.abc import Callable

from dermstation.domain.copies import CopyKind
from dermstation.domain.records import Lesion
from dermstation.domain.shots import ShotKind
from dermstation.ui.frame import places
from dermstation.ui.frame.places import Go, Place
from dermstation.ui.frame.session import Session
from dermstation.ui.summary.lesion_card import LesionCard, Undo
from dermstation.ui.summary.page import SummaryPage
from dermstation.workflow import deriving, episodes, picture_review, viewing
from dermstation.workflow.removing_lesions import remove_lesion
from dermstation.workflow.route_checks import AnsweredAt, Missing
from dermstation.workflow.walk import EpisodeView


class Leaving:
    """The ways out of one summary page."""

    def __init__(
        self,
        session: Session,
        go: Go,
        page: SummaryPage,
        episode_id: str,
        show: Callable[[EpisodeView], None],
    ) -> None:
        """Begin with a page of an episode; `show` shows the summary anew."""
        self._session = session
        self._go = go
        self._page = page
        self._episode_id = episode_id
        self._show = show

    def leave(self, to: Callable[[EpisodeView], Place]) -> None:
        """Go to a place."""
        self._page.flush_draft()
        reading = self._session.on_vault(viewing.view_of, self._episode_id)
        reading.then(lambda seen: self._go(to(seen)))

    def take(self, lesion: Lesion, shot: ShotKind) -> None:
        """Go and take a picture."""
        self._page.flush_draft()
        opening = self._session.on_vault(episodes.take_more, self._episode_id)
        opening.then(lambda seen: self._go(places.Pictures(seen, _same(seen, lesion), shot)))

    def change(self, act: Callable[..., EpisodeView], *about: object) -> None:
        """Change what goes along, and show the summary anew."""
        self._page.flush_draft()
        operator = self._session.operator
        self._session.on_vault(act, operator, self._episode_id, *about).then(self._show)

    def answer(self, missing: Missing) -> None:
        """Go to where something missing is answered."""
        if missing.at is AnsweredAt.PICTURES and missing.lesion and missing.shot:
            self.take(missing.lesion, missing.shot)
        else:
            self.leave(lambda seen: _answering(seen, missing))

    def connect_card(self, card: LesionCard) -> None:
        """Connect what a lesion's card offers."""
        lesion = card.lesion
        card.edit.triggered.connect(lambda: self._leave_with(places.Site, lesion))
        card.ask.clicked.connect(lambda: self._leave_with(places.History, lesion))
        card.copy.triggered.connect(lambda: self.leave(places.PatientCopy))
        if card.remove is not None:
            card.remove.triggered.connect(lambda: self.change(remove_lesion, lesion.id))
        for action, one in card.undos:
            action.triggered.connect(lambda _=False, one=one: self._undo(one))
        for shot, again in card.retakes.items():
            again.triggered.connect(lambda _=False, shot=shot: self.take(lesion, shot))
        for shot, made in card.takes.items():
            made.clicked.connect(lambda _=False, shot=shot: self.take(lesion, shot))
        for shot, thumbnail in card.thumbnails.items():
            thumbnail.pressed.connect(lambda shot=shot: self._review(lesion, shot))
        if card.cover is not None:
            card.cover.clicked.connect(lambda: self._review(lesion, card.to_cover[0].shot))
        if card.has_ruler is not None and card.closeup is not None:
            capture_id = card.closeup.id
            card.has_ruler.clicked.connect(
                lambda: self.change(picture_review.say_ruler, capture_id)
            )

    def _leave_with(self, to: Callable[[EpisodeView, Lesion], Place], lesion: Lesion) -> None:
        self.leave(lambda seen: to(seen, _same(seen, lesion)))

    def _review(self, lesion: Lesion, shot: ShotKind) -> None:
        self.leave(lambda seen: places.Review(seen, _same(seen, lesion), shot))

    def _undo(self, one: Undo) -> None:
        if one.what == "left out":
            self.change(picture_review.put_back, one.capture_id)
        else:
            kind = CopyKind.MARKED if one.what == "mark" else CopyKind.COVERED
            self.change(deriving.drop_copy, one.capture_id, kind)


def _same(seen: EpisodeView, lesion: Lesion) -> Lesion:
    """Return a lesion as it is now."""
    return next((one for one in seen.lesions if one.id == lesion.id), lesion)


def _answering(seen: EpisodeView, missing: Missing) -> Place:
    """Return the place at which something missing is answered."""
    lesion = _same(seen, missing.lesion) if missing.lesion is not None else None
    match missing.at:
        case AnsweredAt.SITE if lesion is not None:
            return places.Site(seen, lesion)
        case AnsweredAt.HISTORY if lesion is not None:
            return places.History(seen, lesion)
        case AnsweredAt.REVIEW if lesion is not None and missing.shot is not None:
            return places.Review(seen, lesion, missing.shot)
        case AnsweredAt.NEW_LESION:
            return places.Site(seen)
        case AnsweredAt.CONSENT:
            return places.Consent(seen)
        case _:
            return places.Summary(seen)
