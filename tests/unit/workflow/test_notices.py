"""Messages that report no failure are plain, count correctly, and appear only if they apply."""

import pytest

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import CaptureDetails, Polarisation
from dermstation.workflow.messages import message_for
from dermstation.workflow.notices import (
    details_words,
    held_before_lock,
    outstanding_words,
    withheld_words,
)


def test_no_message_is_shown_if_nothing_is_outstanding() -> None:
    assert outstanding_words(0, 0) is None


def test_files_left_and_damage_are_counted_and_told_apart() -> None:
    files, damage, both = (outstanding_words(*counts) for counts in ((3, 0), (0, 2), (3, 2)))
    assert "could not be removed from this PC yet: 3." in files.what
    assert "unencrypted" in files.safe
    assert "missing or damaged: 2." in damage.what
    assert "removed" not in damage.what
    assert both.what == f"{files.what} {damage.what}"
    assert "{" not in str(both)


def test_a_picture_held_before_the_lock_names_the_other_operator_alone() -> None:
    assert "Test Nurse" in held_before_lock("Test Nurse", is_other=True).what
    assert "Test Nurse" not in str(held_before_lock("Test Nurse", is_other=False))


def test_withheld_pictures_are_counted_and_will_be_wiped() -> None:
    words = withheld_words(3, may_wipe=True)
    assert words.what.endswith("Pictures taken before: 3.")
    assert "do not go into the package" in words.safe
    assert "wiped" in words.safe
    assert "Consent" in words.todo
    assert "clinician" in withheld_words(3, may_wipe=False).todo


def test_a_failed_save_says_that_the_picture_is_still_held() -> None:
    full = StationError(ErrorCode.VAULT_DISK_FULL)
    assert message_for(full, held=True).safe == "The picture on the screen is still held."
    assert "picture on the screen" not in str(message_for(full))  # there may be none


def test_the_last_tries_are_counted_down() -> None:
    said = [
        str(message_for(StationError(ErrorCode.SECRET_WRONG, tries_left=left)))
        for left in (9, 3, 1, 0)
    ]
    assert "left" not in said[0]
    assert "locked: 3." in said[1]
    assert "locked: 1." in said[2]
    assert "is locked." in said[3]
    assert "not right" not in said[3]


@pytest.mark.parametrize(
    ("details", "words"),
    [
        (CaptureDetails(), ""),
        (CaptureDetails(press_offset_ms=-120), "120 ms before the press"),
        (CaptureDetails(press_offset_ms=40), "40 ms after the press"),
        (CaptureDetails(press_offset_ms=0), "at the press"),
        (CaptureDetails(polarisation=Polarisation.NON_POLARISED), "non-polarised light"),
        (
            CaptureDetails(
                press_offset_ms=-5,
                polarisation=Polarisation.POLARISED,
                mm_per_px=0.0163,
                scale_error=0.021,
            ),
            "5 ms before the press, polarised light, scale \u00b1 2 %",
        ),
    ],
)
def test_only_the_noted_details_of_a_picture_are_shown(details, words) -> None:
    assert details_words(details) == words
