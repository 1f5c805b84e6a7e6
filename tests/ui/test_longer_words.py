"""Words 40 % longer, as in another language: the layout follows them, and nothing is cut off.

`make screens` draws every state so; here are those that show each kind of part.
"""

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from dermstation.domain.shots import ShotKind
from dermstation.ui.capture.page import CapturePage
from dermstation.ui.frame.steps import STEP_NAMES, Steps
from dermstation.ui.parts.page import Page
from dermstation.ui.parts.wrapping import WrapCheckBox, WrapRadio
from dermstation.workflow.capture_keys import Tool
from tests.screens import findings, lengthen
from tests.ui.framing import SIZES, framed, settled
from tests.ui.test_gallery import STATES

LONGER = 0.4
SIZE = SIZES["1366x768"]


def shown(page: Page, step: str, qtbot, made, longer: float) -> QWidget:
    frame = framed(page, step, made.patient)
    lengthen(frame, longer)
    frame.resize(*SIZE)
    qtbot.addWidget(frame)
    with qtbot.waitExposed(frame):
        frame.show()
    settled(frame, lambda: qtbot.wait(1))
    return frame


@pytest.mark.parametrize(
    "state",
    [
        "capture_aiming",  # the tools, the steps
        "sign_in_one",  # the foot
        "summary_review_missing",  # routes, an answer
        "history_low_score",  # ticks, a heading
        "review_why_left_out",  # buttons in a narrow column
    ],
)
def test_longer_words_are_not_cut_off(state, qtbot, made) -> None:
    build, step = STATES[state]
    page = build(made)
    assert findings(shown(page, step, qtbot, made, LONGER), page, SIZE) == []


def names_shown(frame: QWidget) -> bool:
    steps = frame.findChild(Steps)
    names = [one for one in steps.findChildren(QLabel) if one.text().rstrip("\u00b7") in STEP_NAMES]
    assert len(names) == len(STEP_NAMES)
    assert len({one.isVisible() for one in names}) == 1
    return names[0].isVisible()


@pytest.mark.parametrize(("longer", "named"), [(0.0, True), (LONGER, False)])
def test_the_steps_show_their_names_only_if_there_is_room(qtbot, made, longer, named) -> None:
    build, step = STATES["capture_aiming"]
    assert names_shown(shown(build(made), step, qtbot, made, longer)) is named


@pytest.mark.parametrize(
    ("camera", "longer", "style"),
    [
        ((1600, 1200), LONGER, Qt.ToolButtonStyle.ToolButtonTextUnderIcon),
        ((1920, 1080), 0.0, Qt.ToolButtonStyle.ToolButtonTextUnderIcon),
        ((1920, 1080), LONGER, Qt.ToolButtonStyle.ToolButtonIconOnly),  # else less of the picture
    ],
)
def test_the_tools_take_only_the_room_beside_the_picture(
    qtbot, made, camera, longer, style
) -> None:
    pictures, frames = [], []
    for words in (0.0, longer):
        page = CapturePage()
        page.enter_aiming(ShotKind.DERMOSCOPIC, {})
        width, height = camera
        page.show_frame(made.skin, (width, height))
        frames.append(shown(page, "Pictures", qtbot, made, words))
        pictures.append(page.view.width())
    assert pictures[1] >= pictures[0]
    made_button = page.bar.button(Tool.TROUBLE)
    assert made_button.toolButtonStyle() is style
    assert made_button.toolTip()
    assert made_button.accessibleName()


@pytest.mark.parametrize("kind", [WrapRadio, WrapCheckBox])
def test_a_choice_goes_on_in_further_lines_and_back(kind, qtbot) -> None:
    words = "Several words that need && take their room"
    choice, holder = kind(words), QWidget()
    rows = QVBoxLayout(holder)
    rows.addWidget(choice)
    rows.addStretch(1)
    qtbot.addWidget(holder)
    with qtbot.waitExposed(holder):
        holder.show()
    whole: QSize = choice.sizeHint()
    holder.resize(whole.width() + 100, 300)
    qtbot.waitUntil(lambda: choice.text() == words)
    low = choice.height()
    holder.resize(choice.minimumSizeHint().width() + 40, 300)
    qtbot.waitUntil(lambda: choice.text().count("\n") > 0)
    assert choice.text().replace("\n", " ") == words
    assert choice.sizeHint().width() == whole.width()
    qtbot.waitUntil(lambda: choice.height() > low)
    holder.resize(whole.width() + 100, 300)
    qtbot.waitUntil(lambda: choice.text() == words)
    qtbot.waitUntil(lambda: choice.height() == low)
