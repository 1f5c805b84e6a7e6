"""What a route asks for beside pictures; it is said, and never chosen for anybody. Pure."""

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.routes import Route
from dermstation.workflow.walk import EpisodeView


def check_score(view: EpisodeView, route: Route) -> None:
    """Refuse another route than suspected cancer while a reached threshold is not acknowledged.

    NICE NG12 1.7.1: from 3 of the weighted 7 points on. The choice stays the clinician's.
    Raises StationError SCORE_NOT_ACKNOWLEDGED (`label` of the lesion).
    """
    if route is Route.USC:
        return
    for lesion in view.lesions:
        history = lesion.facts.history
        if history.suggests_cancer_route and not history.acknowledged:
            raise StationError(ErrorCode.SCORE_NOT_ACKNOWLEDGED, label=lesion.label)
