"""States of the how-to pages: the list, each topic, and the practice's own links."""

from collections.abc import Callable
from typing import Any

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.ui.how_to.page import HowToPage, TopicPage
from dermstation.ui.how_to.rules_page import RulesPage
from dermstation.ui.parts.notice import Level
from dermstation.ui.parts.page import Page
from dermstation.ui.parts.topics import own_guidance, own_how_to
from dermstation.workflow.how_to import LinkKind, OwnLink, read_policy
from dermstation.workflow.messages import message_for
from tests.ui.framing import named

LINKS = (
    OwnLink("Our own scope, step by step", "https://intranet.example/scope", LinkKind.WEB),
    OwnLink("Cleaning & charging", "C:\\Films\\cleaning.mp4", LinkKind.FILE),
)


def how_to_list(made: Any) -> Page:
    del made
    return HowToPage(own_how_to())


def how_to_with_own_links(made: Any) -> Page:
    del made
    return HowToPage(own_how_to(), LINKS)


def rules(made: Any) -> Page:
    del made
    return RulesPage(own_guidance())


def rules_with_policy(made: Any) -> Page:
    del made
    return RulesPage(own_guidance(), read_policy("https://practice.example/policy"))


def how_to_links_wrong(made: Any) -> Page:
    page = how_to_list(made)
    words = message_for(StationError(ErrorCode.HOW_TO_LINK_INVALID, place=2, fault="type"))
    page.show_notice(Level.ERROR, words.what, words.safe, words.todo)
    return page


def _topic(place: int) -> Callable[[Any], Page]:
    topics = own_how_to().topics

    def build(made: Any) -> Page:
        del made
        return TopicPage(topics[place], topics[place + 1] if place + 1 < len(topics) else None)

    build.__name__ = f"how_to_{topics[place].id}"
    return build


STATES = named(
    "",
    how_to_list,
    how_to_with_own_links,
    how_to_links_wrong,
    rules,
    rules_with_policy,
    *(_topic(place) for place in range(len(own_how_to().topics))),
)
