"""Every page in every state, at both sizes: nothing is cut off, every button can be pressed.

Set DERMSTATION_GALLERY to a folder to save the pictures there.
"""

from functools import partial

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QAbstractButton

from dermstation.domain.quality import Verdict
from dermstation.domain.shots import ShotKind
from dermstation.ui.capture.page import CapturePage
from dermstation.ui.parts.folding import FoldingArea
from dermstation.ui.parts.following import FAR_PX
from dermstation.ui.parts.page import Page
from dermstation.ui.theme import TARGET_PX
from tests.ui.framing import (
    LONG_PATIENT,
    SIZES,
    bad_buttons,
    cut_off,
    framed,
    overlapping,
    px_to_primary,
    repeated_mnemonics,
    scrolling,
    scrolling_sideways,
    show,
)
from tests.ui.states import (
    capture,
    entry,
    hand_over,
    home,
    how_to,
    lesion,
    patient,
    patient_copy,
    review,
    station,
    summary,
)
from tests.ui.steady import moved_by_a_notice, moved_by_errors

# Enlarged displays, less task bar and title bar: 1366x768 at 125 % (1920x1080 at 175 % has a little
# more) and at 150 %
ENLARGED = ((1092, 545), (910, 449))
LEAST_TARGET_PX = 24
SCROLLING: set[str] = {
    "readings_four_long-1366x768",
    "readings_four_long-1920x1080",
    "summary_long-1920x1080",
    "home_listed_long-1366x768",
    "home_waiting-1366x768",
    "home_many-1366x768",
    "home_many-1920x1080",
    "certificate_incomplete-1366x768",
    "hand_over_ticked_long-1366x768",
    "hand_over_withdrawing-1366x768",
    "hand_over_archive-1366x768",
    "hand_over_archive_waits-1366x768",
    "capture_no_millimetres-1366x768",
    "capture_how_to-1366x768",
    "capture_how_to-1920x1080",
    "how_to_with_own_links-1366x768",
    "capture_how_to_own_links-1366x768",
    *(f"pathway_{one}-1366x768" for one in ("usc", "advice", "missing", "chosen_long")),
    "pathway_minor_surgery-1366x768",
    *(f"settings_{one}-1366x768" for one in ("first", "wrong", "fixed", "locked")),
    *(f"settings_{one}-1920x1080" for one in ("first", "wrong", "fixed", "locked")),
    # three large pictures and the texts; the route and what is missing stay beside them
    *(f"{one}-1366x768" for one in summary.STATES),
    "summary_package_refused_long-1920x1080",
    "summary_empty_lesion_long-1920x1080",
    "summary_reviewed_long-1920x1080",
    "insight_year-1366x768",
    "insight_year-1920x1080",
}  # states that need scrolling at that size; no other does
STATES = {
    **patient.STATES,
    **lesion.STATES,
    **capture.STATES,
    **summary.STATES,
    **review.STATES,
    **hand_over.STATES,
    **home.STATES,
    **station.STATES,
    **how_to.STATES,
    **patient_copy.STATES,
    **entry.STATES,
}


def gloved(page: Page) -> list[QAbstractButton]:
    """Return the buttons that are pressed with gloves on, if they are shown."""
    if not isinstance(page, CapturePage):
        return []
    made = page.buttons
    touched = (made.shutter, made.use, made.again, made.replace)
    return [one for one in touched if one.isVisible()]


@pytest.mark.parametrize("state", STATES)
def test_a_state_fits_at_every_size_and_each_button_can_be_pressed(state, qtbot, made) -> None:
    build, step = STATES[state]
    page = build(made)
    frame = framed(page, step, LONG_PATIENT if "long" in state else made.patient)
    for size in SIZES:
        show(frame, state, size, qtbot)
        assert cut_off(frame) == [], f"at {size}"
        assert scrolling(frame) == (f"{state}-{size}" in SCROLLING), f"at {size}"
        assert bad_buttons(page) == [], f"at {size}"
        assert overlapping(page) == [], f"at {size}"
        assert not page.is_short or px_to_primary(page) <= FAR_PX, f"at {size}"
        # those of the window: Lock and, if there is a patient, Work list
        assert repeated_mnemonics(page, *("li" if step else "l")) == [], f"at {size}"
    for enlarged in ENLARGED:
        show(frame, state, enlarged, qtbot)
        assert cut_off(frame) == [], f"at {enlarged}"
        assert scrolling_sideways(frame) == [], f"at {enlarged}"
        assert bad_buttons(page, least_px=LEAST_TARGET_PX) == [], f"at {enlarged}"
        assert overlapping(page) == [], f"at {enlarged}"
        assert [one for one in gloved(page) if one.height() < TARGET_PX] == [], f"at {enlarged}"
        primary = page.primary
        if primary is not None and primary.isVisible():
            at = primary.mapTo(frame, QPoint(0, 0))
            assert frame.rect().contains(primary.rect().translated(at))
    wait = partial(qtbot.wait, 1)
    if page.findChild(FoldingArea) is not None and state not in lesion.STATES:
        assert moved_by_a_notice(page, wait) == []
    assert moved_by_errors(page, wait) == []


def test_no_change_of_stage_makes_the_window_larger(qtbot, made) -> None:
    page = capture.capture_first(made)
    page.show_lesion("L12", "Around the eye (midline)")
    frame = framed(page, "Pictures", LONG_PATIENT)
    qtbot.addWidget(frame)
    frame.resize(*SIZES["1366x768"])
    with qtbot.waitExposed(frame):
        frame.show()
    size = frame.size()
    steps = (
        page.enter_holding,
        lambda: page.enter_review(made.skin, made.full_report()),
        page.enter_saving,
        page.return_to_review,
        lambda: page.enter_aiming(ShotKind.DERMOSCOPIC, {ShotKind.GENERAL: Verdict.POOR}),
        page.enter_how_to,
        page.leave_panel,
        page.enter_keys,
        page.leave_panel,
        page.enter_ruler,
        lambda: page.enter_marks(made.skin),
        page.leave_panel,
        lambda: page.enter_aiming(ShotKind.GENERAL, {}),
    )
    for step in steps:
        step()
        qtbot.wait(1)
        assert frame.size() == size, step
