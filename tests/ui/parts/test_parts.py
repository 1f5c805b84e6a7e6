"""The small parts: labels, notices, header, steps, fields, meters, shots, shutter, thumbnails."""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from dermstation.domain.advice import advice_for
from dermstation.domain.identity import NhsNumber, Patient
from dermstation.domain.quality import Aspect, Cause, Verdict
from dermstation.domain.records import Polarisation
from dermstation.domain.shots import ShotKind
from dermstation.settings import SHUTTER_KEYS
from dermstation.ui.capture.meter import Meter
from dermstation.ui.capture.polarisation import PolarisationChoice
from dermstation.ui.capture.shutter import Shutter
from dermstation.ui.capture.tool_bar import ToolBar
from dermstation.ui.frame.header import Header
from dermstation.ui.frame.steps import Steps
from dermstation.ui.parts.button import button, literal, plain
from dermstation.ui.parts.field import Field
from dermstation.ui.parts.notice import Level, Notice
from dermstation.ui.parts.page import Page
from dermstation.ui.parts.prose import Prose
from dermstation.ui.parts.secret_field import SecretField
from dermstation.ui.parts.shot_list import ShotList
from dermstation.ui.parts.text import (
    ElidedLabel,
    WrapLabel,
    count_words,
    day_words,
    label,
    size_words,
)
from dermstation.ui.parts.thumbnail import Thumbnail
from dermstation.ui.parts.verdict import VERDICT_STYLES
from dermstation.workflow.capture_keys import Tool, row_of


def test_dates_sizes_and_counts_are_readable() -> None:
    assert day_words(date(1958, 9, 3)) == "03-Sep-1958"
    assert size_words(640_400) == "640 kB"
    assert size_words(12) == "1 kB"
    assert size_words(1_940_000) == "1.9 MB"
    assert count_words(1, "picture", "pictures") == "1 picture"
    assert count_words(0, "picture", "pictures") == "0 pictures"


def test_nothing_typed_is_interpreted_as_mark_up(qtbot) -> None:
    for made in (label("<b>x</b>"), WrapLabel("<b>x</b>"), ElidedLabel("<b>x</b>")):
        qtbot.addWidget(made)
        assert made.textFormat() is Qt.TextFormat.PlainText


def test_a_text_without_spaces_wraps_instead_of_widening(qtbot) -> None:
    made = WrapLabel("x" * 400)
    qtbot.addWidget(made)
    assert made.minimumSizeHint().width() <= 80
    assert made.heightForWidth(200) > 5 * made.fontMetrics().height()


def test_the_tooltip_of_an_elided_text_has_the_whole_text(qtbot) -> None:
    made = ElidedLabel("A name that is much too long for its place")
    qtbot.addWidget(made)
    made.resize(80, 20)
    made.grab()
    assert made.toolTip() == made.text()


def test_ampersands_of_titles_are_kept_and_mnemonics_are_not_spoken(qtbot) -> None:
    assert plain("&Take && keep") == "Take & keep"
    assert plain(literal("Advice & Guidance")) == "Advice & Guidance"
    made = button("&Continue")
    qtbot.addWidget(made)
    assert made.accessibleName() == "Continue"


def test_every_verdict_differs_in_word_shape_and_colour() -> None:
    for fact in ("word", "icon", "colour"):
        assert len({getattr(style, fact) for style in VERDICT_STYLES.values()}) == len(Verdict)


def test_a_notice_says_three_lines_and_can_be_closed(qtbot) -> None:
    notice = Notice()
    qtbot.addWidget(notice)
    assert notice.words == ""
    notice.show_message(Level.ERROR, "It failed.", "The picture is held.", "Press again.")
    assert notice.words == "It failed. The picture is held. Press again."
    assert notice.accessibleName().startswith("Something went wrong.")
    with qtbot.waitSignal(notice.dismissed):
        notice._close.click()
    assert notice.words == ""


def test_an_error_takes_the_place_of_the_hint_and_gives_it_back(qtbot) -> None:
    field = Field("Number", "10 digits", lines=2)
    qtbot.addWidget(field)
    height_px = field.heightForWidth(300)
    assert (field.problem.text(), field.error) == ("10 digits", "")
    field.show_error("This is one digit too long. Compare it with the record.")
    assert field.problem.text() == field.error != ""
    assert field.heightForWidth(300) == height_px
    field.show_error("")
    assert (field.problem.text(), field.error) == ("10 digits", "")


def test_tab_leads_from_the_primary_button_to_the_notice_above_it(qtbot) -> None:
    page = Page("A title")
    qtbot.addWidget(page)
    page.content.addWidget(Field("Name"))
    page.set_primary("Go on")
    page.set_back()
    with qtbot.waitActive(page):
        page.show()
        page.activateWindow()
    page.show_notice(Level.ERROR, "It failed.")
    page.primary.setFocus()
    qtbot.keyClick(page.primary, Qt.Key.Key_Tab)
    assert page.focusWidget().accessibleName() == "Close this message"
    qtbot.keyClick(page.focusWidget(), Qt.Key.Key_Tab)
    assert page.focusWidget() is page.back


def test_the_header_shows_name_birth_date_age_and_nhs_number(qtbot) -> None:
    header = Header(demo=True)
    qtbot.addWidget(header)
    patient = Patient("0" * 32, "Given", "Family", date(1958, 9, 3), NhsNumber("9990000018"))
    header.show_patient(patient, date(2026, 9, 2))
    assert header.banner == "FAMILY, Given born 03-Sep-1958 (67 y)  \u00b7  NHS 999 000 0018"
    header.show_patient(None)
    assert header.banner == ""
    assert not header.demo_badge.isHidden()


def test_the_work_list_is_offered_only_if_there_is_a_patient(qtbot) -> None:
    header = Header()
    qtbot.addWidget(header)
    assert header.work_list.isHidden()
    patient = Patient("0" * 32, "Given", "Family", date(1958, 9, 3), NhsNumber("9990000018"))
    header.show_patient(patient, date(2026, 9, 2))
    assert not header.work_list.isHidden()
    with qtbot.waitSignal(header.work_list.clicked):
        header.work_list.click()


def test_lock_is_offered_only_to_a_signed_in_operator(qtbot) -> None:
    header = Header()
    qtbot.addWidget(header)
    assert header.lock.isHidden()
    assert header.demo_badge.isHidden()
    header.show_operator("Test Nurse-One")
    assert not header.lock.isHidden()
    with qtbot.waitSignal(header.lock.clicked):
        header.lock.click()


def test_steps_say_where_the_walk_is(qtbot) -> None:
    steps = Steps()
    qtbot.addWidget(steps)
    steps.show_step("Lesion")
    assert steps.accessibleName() == "Step 2 of 5: Lesion"
    with pytest.raises(ValueError, match="not in tuple"):
        steps.show_step("Nowhere")


def test_an_error_disappears_when_the_text_is_edited(qtbot) -> None:
    field = Field("Name", "As in the record")
    qtbot.addWidget(field)
    field.show_error("The name is empty.")
    assert field.error == "The name is empty."
    assert field.edit.accessibleDescription() == "The name is empty."
    with qtbot.waitSignal(field.edited):
        QTest.keyClicks(field.edit, "T")
    assert field.error == ""
    assert field.edit.accessibleDescription() == "As in the record"


def test_setting_a_text_does_not_count_as_editing(qtbot) -> None:
    field = Field("Name")
    qtbot.addWidget(field)
    with qtbot.assertNotEmitted(field.edited):
        field.set_text("Test")


def test_a_secret_is_hidden_until_it_is_asked_for(qtbot) -> None:
    field = SecretField("PIN")
    qtbot.addWidget(field)
    field.set_text("123456")
    assert field.edit.echoMode() is QLineEdit.EchoMode.Password
    field._toggle.click()
    assert field.edit.echoMode() is QLineEdit.EchoMode.Normal
    field.clear()
    assert field.text() == ""
    assert field.edit.echoMode() is QLineEdit.EchoMode.Password


def test_the_problem_says_by_how_much_a_text_is_too_long(qtbot) -> None:
    prose = Prose("History", "", 10)
    qtbot.addWidget(prose)
    prose.set_text("x" * 13)
    assert not prose.check()
    assert prose.problem.words == "3 characters too long (limit 10)."
    prose.set_text("x" * 10)
    assert prose.check()
    assert prose.problem.words == ""


def test_tab_leaves_a_text_of_several_lines(qtbot) -> None:
    prose = Prose("History", "", 10)
    qtbot.addWidget(prose)
    assert prose.edit.tabChangesFocus()


def test_a_meter_shows_verdict_and_advice(qtbot, made) -> None:
    meter = Meter(Aspect.FOCUS)
    qtbot.addWidget(meter)
    assert meter.words == "No reading"
    meter.show_judgement(made.report(Verdict.POOR).judgement(Aspect.FOCUS), ShotKind.DERMOSCOPIC)
    assert meter.words == "Poor"
    assert (
        meter.accessibleName() == f"Focus: Poor. {advice_for(Cause.DEFOCUS, ShotKind.DERMOSCOPIC)}"
    )
    meter.show_judgement(None)
    assert meter.words == "No reading"


def test_not_known_is_an_answer_about_polarisation(qtbot) -> None:
    choice = PolarisationChoice()
    qtbot.addWidget(choice)
    assert choice.answer is None
    choice.button(Polarisation.NON_POLARISED).click()
    assert choice.answer is Polarisation.NON_POLARISED
    seen = []
    for _ in range(3):
        choice.ask_next()
        seen.append(choice.answer)
    assert seen == [None, Polarisation.POLARISED, Polarisation.NON_POLARISED]


def test_the_ring_is_painted_only_while_it_fills(qtbot) -> None:
    shutter = Shutter()
    qtbot.addWidget(shutter)
    shutter.resize(368, 56)
    shutter.show_ready()
    shutter.show()
    empty = shutter.grab().toImage()
    shutter.show_progress(0.6)
    assert shutter.grab().toImage() != empty
    shutter.show_progress(0.0)
    assert shutter.grab().toImage() == empty


def test_a_tool_shows_its_key_and_says_whether_it_is_on(qtbot) -> None:
    bar = ToolBar()
    qtbot.addWidget(bar)
    for tool in Tool:
        row = row_of(tool)
        assert bar.button(tool).text() == row.word
        assert f"Key {row.key}" in bar.button(tool).accessibleName()
        assert not set(row.keys).intersection(SHUTTER_KEYS)
    bar.show_on(Tool.GRID, on=True)
    assert "Grid, on" in bar.button(Tool.GRID).accessibleName()
    with qtbot.waitSignal(bar.pressed) as pressed:
        bar.button(Tool.SHARP).click()
    assert pressed.args == [Tool.SHARP]
    assert not bar.button(Tool.SHARP).isChecked()  # the receiver decides what is on


def test_the_shots_show_which_are_done_and_which_is_next(qtbot) -> None:
    shots = ShotList()
    qtbot.addWidget(shots)
    shots.show_shots(ShotKind.CLOSEUP, {ShotKind.GENERAL: Verdict.FAIR})
    names = {kind: shots.tile(kind).accessibleName() for kind in ShotKind}
    assert names == {
        ShotKind.GENERAL: "General: Done: fair",
        ShotKind.CLOSEUP: "Close-up: Now",
        ShotKind.DERMOSCOPIC: "Dermoscopic: To do",
        ShotKind.LATERAL: "Side view: If raised",
    }
    with qtbot.waitSignal(shots.shot_chosen) as chosen:
        shots.tile(ShotKind.LATERAL).click()
    assert chosen.args == [ShotKind.LATERAL]


def test_a_dead_shutter_says_why(qtbot) -> None:
    shutter = Shutter()
    qtbot.addWidget(shutter)
    assert not shutter.isEnabled()
    shutter.show_ready()
    assert shutter.isEnabled()
    shutter.show_dead("The picture is too old")
    assert not shutter.isEnabled()
    assert "The picture is too old" in shutter.accessibleName()


def test_a_thumbnail_shows_its_verdict_or_that_it_is_missing(qtbot, made) -> None:
    thumbnail = Thumbnail("Close-up")
    qtbot.addWidget(thumbnail)
    assert thumbnail.accessibleName() == "Close-up: Missing"
    thumbnail.show_image(made.skin, Verdict.POOR)
    assert thumbnail.accessibleName() == "Close-up: Poor"


class TestPage:
    @pytest.fixture
    def page(self, qtbot) -> Page:
        page = Page("Title", "Help")
        self.edit = QLineEdit()
        page.content.addWidget(self.edit)
        page.set_primary("&Continue")
        self.other = page.add_secondary("&Other")
        page.set_back()
        page.set_first(self.edit)
        qtbot.addWidget(page)
        page.resize(800, 500)
        with qtbot.waitExposed(page):
            page.show()
        page.activateWindow()
        qtbot.waitUntil(self.edit.hasFocus)
        return page

    def test_enter_in_a_field_presses_the_primary_button(self, page, qtbot) -> None:
        with qtbot.waitSignal(page.primary.clicked):
            QTest.keyClick(self.edit, Qt.Key.Key_Return)

    def test_enter_on_another_button_presses_that_one(self, page, qtbot) -> None:
        self.other.setFocus()
        with (
            qtbot.assertNotEmitted(page.primary.clicked),
            qtbot.waitSignal(self.other.clicked),
        ):
            QTest.keyClick(self.other, Qt.Key.Key_Return)

    def test_enter_does_nothing_while_the_primary_button_is_off(self, page, qtbot) -> None:
        page.primary.setEnabled(False)
        with qtbot.assertNotEmitted(page.primary.clicked):
            QTest.keyClick(self.edit, Qt.Key.Key_Return)

    def test_the_order_of_buttons_is_back_secondary_primary(self, page) -> None:
        places = [button.mapTo(page, button.rect().topLeft()).x() for button in page_row(page)]
        assert places == sorted(places)

    def test_a_busy_page_says_so_on_its_primary_button(self, page) -> None:
        page.show_busy("Opening\u2026")
        page.show_busy("Opening\u2026 1 s")
        assert not page.primary.isEnabled()
        page.show_busy("")
        assert page.primary.isEnabled()
        assert page.primary.text() == "&Continue"

    def test_a_notice_is_hidden_when_cleared(self, page) -> None:
        page.show_notice(Level.INFO, "Something")
        assert page.notice.words == "Something"
        page.clear_notice()
        assert page.notice.words == ""


def page_row(page: Page) -> list[QLineEdit]:
    others = [b for b in page.findChildren(type(page.primary)) if b.text() == "&Other"]
    return [page.back, *others, page.primary]
