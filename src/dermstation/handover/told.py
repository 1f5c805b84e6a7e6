"""Words for what the patient was told about a route, for the summary and the message. Pure."""

from dermstation.domain.consents import Answer
from dermstation.domain.routes import Route

SOURCE = "G-care: RADS; urgent suspected cancer forms"
_TOLD_OF = {Route.RADS: "it may become", Route.USC: "this is"}
_ANSWERS = {Answer.YES: "Yes", Answer.NO: "No", Answer.NOT_ASKED: "Not recorded"}


def told_question(route: Route | None) -> str:
    """Return what the route asks about what the patient was told; "" for other routes."""
    if route not in _TOLD_OF:
        return ""
    return f"Patient told {_TOLD_OF[route]} a suspected-cancer referral?"


def told_words(route: Route | None, told: Answer) -> str:
    """Return in words whether the patient knows what the route may lead to; "" for other routes."""
    question = told_question(route)
    return f"{question} {_ANSWERS[told]}." if question else ""
