"""States of the capture page: aiming, review, tools and panels."""

from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QSizeF, Qt
from PySide6.QtGui import QKeyEvent

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.quality import Cause, Verdict
from dermstation.domain.shots import ShotKind
from dermstation.ui.capture.camera_words import SLOW
from dermstation.ui.capture.page import CapturePage
from dermstation.ui.parts.notice import Level
from dermstation.ui.parts.topics import own_how_to
from dermstation.workflow.capture_keys import Tool
from dermstation.workflow.live_budget import STEPS
from dermstation.workflow.measuring import Scale
from dermstation.workflow.messages import message_for
from tests.ui.framing import named
from tests.ui.states.how_to import LINKS

NO_MODIFIER = Qt.KeyboardModifier.NoModifier


def _capture(made: Any, link=("streaming", ""), age=0.03, **done: Verdict) -> CapturePage:
    page = CapturePage()
    page.show_lesion("L1", "Forearm, back (left)")
    page.enter_aiming(ShotKind.DERMOSCOPIC, {ShotKind[name]: v for name, v in done.items()})
    for number, name in enumerate(done):
        page.aim.shots.show_picture(ShotKind[name], made.skin[:: 6 + number, :: 6 + number])
    page.show_frame(made.skin)
    page.show_link(*link)
    page.show_age(age)
    return page


def capture_aiming(made: Any) -> CapturePage:
    page = _capture(made, GENERAL=Verdict.GOOD, CLOSEUP=Verdict.FAIR)
    page.show_live_report(made.report(Verdict.POOR, Verdict.FAIR))
    return page


def capture_slow(made: Any) -> CapturePage:
    said = message_for(StationError(ErrorCode.CAMERA_SLOW))
    return _capture(made, (SLOW, f"{said.what}\n{said.todo}\n{said.safe}"), 0.4)


def capture_other_camera(made: Any) -> CapturePage:
    other = "Integrated Camera: Integrated I"
    said = message_for(StationError(ErrorCode.CAMERA_OTHER, other=other))
    page = _capture(made, ("absent", f"{said.what}\n{said.todo}\n{said.safe}"), 9.4)
    page.show_live_report(made.report())
    return page


def capture_no_camera(made: Any) -> CapturePage:
    return _capture(
        made, ("absent", "No camera is connected\nPlug it in; it is found by itself."), None
    )


def capture_stale(made: Any) -> CapturePage:
    return _capture(made, age=2.1)


def capture_slow_pc(made: Any) -> CapturePage:
    page = _capture(made, GENERAL=Verdict.GOOD)
    page.show_age(0.05, STEPS[-1].words)
    page.show_live_report(None, only_at_rest=True)
    return page


def capture_saved(made: Any) -> CapturePage:
    page = _capture(made, GENERAL=Verdict.GOOD)
    page.show_live_report(made.report())
    page.show_saved(ShotKind.GENERAL)
    page.show_lesion("L12", "Around the eye (midline)")
    return page


def capture_good(made: Any) -> CapturePage:
    page = _capture(made)
    page.enter_review(made.skin, made.report())
    return page


def capture_looking(made: Any) -> CapturePage:
    page = capture_good(made)
    page.review.show_look(goes_on=True)
    return page


def capture_next(made: Any) -> CapturePage:
    page = _capture(made)
    page.show_saved(ShotKind.GENERAL)
    page.enter_aiming(ShotKind.CLOSEUP, {ShotKind.GENERAL: Verdict.GOOD})
    page.show_frame(made.skin)
    page.show_live_report(made.report())
    return page


def capture_poor(made: Any) -> CapturePage:
    page = _capture(made)
    page.enter_review(made.skin, made.report(Verdict.POOR, Verdict.FAIR))
    page.review.show_problem("Choose a reason, or take the picture again.")
    return page


def capture_other_kind(made: Any) -> CapturePage:
    page = _capture(made)
    page.enter_review(made.skin, made.kind_report(Cause.LOOKS_CLOSEUP))
    return page


def capture_kind_kept(made: Any) -> CapturePage:
    page = capture_other_kind(made)
    page.review.kind.answers[1].click()
    return page


def capture_which_lesion(made: Any) -> CapturePage:
    page = _capture(made)
    page.enter_review(made.skin, made.kind_report(Cause.WHICH_LESION, ShotKind.GENERAL))
    return page


def capture_live_other_kind(made: Any) -> CapturePage:
    page = _capture(made, GENERAL=Verdict.GOOD)
    page.show_live_report(made.kind_report(Cause.LOOKS_GENERAL))
    return page


def capture_no_ruler(made: Any) -> CapturePage:
    page = _capture(made, GENERAL=Verdict.GOOD)
    page.enter_aiming(ShotKind.CLOSEUP, {ShotKind.GENERAL: Verdict.GOOD})
    page.show_live_report(made.kind_report(Cause.NO_RULER, ShotKind.CLOSEUP))
    return page


def capture_taken(made: Any) -> CapturePage:
    page = _capture(made, GENERAL=Verdict.GOOD, CLOSEUP=Verdict.FAIR)
    page.enter_taken(ShotKind.GENERAL, Verdict.GOOD, "Taken on 04-Sep-2026 at 09:30")
    page.show_taken(ShotKind.GENERAL, made.skin)
    return page


def capture_save_failed(made: Any) -> CapturePage:
    page = _capture(made)
    page.enter_review(made.skin, made.report(Verdict.FAIR, Verdict.GOOD))
    page.return_to_review()
    page.show_notice(
        Level.ERROR,
        "It could not be saved: the disk is full.",
        "The picture on the screen is still held.",
        "Free some space, then press again.",
    )
    return page


def capture_first(made: Any) -> CapturePage:
    page = CapturePage()
    page.show_lesion("L1", "Forearm, back (left)")
    page.enter_aiming(ShotKind.GENERAL, {})
    page.show_frame(made.skin)
    page.show_link("streaming")
    page.show_age(0.03)
    page.show_live_report(made.report())
    page.buttons.show_hands_free(on=True, waits=True)
    return page


def capture_hands_free(made: Any) -> CapturePage:
    page = _capture(made, GENERAL=Verdict.GOOD)
    page.show_live_report(made.report())
    page.buttons.show_hands_free(on=True, waits=False)
    page.shutter.show_progress(0.6)
    return page


def capture_tools(made: Any) -> CapturePage:
    page = _capture(made, GENERAL=Verdict.GOOD, DERMOSCOPIC=Verdict.FAIR)
    page.show_live_report(made.full_report())
    page.tools.show_earlier(np.ascontiguousarray(made.skin[:, ::-1]))
    for tool in (Tool.GRID, Tool.SHARP, Tool.EARLIER, Tool.EARLIER):
        page.tools.press(tool)
    page.tools.show_scale(Scale(0.0163, 0.012))
    return page


def capture_lens(made: Any) -> CapturePage:
    page = _capture(made, GENERAL=Verdict.GOOD)
    page.show_live_report(made.report(Verdict.FAIR))
    page.tools.press(Tool.LENS)
    page.view.over.lens.move_to(QPointF(0.4, 0.5))
    return page


def capture_zoomed(made: Any) -> CapturePage:
    page = _capture(made, GENERAL=Verdict.GOOD)
    page.tools.press(Tool.ZOOM)
    page.tools.show_scale(Scale(0.0163, 0.012))
    return page


def cells(made: Any) -> tuple[np.ndarray, np.ndarray]:
    soft, lost = np.zeros((19, 25), bool), np.zeros((19, 25), bool)
    soft[:7, :6], soft[3:9, 4:9], lost[11:13, 15:18] = True, True, True
    return soft, lost


def capture_trouble(made: Any) -> CapturePage:
    page = _capture(made, GENERAL=Verdict.GOOD)
    page.show_live_report(made.report(Verdict.FAIR, Verdict.FAIR))
    page.tools.press(Tool.TROUBLE)
    page.tools.show_trouble(*cells(made))
    return page


def capture_five_reasons(made: Any) -> CapturePage:
    page = _capture(made)
    noted = "120 ms before the press, polarised light, scale \u00b1 2 %"
    page.enter_review(made.skin, made.full_report(), noted)
    page.tools.show_scale(Scale(0.0163, 0.021))
    page.tools.press(Tool.TROUBLE)
    page.tools.show_trouble(*cells(made))
    return page


def capture_keys(made: Any) -> CapturePage:
    page = _capture(made)
    page.enter_keys()
    page.keys.show_choice("F13", sounds=True)
    page.keys.take_key(QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_G, NO_MODIFIER, "g"))
    return page


def capture_ruler(made: Any) -> CapturePage:
    page = _capture(made)
    page.enter_ruler()
    return page


def _marks(made: Any, *ends: tuple[float, float, float, float]) -> CapturePage:
    page = capture_ruler(made)
    page.enter_marks(made.skin)
    for x1, y1, x2, y2 in ends:
        page.scale.add((QPointF(x1, y1), QPointF(x2, y2)), QSizeF(1600, 1200))
    return page


def capture_marks(made: Any) -> CapturePage:
    page = _marks(made, (0.3, 0.4, 0.6835, 0.4), (0.3, 0.6, 0.6841, 0.6))
    page.scale.add((QPointF(0.5, 0.5), QPointF(0.52, 0.5)), QSizeF(1600, 1200))
    return page


def capture_marks_complete(made: Any) -> CapturePage:
    across = (0.5, 0.2, 0.5, 0.711)
    return _marks(made, (0.3, 0.4, 0.6835, 0.4), (0.3, 0.6, 0.6841, 0.6), across, across)


def capture_no_millimetres(made: Any) -> CapturePage:
    page = _capture(made, GENERAL=Verdict.GOOD)
    page.show_live_report(made.report())
    said = message_for(
        StationError(ErrorCode.SCALE_OTHER_SIZE, known="1280 x 960", width=1600, height=1200)
    )
    page.show_notice(Level.INFO, said.what, said.safe, said.todo)
    return page


def capture_tip(made: Any) -> CapturePage:
    page = _capture(made, GENERAL=Verdict.GOOD)
    page.show_live_report(made.report(Verdict.POOR, Verdict.FAIR))
    page.tip.show_tip(own_how_to().tip(ShotKind.DERMOSCOPIC))
    return page


def capture_how_to(made: Any) -> CapturePage:
    page = capture_tip(made)
    page.how_to.offer(own_how_to().of_shot(ShotKind.DERMOSCOPIC), ())
    page.enter_how_to()
    return page


def capture_key_list(made: Any) -> CapturePage:
    page = capture_how_to(made)
    page.how_to.topics.setCurrentIndex(page.how_to.topics.count() - 1)
    return page


def capture_how_to_own_links(made: Any) -> CapturePage:
    page = capture_first(made)
    page.how_to.offer(own_how_to().of_shot(ShotKind.GENERAL), LINKS)
    page.enter_how_to()
    return page


STATES = named(
    "Pictures",
    capture_aiming,
    capture_slow,
    capture_other_camera,
    capture_no_camera,
    capture_stale,
    capture_slow_pc,
    capture_saved,
    capture_good,
    capture_looking,
    capture_next,
    capture_poor,
    capture_other_kind,
    capture_kind_kept,
    capture_which_lesion,
    capture_live_other_kind,
    capture_no_ruler,
    capture_taken,
    capture_save_failed,
    capture_first,
    capture_hands_free,
    capture_tools,
    capture_lens,
    capture_zoomed,
    capture_trouble,
    capture_five_reasons,
    capture_keys,
    capture_ruler,
    capture_marks,
    capture_marks_complete,
    capture_no_millimetres,
    capture_tip,
    capture_how_to,
    capture_key_list,
    capture_how_to_own_links,
)
