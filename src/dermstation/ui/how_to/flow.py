"""The pages with all how-to topics, and with the practice's own links."""

from PySide6.QtCore import QObject

from dermstation.domain.errors import StationError
from dermstation.ui.frame import places
from dermstation.ui.frame.places import Go
from dermstation.ui.frame.shell import Shell
from dermstation.ui.how_to.page import HowToPage, TopicPage
from dermstation.ui.how_to.rules_page import RulesPage
from dermstation.ui.parts.topics import own_guidance, own_how_to, own_links, picture_policy
from dermstation.ui.system.opening import open_link
from dermstation.workflow.how_to import OwnLink, Topic
from dermstation.workflow.station import Station


class HowToFlow(QObject):
    """The flow through the list and the topics; nothing is stored."""

    def __init__(self, station: Station, shell: Shell, go: Go) -> None:
        super().__init__(shell)
        self._station = station
        self._shell = shell
        self._go = go

    def enter(self) -> None:
        """Show all topics."""
        links, trouble = own_links(self._station.settings)
        page = HowToPage(own_how_to(), links)
        page.topic_chosen.connect(self._show)
        page.rules.clicked.connect(self._show_rules)
        page.links.link_wanted.connect(self.open)
        page.back_pressed.connect(lambda: self._go(places.Home()))
        self._shell.show_page(page)
        if trouble is not None:
            self._shell.show_trouble(trouble)

    def open(self, link: OwnLink) -> None:
        """Open one of the practice's own links; the page shows a failure."""
        try:
            open_link(link)
        except StationError as trouble:
            self._shell.show_trouble(trouble)

    def _show_rules(self) -> None:
        policy, trouble = picture_policy(self._station.settings)
        page = RulesPage(own_guidance(), policy)
        if page.policy is not None and policy is not None:
            page.policy.clicked.connect(lambda: self.open(policy))
        page.back_pressed.connect(self.enter)
        self._shell.show_page(page)
        if trouble is not None:
            self._shell.show_trouble(trouble)

    def _show(self, topic: Topic) -> None:
        topics = own_how_to().topics
        place = topics.index(topic) + 1
        following = topics[place] if place < len(topics) else None
        page = TopicPage(topic, following)
        page.back_pressed.connect(self.enter)
        if page.next is not None and following is not None:
            page.next.clicked.connect(lambda: self._show(following))
        self._shell.show_page(page)
