"""Everything a route needs besides pictures. It is pointed out, never decided for anybody. Pure."""

from dermstation.domain.consents import Answer
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Lesion
from dermstation.domain.routes import Route
from dermstation.domain.shots import SHOT_GUIDES, ShotKind
from dermstation.workflow.walk import EpisodeView, lacking

SOURCE = "NICE NG12, 1.7.1; G-care: RADS, Use of images for clinical purposes"


def check_score(view: EpisodeView, route: Route) -> None:
    """Refuse any route but suspected cancer while a reached threshold is not acknowledged.

    The threshold is 3 on the weighted 7-point checklist (NICE NG12 1.7.1). The choice stays with
    the clinician. Raises StationError SCORE_NOT_ACKNOWLEDGED (`label` of the lesion).
    """
    if route is Route.USC:
        return
    for lesion in view.lesions:
        history = lesion.facts.history
        if history.suggests_cancer_route and not history.acknowledged:
            raise StationError(ErrorCode.SCORE_NOT_ACKNOWLEDGED, label=lesion.label)


def check_covered(view: EpisodeView) -> None:
    """Refuse pictures that may identify the patient until each is covered, cleared or left out.

    Local care pathway: faces, tattoos and other distinguishing features are covered, or the
    referral goes without photographs. Raises StationError COVER_MISSING (`pictures`).
    """
    words = [
        f"{lesion.label} {SHOT_GUIDES[capture.shot].title.lower()}"
        for lesion in view.lesions
        for capture in view.to_cover(lesion)
    ]
    if words:
        raise StationError(ErrorCode.COVER_MISSING, pictures=", ".join(words))


_OTHER_ROUTES = "Without pictures, choose urgent suspected cancer or a routine referral."
ASKS_TOLD = (Route.RADS, Route.USC)


def check_told(told: Answer, route: Route) -> None:
    """Require a yes or no to whether the patient was told of a possible cancer, and a yes for RADS.

    Local care pathway, RADS: advise the patient that it may become a suspected-cancer referral.
    Raises StationError TOLD_MISSING, RADS_NOT_TOLD.
    """
    if route in ASKS_TOLD and not told.is_asked:
        raise StationError(ErrorCode.TOLD_MISSING)
    if route is Route.RADS and told is Answer.NO:
        raise StationError(ErrorCode.RADS_NOT_TOLD)


def check_rads(view: EpisodeView, route: Route) -> None:
    """Refuse RADS without a general and a close-up picture of each lesion.

    Raises StationError RADS_PICTURES_MISSING (`shots`).
    """
    gaps = lacking(view, route)
    if gaps:
        words = (
            f"{label} {SHOT_GUIDES[shot].title.lower()}"
            for label, shots in gaps.items()
            for shot in shots
        )
        raise StationError(ErrorCode.RADS_PICTURES_MISSING, shots=", ".join(words))


WITHOUT_DERMOSCOPY = (Route.MINOR_SURGERY, Route.RECORD_ONLY)  # no specialist sees the pictures


def asks_why(view: EpisodeView, lesion: Lesion) -> bool:
    """Return whether a lesion has pictures, but none through the dermatoscope."""
    taken = view.taken(lesion)
    return bool(taken) and ShotKind.DERMOSCOPIC not in taken


def check_dermoscopy(view: EpisodeView, route: Route) -> None:
    """Require a reason if a lesion that a specialist will look at has no dermoscopic picture.

    A dermoscopic picture is wanted if at all possible (local care pathway). A reason is enough, so
    that the referral is not delayed. Raises StationError DERMOSCOPY_REASON_MISSING (`label`).
    """
    if route in WITHOUT_DERMOSCOPY:
        return
    for lesion in view.lesions:
        if asks_why(view, lesion) and lesion.facts.no_dermoscopy is None:
            raise StationError(ErrorCode.DERMOSCOPY_REASON_MISSING, label=lesion.label)


def still_missing(view: EpisodeView, route: Route, *, told: Answer) -> tuple[str, ...]:
    """Return in words everything that `route` needs and the episode still lacks.

    RADS needs a general and a close-up picture and a clear history, and the patient must be told
    that it may become a suspected-cancer referral (local care pathway).
    """
    words = [
        f"{label}: {', '.join(SHOT_GUIDES[shot].title.lower() for shot in shots)} picture"
        for label, shots in lacking(view, route).items()
    ]
    if words and not view.pictures_wanted:
        words.append(_OTHER_ROUTES)
    if view.pictures_wanted and not view.has_pictures:
        words.append("At least one picture.")
    words += [
        f"{lesion.label}: covered copies of the pictures that may show who the patient is."
        for lesion in view.lesions
        if view.to_cover(lesion)
    ]
    if route is not Route.RECORD_ONLY:
        unasked = [lesion.label for lesion in view.lesions if not lesion.has_history]
        if unasked:
            words.append(f"The history of {', '.join(unasked)}.")
    if route in (Route.ADVICE, Route.RADS) and not view.episode.question.strip():
        words.append("The question to the specialist.")
    if route in ASKS_TOLD and not told.is_asked:
        words.append("Whether the patient was told: yes or no.")
    if route is Route.RADS and told is Answer.NO:
        words.append("The patient must be told before it can be RADS.")
    try:
        check_dermoscopy(view, route)
    except StationError as trouble:
        words.append(f"{trouble.facts['label']}: the reason why there is no dermoscopic picture.")
    try:
        check_score(view, route)
    except StationError as trouble:
        label = trouble.facts["label"]
        words.append(
            f"{label}: confirmation that urgent suspected cancer was considered (7-point list)."
        )
    return tuple(words)
