"""Help with a shot on the real window: the tip for new operators, and the steps by F1."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.shots import ShotKind
from dermstation.domain.states import LoopState
from dermstation.ui.capture.page import CapturePage
from dermstation.ui.home.page import HomePage
from dermstation.ui.how_to.page import HowToPage, TopicPage
from dermstation.ui.how_to.rules_page import RulesPage
from dermstation.ui.parts.topics import own_how_to
from dermstation.workflow.capture_keys import Stage
from dermstation.workflow.messages import message_for
from dermstation.workflow.tipping import tip_due
from tests.ui.capture.test_flow import at_the_pictures
from tests.ui.desk import Desk


def test_a_new_operator_sees_the_tip_of_each_shot_and_closes_it_for_good(desk: Desk) -> None:
    page = at_the_pictures(desk)
    tip = own_how_to().tip(ShotKind.GENERAL)
    desk.until(lambda: tip.words in page.tip.words)
    page.tip.close_button.click()
    assert desk.window.focusWidget() is page
    desk.until(lambda: not desk.in_vault(tip_due, desk.operator, ShotKind.GENERAL, 4))
    assert desk.in_vault(tip_due, desk.operator, ShotKind.CLOSEUP, 4)
    page.aim.shots.tile(ShotKind.CLOSEUP).click()
    desk.until(lambda: own_how_to().tip(ShotKind.CLOSEUP).words in page.tip.words)
    page.aim.shots.tile(ShotKind.GENERAL).click()
    desk.until(lambda: page.tip.words == "")


def test_a_picture_is_taken_while_its_steps_are_open(desk: Desk) -> None:
    page = at_the_pictures(desk)
    desk.until(page.shutter.isEnabled)
    QTest.keyClick(page, Qt.Key.Key_F1)
    assert page.stage is Stage.HOW_TO
    assert page.how_to.shown.id == "clinical_after"
    page.press_shutter()  # as by its key
    desk.until(lambda: desk.loop is LoopState.REVIEWING)
    assert isinstance(desk.shell.page, CapturePage)


def test_topics_are_opened_from_the_list_and_closed_again(desk: Desk) -> None:
    desk.set_up()
    desk.open(how_to_links="Ours|/srv/films/not-there.mp4")
    desk.sign_in()
    desk.page(HomePage).how_to.click()
    page = desk.page(HowToPage)
    page.links.buttons[0].click()
    desk.said(message_for(StationError(ErrorCode.HOW_TO_FILE_ABSENT)).what)
    page.buttons["for_patient"].click()
    topic = desk.page(TopicPage)
    topic.next.click()
    desk.until(lambda: desk.shell.page is not topic)
    desk.page(TopicPage).back.click()
    desk.page(HowToPage).back.click()
    desk.page(HomePage)


def test_a_wrong_link_is_reported_and_the_topics_can_still_be_read(desk: Desk) -> None:
    desk.set_up()
    desk.open(how_to_links="Ours|setup.exe")
    desk.sign_in()
    desk.page(HomePage).how_to.click()
    desk.said("mistake in number 1")
    assert desk.page(HowToPage).links.isHidden()


def test_a_wrong_policy_is_reported_and_the_rules_can_still_be_read(desk: Desk) -> None:
    desk.set_up()
    desk.open(picture_policy="policy.exe")
    desk.sign_in()
    desk.page(HomePage).how_to.click()
    desk.page(HowToPage).rules.click()
    rules = desk.page(RulesPage)
    desk.said("policy on pictures cannot be used")
    assert rules.policy is None
    rules.back.click()
    desk.page(HowToPage)
