"""The how-to drawings render; the steps open by a key beside the picture without covering it."""

import re
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtTest import QTest

from dermstation.domain.shots import ShotKind
from dermstation.resources import resources
from dermstation.settings import Settings
from dermstation.ui.capture.page import CapturePage
from dermstation.ui.frame.shell import Shell
from dermstation.ui.how_to import flow
from dermstation.ui.how_to.page import HowToPage
from dermstation.ui.how_to.rules_page import RulesPage
from dermstation.ui.parts.drawing import HEIGHT, WIDTH
from dermstation.ui.parts.topics import own_guidance, own_how_to
from dermstation.workflow.capture_keys import Stage
from dermstation.workflow.how_to import read_policy
from tests.ui.states.capture import capture_how_to, capture_tip
from tests.ui.states.how_to import LINKS

FOLDER = resources() / "how_to"
DRAWINGS = sorted(step.drawing for topic in own_how_to().topics for step in topic.steps)

PARTS = {b"svg", b"g", b"rect", b"path", b"circle", b"ellipse", b"text"}
BESIDE = 40  # px around a drawing
SKINS = ("#f3dccb", "#d3a07a", "#8a5a3c")
BROWN, PINK = ("#7a4a2f", "#6b3d22"), ("#dd7a82", "#dd959a")


@pytest.mark.parametrize("name", DRAWINGS)
def test_every_drawing_renders_at_its_size_and_is_not_blank(name: str) -> None:
    renderer = QSvgRenderer(QByteArray(FOLDER.joinpath(f"{name}.svg").read_bytes()))
    assert renderer.isValid()
    assert renderer.viewBox().size() == QSize(WIDTH, HEIGHT)
    image = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFFFF)
    painter = QPainter(image)
    renderer.render(painter, QRectF(image.rect()))
    painter.end()
    colours = {image.pixel(x, y) for x in range(0, WIDTH, 3) for y in range(0, HEIGHT, 3)}
    assert len(colours) >= 4


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_stays_on_its_card_and_uses_only_what_qt_draws(name: str) -> None:
    svg = FOLDER.joinpath(f"{name}.svg").read_bytes()
    assert set(re.findall(rb"<(\w+)", svg)) <= PARTS
    canvas = QRectF(0, 0, WIDTH + 2 * BESIDE, HEIGHT + 2 * BESIDE)
    image = QImage(canvas.size().toSize(), QImage.Format.Format_RGB32)
    image.fill(0xFFFFFFFF)
    painter = QPainter(image)
    card = canvas.adjusted(BESIDE, BESIDE, -BESIDE, -BESIDE)
    QSvgRenderer(QByteArray(svg)).render(painter, card)
    painter.fillRect(card, Qt.GlobalColor.white)
    painter.end()
    assert bytes(image.constBits()).count(b"\xff") == image.sizeInBytes()


def test_skin_has_three_tones_and_lesions_are_brown_or_pink() -> None:
    drawn = [FOLDER.joinpath(f"{name}.svg").read_text("utf-8") for name in DRAWINGS]
    for fills in (*((tone,) for tone in SKINS), BROWN, PINK):
        assert sum(any(f'fill="{one}"' in svg for one in fills) for svg in drawn) >= 4, fills


@pytest.fixture
def page(qtbot, made) -> CapturePage:
    shown = capture_tip(made)
    qtbot.addWidget(shown)
    shown.resize(1366, 600)
    with qtbot.waitExposed(shown):
        shown.show()
    shown.how_to_wanted.connect(lambda shot: shown.how_to.offer(own_how_to().of_shot(shot), LINKS))
    shown.how_to_wanted.connect(lambda _: shown.enter_how_to())
    return shown


def test_the_steps_open_by_f1_and_close_by_escape_or_f1(page) -> None:
    for closing in (Qt.Key.Key_Escape, Qt.Key.Key_F1):
        QTest.keyClick(page, Qt.Key.Key_F1)
        assert page.stage is Stage.HOW_TO
        assert page.how_to.shown.id == "dermoscopic_picture"
        QTest.keyClick(page, closing)
        assert page.stage is Stage.AIMING


def test_steps_and_tip_do_not_cover_the_picture(qtbot, page) -> None:
    def covers(over) -> bool:
        qtbot.wait(1)
        picture, area = (
            QRectF(one.rect()).translated(one.mapTo(page, one.rect().topLeft()))
            for one in (page.view, over)
        )
        assert over.isVisible()
        return picture.intersects(area)

    assert not covers(page.tip)
    QTest.keyClick(page, Qt.Key.Key_F1)
    assert not covers(page.how_to)


def test_the_shutter_works_while_steps_and_tip_are_shown(qtbot, page) -> None:
    with qtbot.waitSignal(page.shutter_pressed):
        QTest.keyClick(page, Qt.Key.Key_Space)
    QTest.keyClick(page, Qt.Key.Key_F1)
    with qtbot.waitSignal(page.shutter_pressed):
        QTest.keyClick(page, Qt.Key.Key_Space)


def test_f1_does_nothing_over_a_held_picture(page, made) -> None:
    page.enter_review(made.skin, made.report())
    QTest.keyClick(page, Qt.Key.Key_F1)
    assert page.stage is Stage.REVIEWING


def test_other_topics_of_the_shot_are_offered(qtbot, made) -> None:
    page = capture_how_to(made)
    qtbot.addWidget(page)
    titles = [page.how_to.topics.itemText(one) for one in range(page.how_to.topics.count())]
    assert "Attach the scope to the camera" in titles
    page.how_to.topics.setCurrentIndex(titles.index("Attach the scope to the camera"))
    assert page.how_to.shown.id == "attach_scope"


def test_closing_a_tip_reports_its_shot(qtbot, page) -> None:
    with qtbot.waitSignal(page.tip.dismissed) as said:
        page.tip.close_button.click()
    assert said.args == [ShotKind.DERMOSCOPIC]
    assert page.tip.isHidden()


def test_the_list_works_by_keyboard_and_marks_the_practice_s_own_links(qtbot) -> None:
    page = HowToPage(own_how_to(), LINKS)
    qtbot.addWidget(page)
    page.resize(1366, 700)
    with qtbot.waitExposed(page):
        page.show()
    with qtbot.waitSignal(page.topic_chosen) as chosen:
        QTest.keyClick(page.focusWidget(), Qt.Key.Key_Return)
    assert chosen.args[0].id == "attach_scope"
    QTest.keyClick(page.focusWidget(), Qt.Key.Key_Tab)
    with qtbot.waitSignal(page.topic_chosen) as chosen:
        QTest.keyClick(page.focusWidget(), Qt.Key.Key_Space)
    assert chosen.args[0].id == "change_scope"
    for made in page.links.buttons:
        assert "from your practice" in made.accessibleName()
    with qtbot.waitSignal(page.links.link_wanted) as wanted:
        page.links.buttons[0].click()
    assert wanted.args == [LINKS[0]]


def test_the_tip_is_shown_while_aiming_but_not_over_the_held_picture(page, made) -> None:
    assert page.tip.isVisible()
    page.enter_review(made.skin, made.report())
    assert not page.tip.isVisible()
    page.enter_aiming(ShotKind.DERMOSCOPIC, {})
    assert page.tip.isVisible()


def test_the_rules_for_pictures_are_one_press_away_and_open_the_policy(qtbot, monkeypatch) -> None:
    opened = []
    monkeypatch.setattr(flow, "open_link", opened.append)
    settings = Settings(picture_policy="https://practice.example/policy")
    shell = Shell(demo=False)
    qtbot.addWidget(shell)
    flow.HowToFlow(SimpleNamespace(settings=settings), shell, [].append).enter()
    shell.page.rules.click()
    assert opened == []
    shell.page.policy.click()
    assert opened == [read_policy(settings.picture_policy)]
    without = RulesPage(own_guidance())
    qtbot.addWidget(without)
    assert without.policy is None
