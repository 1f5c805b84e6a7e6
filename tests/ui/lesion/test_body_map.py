"""The body map finds the right site, and never confuses left and right."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from dermstation.body_map import VIEWS
from dermstation.domain.lesion_facts import Spot
from dermstation.domain.sites import BODY_SITES, Side, body_site
from dermstation.ui.lesion.body_map import BodyMap
from dermstation.ui.lesion.body_picture import BodyPicture

# small, hidden or rare: only in the list
LIST_ONLY = {
    *("Behind the ear", "Perineum", "Mouth, inside", "Eyelid, upper", "Eyelid, lower"),
    *("Breast", "Shoulder", "Sole, inner border", "Sole, outer border"),
}
GRID = [(x / 60, y / 60) for x in range(61) for y in range(61)]


@pytest.fixture
def body(qtbot) -> BodyMap:
    made = BodyMap()
    qtbot.addWidget(made)
    made.resize(420, 480)
    with qtbot.waitExposed(made):
        made.show()
    return made


def click(body: BodyMap, x: float, y: float) -> None:
    place = body.canvas.place()
    at = QPoint(round(place.left() + x * place.width()), round(place.top() + y * place.height()))
    QTest.mouseClick(body.canvas, Qt.MouseButton.LeftButton, pos=at)


@pytest.mark.parametrize("name", VIEWS)
def test_every_shape_is_a_site_of_the_vocabulary(name: str, dressed) -> None:
    assert {body_site(code).code for code in BodyPicture(name).codes} == BodyPicture(name).codes


def test_every_site_is_on_the_map_or_known_to_be_only_in_the_list(dressed) -> None:
    drawn = {code for name in VIEWS for code in BodyPicture(name).codes}
    assert {site.words for site in BODY_SITES if site.code not in drawn} == LIST_ONLY


@pytest.mark.parametrize("name", VIEWS)
def test_every_site_can_be_hit(name: str, dressed) -> None:
    picture = BodyPicture(name)
    size = picture.size
    hits = {
        hit.code
        for x in range(0, size.width(), 2)
        for y in range(0, size.height(), 2)
        if (hit := picture.hit(x / size.width(), y / size.height())) is not None
    }
    assert picture.codes <= hits


@pytest.mark.parametrize("name", VIEWS)
def test_the_other_half_is_the_other_side(name: str, dressed) -> None:
    picture = BodyPicture(name)
    other = {Side.LEFT: Side.RIGHT, Side.RIGHT: Side.LEFT}
    sides = set()
    for x, y in GRID:
        hit, mirrored = picture.hit(x, y), picture.hit(1 - x, y)
        if hit is None or mirrored is None or hit.side not in other:
            continue
        sides.add(hit.side)
        if hit.code == mirrored.code:
            assert mirrored.side is other[hit.side], (x, y)
    assert sides == {Side.LEFT, Side.RIGHT}


def test_in_front_of_us_the_patients_right_is_at_our_left(dressed) -> None:
    for name in ("front", "head", "hands", "feet"):
        assert BodyPicture(name).side_at(0.1) is Side.RIGHT
    assert BodyPicture("back").side_at(0.1) is Side.LEFT


def test_the_first_click_chooses_the_site_the_second_the_spot(body, qtbot) -> None:
    forearm = (60 / 300, 260 / 610)
    with qtbot.waitSignal(body.chosen) as chosen:
        click(body, *forearm)
    assert chosen.args == ["70559009", Side.RIGHT, None]
    with qtbot.waitSignal(body.chosen) as chosen:
        click(body, *forearm)
    code, side, spot = chosen.args
    assert (code, side) == ("70559009", Side.RIGHT)
    assert spot.view == "front"
    assert (spot.x, spot.y) == pytest.approx(forearm, abs=0.01)


def test_another_site_forgets_the_spot(body, qtbot) -> None:
    for _ in range(2):
        click(body, 60 / 300, 260 / 610)
    with qtbot.waitSignal(body.chosen) as chosen:
        click(body, 0.5, 160 / 610)
    assert chosen.args == ["244106003", Side.MIDLINE, None]


def test_the_head_of_the_body_shows_the_head_larger(body, qtbot) -> None:
    with qtbot.assertNotEmitted(body.chosen):
        click(body, 0.5, 50 / 610)
    assert body.canvas.picture.name == "head"
    assert body.buttons["head"].isChecked()
    with qtbot.waitSignal(body.chosen) as chosen:
        click(body, 0.5, 170 / 380)
    assert body_site(chosen.args[0]).words == "Nose"


def test_beside_the_body_nothing_is_chosen(body, qtbot) -> None:
    with qtbot.assertNotEmitted(body.chosen):
        click(body, 0.02, 0.9)


def test_a_site_of_the_list_brings_its_picture(body) -> None:
    body.show_site("41550009", Side.LEFT)
    assert body.canvas.picture.name == "back"
    body.show_site("113179006", Side.MIDLINE)
    assert body.canvas.picture.name == "head"
    body.show_site("770805009", Side.RIGHT, Spot("feet", 0.3, 0.4))
    assert body.canvas.picture.name == "feet"
    assert "Toenail (right)" in body.canvas.accessibleName()


def test_the_mark_is_on_the_chosen_side(dressed) -> None:
    from PySide6.QtGui import QColor

    picture = BodyPicture("back")
    image = picture.mark("41550009", Side.LEFT, QColor("red"))
    half = image.width() // 2
    marked = [
        x for x in range(image.width()) for y in range(0, image.height(), 4) if image.pixel(x, y)
    ]
    assert marked
    assert max(marked) < half  # from behind, the left arm is on the left


@pytest.mark.parametrize("code", ["41550009", "70559009", "22180002"])
def test_the_keyboard_sets_the_spot_within_the_site_and_removes_it(body, qtbot, code) -> None:
    side = Side.LEFT if body_site(code).has_side else None
    body.show_site(code, side)
    body.canvas.setFocus()
    told = []
    body.chosen.connect(lambda *chosen: told.append(chosen))
    QTest.keyClick(body.canvas, Qt.Key.Key_Right)
    assert told[0][:2] == (code, side)
    first = told[0][2]
    found = body.canvas.picture.hit(first.x, first.y)
    assert (found.code, found.side) == (code, side)
    QTest.keyClick(body.canvas, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert told[1][2].y > first.y
    for _ in range(200):  # against the edge: it never leaves the site
        QTest.keyClick(body.canvas, Qt.Key.Key_Right)
    last = told[-1][2]
    found = body.canvas.picture.hit(last.x, last.y)
    assert (found.code, found.side) == (code, side)
    QTest.keyClick(body.canvas, Qt.Key.Key_Delete)
    assert told[-1] == (code, side, None)


def test_the_arrows_choose_no_site(body, qtbot) -> None:
    with qtbot.assertNotEmitted(body.chosen):
        body.canvas.setFocus()
        QTest.keyClick(body.canvas, Qt.Key.Key_Right)
