"""The memory card pages in every state, at both sizes: nothing is cut off."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from dermstation.camera.card.ejecting import Ejected
from dermstation.camera.card.pictures import CardFile, Companion, Companions, EraseOutcome
from dermstation.camera.card.places import CardPlace
from dermstation.domain.quality import Verdict
from dermstation.domain.records import WipedItem
from dermstation.domain.shots import ShotKind
from dermstation.ui.card import words
from dermstation.ui.card.erase_page import CardErasePage, EraseLine
from dermstation.ui.card.page import CardPage
from dermstation.ui.card.picture_grid import Tone
from dermstation.ui.card.source_page import CardSourcePage
from dermstation.ui.hand_over.certificate_page import CertificatePage
from dermstation.ui.parts.notice import Level
from dermstation.ui.parts.page import Page
from dermstation.vault.wiping import CARD_COMPANION, CARD_COPY
from tests.ui.conftest import render_skin
from tests.ui.framing import (
    LONG,
    SIZES,
    bad_buttons,
    cut_off,
    framed,
    repeated_mnemonics,
    show,
)

CARDS = (
    CardPlace("/media/test/EOS_DIGITAL", "EOS_DIGITAL", "/dev/sdb1", has_dcim=True),
    CardPlace("/media/test/STICK", "STICK", "/dev/sdc1", is_read_only=True),
)
MARKS = ("Imported", "In another episode", "From an earlier episode", "Same picture again")


def source_none(made: Any) -> Page:
    page = CardSourcePage()
    page.show_places(())
    return page


def source_listed_long(made: Any) -> Page:
    page = CardSourcePage()
    page.show_places((*CARDS, CardPlace(f"/media/{LONG}", LONG, "/dev/sdd1")))
    page.show_opening(CARDS[0])
    page.show_notice(
        Level.ERROR,
        "The memory card is no longer there.",
        "Pictures already imported are safe.",
        "Put the card in again, then choose it.",
    )
    return page


def _card(made: Any, files: int = 14) -> CardPage:
    page = CardPage()
    page.show_lesion("L1", "Forearm, back (left)")
    page.enter_choosing(ShotKind.CLOSEUP, {ShotKind.GENERAL: Verdict.GOOD})
    page.choose.show_card("EOS_DIGITAL", f"{files} pictures, newest first. 3 other files.")
    page.grid.show_files([(str(n), f"IMG_{n:04}.JPG") for n in range(files)])
    for number in range(files - 5):
        small = render_skin(240, 180, seed=number)
        shown = np.ascontiguousarray(small.swapaxes(0, 1)) if number % 4 == 3 else small
        page.grid.show_picture(str(number), shown, f"04-Sep-2026 09:{50 - number:02}")
    return page


def card_choosing(made: Any) -> Page:
    page = _card(made)
    page.show_copies(1)
    tones = (Tone.GOOD, Tone.BAD, Tone.WARN, Tone.WARN)
    for number, (mark, tone) in enumerate(zip(MARKS, tones, strict=True)):
        page.grid.mark(str(number + 1), mark, tone)
    page.grid.show_failed("9", "Incomplete or empty")
    page.grid.show_failed("10", "Takes too long to read")
    return page


def card_clock_wrong(made: Any) -> Page:
    page = _card(made, 40)
    page.choose.show_clock(
        "By the camera's clock, the newest picture is 3 years 70 days old. If it was taken just"
        " now, the clock is wrong by that much. Make sure that it is of this patient."
    )
    page.show_notice(Level.GOOD, "General picture stored and checked against the card.")
    return page


def card_reading(made: Any) -> Page:
    page = _card(made, 3)
    page.enter_reading()
    return page


def card_good(made: Any) -> Page:
    page = _card(made)
    taken = "Taken 04-Sep-2026 09:50, by the camera's clock. Camera: Canon EOS 2000D."
    page.enter_review(made.skin, made.report(shot=ShotKind.CLOSEUP), taken)
    return page


def card_poor(made: Any) -> Page:
    page = _card(made)
    page.enter_review(
        made.skin,
        made.report(Verdict.POOR, Verdict.FAIR, shot=ShotKind.CLOSEUP),
        "When it was taken is not known; the time of the import is recorded instead.",
        "This picture was imported earlier, in an episode that has been wiped."
        " Is it of this patient?",
    )
    page.review.show_problem("Choose a reason, or another picture.")
    return page


def card_saving(made: Any) -> Page:
    page = card_good(made)
    page.enter_saving()
    return page


def _lines(*outcomes: EraseOutcome | None) -> list[EraseLine]:
    shots = ("L1 general", "L1 close-up", "L1 dermoscopic", "L2 general", "L2 close-up")
    return [
        EraseLine(
            f"IMG_{number:04}.JPG",
            shots[number % len(shots)],
            words.ERASE_OUTCOMES[outcome],
            is_off=outcome is not None and outcome.is_off,
        )
        for number, outcome in enumerate(outcomes)
    ]


def erase_asked(made: Any) -> Page:
    lines = [EraseLine(f"IMG_{n:04}.JPG", "L1 close-up", "Stored and compared") for n in range(3)]
    return CardErasePage("EOS_DIGITAL", lines, is_card=True)


def erase_done(made: Any) -> Page:
    page = erase_asked(made)
    page.show_erasing(1, 3)
    page.show_outcome(_lines(*[EraseOutcome.ERASED] * 3))
    said = words.EJECT_OUTCOMES[Ejected.IN_USE]
    page.show_notice(Level.WARN, said.what, said.safe, said.todo)
    return page


def _companions() -> Companions:
    paths = ("IMG_0001.CR3", "IMG_0001.MOV", *(f"IMG_000{n}.WAV" for n in range(6)))
    certain = [_companion(f"DCIM/100TEST/{one}", is_certain=True) for one in paths]
    possible = [
        _companion(f"{'DCIM/' + LONG}/IMG_0001.JPG", is_certain=False),
        _companion("RAW/IMG_0001.DNG", is_certain=False),
    ]
    return Companions((*certain, *possible), is_whole=False)


def _companion(path: str, *, is_certain: bool) -> Companion:
    file = CardFile(path, 24_000_000, datetime(2026, 9, 4, 9, 45, tzinfo=UTC))
    return Companion(file, "DCIM/100TEST/IMG_0001.JPG", is_certain)


def erase_with_companions(made: Any) -> Page:
    lines = [EraseLine(f"IMG_{n:04}.JPG", "L1 close-up", "Stored and compared") for n in range(3)]
    return CardErasePage("EOS_DIGITAL", lines, is_card=True, companions=_companions())


def erase_only_companions(made: Any) -> Page:
    return CardErasePage("EOS_DIGITAL", (), is_card=True, companions=_companions())


def erase_done_but_companions(made: Any) -> Page:
    page = erase_with_companions(made)
    left = EraseLine("IMG_0001.CR3", "L1 close-up", words.LEFT, is_left=True)
    page.show_outcome([*_lines(*[EraseOutcome.ERASED] * 3), left])
    said = words.EJECT_OUTCOMES[Ejected.TAKEN_OUT]
    page.show_notice(Level.WARN, said.what, said.safe, said.todo)
    return page


def erase_incomplete_long(made: Any) -> Page:
    page = CardErasePage(LONG, _lines(EraseOutcome.ERASED), is_card=True)
    page.show_outcome([*_lines(*EraseOutcome, None, *EraseOutcome)])
    return page


def certificate_on_card(made: Any) -> Page:
    whole = made.certificate()
    on_card = [WipedItem(CARD_COPY, f"{n:032x}", None, "not erased", n == 0) for n in range(3)]
    on_card.append(WipedItem(CARD_COMPANION, "0, file 1", None, "not erased", removed=False))
    return CertificatePage(replace(whole, items=(*whole.items, *on_card)), "Test Nurse-One")


STATES = {
    build.__name__: build
    for build in (
        source_none,
        source_listed_long,
        card_choosing,
        card_clock_wrong,
        card_reading,
        card_good,
        card_poor,
        card_saving,
        erase_asked,
        erase_done,
        erase_with_companions,
        erase_only_companions,
        erase_done_but_companions,
        erase_incomplete_long,
        certificate_on_card,
    )
}


@pytest.mark.parametrize("state", STATES)
def test_a_state_is_whole_at_both_sizes_and_each_button_can_be_pressed(state, qtbot, made) -> None:
    page = STATES[state](made)
    frame = framed(page, "Pictures", made.patient)
    for size in SIZES:
        show(frame, f"card-{state}", size, qtbot)
        assert cut_off(frame) == [], f"at {size}"
        assert bad_buttons(page) == [], f"at {size}"
        assert repeated_mnemonics(page, "l") == [], f"at {size}"  # the window's own button: Lock
