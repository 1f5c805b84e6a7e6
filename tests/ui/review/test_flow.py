"""The review of the pictures in the real window: mark, cover, leave out, compare, continue."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from dermstation.domain.copies import CopyKind, ShapeKind
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.routes import Route
from dermstation.domain.shots import STANDARD_SHOTS, ShotKind
from dermstation.handover.verify import copies_in
from dermstation.imaging.codec import decode
from dermstation.ui.capture.page import CapturePage
from dermstation.ui.hand_over.page import HandOverPage
from dermstation.ui.home.page import HomePage
from dermstation.ui.review.drawing_page import DrawingPage
from dermstation.ui.review.page import LesionReviewPage
from dermstation.ui.summary.page import SummaryPage
from dermstation.workflow import deriving, episodes
from dermstation.workflow.unlocking import SignedIn
from dermstation.workflow.walk import EpisodeView
from tests.ui.desk import Desk
from tests.ui.review.test_drawing_board import drag
from tests.unfinished import unfinished
from tests.unit.workflow.conftest import an_episode, take
from tests.unit.workflow.derived import the_face_shows

GENERAL, CLOSEUP = ShotKind.GENERAL, ShotKind.CLOSEUP


def with_pictures(*shots: ShotKind, face: bool = False) -> Callable[[SignedIn], None]:
    def fill(signed_in: SignedIn) -> None:
        view = an_episode(signed_in)
        if face:
            the_face_shows(signed_in, view)
        take(signed_in, view, *(shots or STANDARD_SHOTS))
        episodes.finish_pictures(signed_in.vault, view.episode.id)

    return fill


def summary(desk: Desk, *fill: Callable[[SignedIn], None], **over) -> SummaryPage:
    desk.set_up(*(fill or (with_pictures(),)))
    desk.open(**over)
    desk.sign_in()
    desk.page(HomePage).rows[0].go_on.click()
    return desk.page(SummaryPage)


def review(desk: Desk, page: SummaryPage, shot: ShotKind = GENERAL) -> LesionReviewPage:
    """Open the review with a press on the thumbnail, and wait for the full pictures."""
    page.cards[0].thumbnails[shot].pressed.emit()
    return shown(desk)


def shown(desk: Desk) -> LesionReviewPage:
    page = desk.page(LesionReviewPage)
    desk.until(lambda: all(tile.still.has_picture for tile in page.tiles))
    return page


def board(desk: Desk, page: LesionReviewPage, kind: CopyKind) -> DrawingPage:
    (page.tools.mark if kind is CopyKind.MARKED else page.tools.cover).click()
    made = desk.page(DrawingPage)
    desk.until(lambda: made.board.has_picture)
    return made


def the_view(desk: Desk) -> EpisodeView:
    (line,) = desk.in_vault(unfinished)
    return line.view


class TestReview:
    def test_a_click_on_a_small_picture_opens_it_chosen_and_done_leads_back(
        self, desk: Desk
    ) -> None:
        page = summary(desk)
        thumbnail = page.cards[0].thumbnails[CLOSEUP]
        QTest.mouseClick(thumbnail, Qt.MouseButton.LeftButton)
        opened = shown(desk)
        assert len(opened.tiles) == 3
        assert opened.chosen_tile.contents.shot is CLOSEUP
        assert "Grew over three months" in opened._history.toPlainText()
        desk.press(opened)
        desk.page(SummaryPage)

    def test_all_pictures_are_enlarged_and_moved_together(self, desk: Desk) -> None:
        page = review(desk, summary(desk))
        still = page.tiles[0].still
        still.setFocus()
        QTest.keyClick(still, Qt.Key.Key_Plus)
        areas = {one.still.area.width() / one.still.width() for one in page.tiles}
        assert len(areas) == 1
        before = [one.still.area.x() for one in page.tiles]
        QTest.keyClick(still, Qt.Key.Key_Right)
        assert all(one.still.area.x() < x for one, x in zip(page.tiles, before, strict=True))
        QTest.keyClick(still, Qt.Key.Key_0)
        QTest.keyClick(still, Qt.Key.Key_Right)
        assert page.chosen_tile is page.tiles[1]
        QTest.keyClick(page.tiles[1].still, Qt.Key.Key_Return)
        assert [one.isVisible() for one in page.tiles] == [False, True, False]

    def test_a_picture_is_left_out_with_a_reason_and_put_back(self, desk: Desk) -> None:
        page = review(desk, summary(desk), CLOSEUP)
        page.tools.leave.click()
        page.tools.confirm.click()
        assert page.tools.why.problem
        page.tools.why.choice.setCurrentIndex(2)
        page.tools.confirm.click()
        desk.until(lambda: page.chosen_tile.contents.is_left_out)
        assert the_view(desk).left_out(the_view(desk).lesions[0]) == {
            CLOSEUP: "Too poor to be useful"
        }
        desk.press(page)
        back = desk.page(SummaryPage)
        assert back.cards[0].thumbnails[CLOSEUP].note == "Left out"
        page = review(desk, back, CLOSEUP)
        page.tools.leave.click()
        desk.until(lambda: not page.chosen_tile.contents.is_left_out)

    def test_pictures_are_put_in_order_and_the_summary_shows_it(self, desk: Desk) -> None:
        page = review(desk, summary(desk), GENERAL)
        assert not page.tools.before.isEnabled()
        page.tools.after.click()
        desk.until(lambda: page.tiles[1].contents.shot is GENERAL)
        desk.press(page)
        assert list(desk.page(SummaryPage).cards[0].thumbnails)[:2] == [CLOSEUP, GENERAL]

    def test_a_turn_is_seen_at_once_however_fast_it_is_pressed(self, desk: Desk) -> None:
        page = review(desk, summary(desk))

        def stands() -> bool:
            still = page.chosen_tile.still
            return still.has_picture and still.area.height() > still.area.width()

        def way_up() -> int | None:
            view = the_view(desk)
            return view.taken(view.lesions[0])[GENERAL].details.orientation

        assert not stands()
        page.tools.turn.click()
        desk.until(stands)
        assert way_up() == 6
        page.tools.turn.click()
        page.tools.turn.click()
        desk.until(lambda: way_up() == 8 and stands())
        page.tools.turn.click()
        desk.until(lambda: way_up() == 1 and page.chosen_tile.still.has_picture and not stands())
        assert page.chosen_tile.contents.shot is GENERAL
        desk.press(page)
        desk.page(SummaryPage)

    def test_a_retake_goes_to_the_camera_for_that_shot(self, desk: Desk) -> None:
        page = review(desk, summary(desk), CLOSEUP)
        page.tools.retake.click()
        camera = desk.page(CapturePage)
        assert camera.aim.shot is CLOSEUP

    def test_what_a_retake_replaced_is_shown_beside_it(self, desk: Desk) -> None:
        def twice(signed_in: SignedIn) -> None:
            view = an_episode(signed_in)
            take(signed_in, view, *STANDARD_SHOTS)
            take(signed_in, view, GENERAL, seed=11)
            episodes.finish_pictures(signed_in.vault, view.episode.id)

        page = review(desk, summary(desk, twice), GENERAL)
        desk.until(page.tools.compare.isEnabled)
        assert "before a retake" in page.tools.compare.itemText(1)
        page.tools.compare.setCurrentIndex(1)
        page = shown(desk)
        assert [one.contents.is_earlier for one in page.tiles] == [False, True]
        page.tools.compare.setCurrentIndex(0)
        desk.until(lambda: len(page.tiles) == 3)

    def test_a_lost_picture_is_reported_and_the_others_are_shown(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from dermstation.workflow import picture_review

        real = picture_review.image_of
        page = summary(desk)
        lost = the_view(desk).captures[1].id

        def image_of(vault, capture_id):
            if capture_id == lost:
                raise StationError(ErrorCode.CAPTURE_CHANGED, capture=capture_id)
            return real(vault, capture_id)

        monkeypatch.setattr(picture_review, "image_of", image_of)
        page.cards[0].thumbnails[GENERAL].pressed.emit()
        opened = desk.page(LesionReviewPage)
        desk.until(lambda: sum(one.still.has_picture for one in opened.tiles) == 2)
        desk.said("has changed since it was saved")


class TestMark:
    def test_an_arrow_is_dragged_saved_and_stands_beside_the_original(self, desk: Desk) -> None:
        page = review(desk, summary(desk), CLOSEUP)
        drawing = board(desk, page, CopyKind.MARKED)
        drag(drawing.board, (0.2, 0.2), (0.45, 0.45))
        desk.press(drawing)
        page = shown(desk)
        desk.said("The copy is saved.")
        assert [one.contents.title for one in page.tiles] == [
            "General",
            "Close-up",
            "Close-up, marked copy",
            "Dermoscopic",
        ]
        assert page.chosen_tile.contents.shot is CLOSEUP
        desk.press(page)
        assert desk.page(SummaryPage).cards[0].thumbnails[CLOSEUP].note == "Marked"

    def test_by_keys_alone_from_the_summary_to_the_saved_ring(self, desk: Desk) -> None:
        page = summary(desk)
        small = page.cards[0].thumbnails[GENERAL]
        small.setFocus()
        QTest.keyClick(small, Qt.Key.Key_Return)
        opened = shown(desk)
        assert desk.window.focusWidget() is opened.chosen_tile.still
        QTest.keyClick(opened.tools.mark, Qt.Key.Key_Space)
        drawing = desk.page(DrawingPage)
        desk.until(lambda: drawing.board.has_picture)
        QTest.keyClick(drawing.tools[ShapeKind.RING], Qt.Key.Key_Space)
        assert desk.window.focusWidget() is drawing.board
        QTest.keyClick(drawing.board, Qt.Key.Key_N)
        QTest.keyClick(drawing.board, Qt.Key.Key_Down)
        QTest.keyClick(drawing.board, Qt.Key.Key_Return)
        shown(desk)
        (copy,) = the_view(desk).copies
        assert copy.derivation.shapes[0].kind is ShapeKind.RING

    def test_what_is_drawn_outlives_going_back_and_a_lock(self, desk: Desk) -> None:
        drawing = board(desk, review(desk, summary(desk)), CopyKind.MARKED)
        drag(drawing.board, (0.2, 0.2), (0.45, 0.45))
        desk.window.lock()
        desk.sign_in()
        drawing = board(desk, review(desk, desk.page(SummaryPage)), CopyKind.MARKED)
        desk.until(lambda: len(drawing.board.shapes) == 1)
        desk.said("shown again", "not been saved as a copy yet")
        drawing.back.click()
        drawing = board(desk, shown(desk), CopyKind.MARKED)
        desk.until(lambda: len(drawing.board.shapes) == 1)

    def test_the_mark_is_removed_again(self, desk: Desk) -> None:
        drawing = board(desk, review(desk, summary(desk)), CopyKind.MARKED)
        assert drawing.drop is None
        drag(drawing.board, (0.2, 0.2), (0.45, 0.45))
        desk.press(drawing)
        drawing = board(desk, shown(desk), CopyKind.MARKED)
        desk.until(lambda: len(drawing.board.shapes) == 1)
        drawing.drop.click()
        assert len(shown(desk).tiles) == 3


class TestCover:
    def test_the_summary_asks_and_no_package_is_made_before_it_is_settled(self, desk: Desk) -> None:
        page = summary(desk, with_pictures(face=True))
        page.routes[Route.ROUTINE].click()
        desk.press(page)
        assert desk.shell.page is page
        assert any("To cover" in line.missing.words for line in page.missing.lines)
        page.cards[0].cover.click()
        opened = shown(desk)
        assert opened.chosen_tile.contents.shot is GENERAL
        drawing = board(desk, opened, CopyKind.COVERED)
        drag(drawing.board, (0.1, 0.1), (0.5, 0.5))
        desk.press(drawing)
        opened = shown(desk)
        for shot in (CLOSEUP, ShotKind.DERMOSCOPIC):
            opened.choose(shot)
            opened.tools.shows_nobody.click()
            desk.until(lambda: not opened.chosen_tile.contents.warning)
        desk.press(opened)
        page = desk.page(SummaryPage)
        assert page.cards[0].thumbnails[GENERAL].note == "Covered"
        desk.press(page)
        desk.page(HandOverPage)
        folder = Path(the_view(desk).package.folder)
        assert copies_in(folder) == {"L1-general.jpg": "covered copy"}
        pixels = decode((folder / "L1-general.jpg").read_bytes())
        height, width = pixels.shape[:2]
        assert pixels[int(height * 0.3), int(width * 0.3)].max() < 12

    def test_by_policy_the_original_is_wiped_at_once(self, desk: Desk) -> None:
        page = review(desk, summary(desk, keep_covered_originals=False))
        drawing = board(desk, page, CopyKind.COVERED)
        drag(drawing.board, (0.1, 0.1), (0.5, 0.5))
        desk.press(drawing)
        shown(desk)
        view = the_view(desk)
        original = view.taken(view.lesions[0])[GENERAL]
        assert original.wiped_at is not None
        with pytest.raises(StationError):
            desk.in_vault(lambda vault: vault.captures.image(original.id))

    @pytest.mark.expects_log
    def test_a_full_disk_while_a_copy_is_saved_is_reported_and_nothing_is_lost(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        page = review(desk, summary(desk))
        drawing = board(desk, page, CopyKind.COVERED)
        drag(drawing.board, (0.1, 0.1), (0.5, 0.5))

        def full(*_args: object) -> None:
            raise StationError(ErrorCode.VAULT_DISK_FULL)

        with monkeypatch.context() as patch:
            patch.setattr(deriving, "save_copies", full)
            desk.press(drawing)
            desk.said("disk is full", "The original is safe", "Free some space")
        assert drawing is desk.shell.page
        assert len(drawing.board.shapes) == 1
        desk.press(drawing)
        shown(desk)
        assert len(the_view(desk).copies) == 1

    def test_an_original_that_cannot_be_wiped_now_is_reported_and_tried_again(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        page = review(desk, summary(desk, keep_covered_originals=False))
        drawing = board(desk, page, CopyKind.COVERED)
        drag(drawing.board, (0.1, 0.1), (0.5, 0.5))

        def full(*_args: object) -> None:
            raise StationError(ErrorCode.VAULT_DISK_FULL)

        with monkeypatch.context() as patch:
            patch.setattr(deriving, "wipe_covered", full)
            desk.press(drawing)
            page = shown(desk)
            desk.said("could not be wiped yet", "covered copy is safe")
        desk.press(page)
        desk.page(SummaryPage)
        view = the_view(desk)
        assert view.taken(view.lesions[0])[GENERAL].wiped_at is not None


def test_a_picture_of_a_card_with_40_megapixels_never_holds_up_the_window(
    desk: Desk,
) -> None:
    """The heavy work is done on other threads, and the window's own thread answers meanwhile."""
    import hashlib
    from dataclasses import replace
    from time import perf_counter

    from PySide6.QtCore import QTimer

    from dermstation.domain.records import MediaType

    def large(signed_in: SignedIn) -> None:
        view = an_episode(signed_in)
        (held,) = take(signed_in, view, GENERAL)
        small = np.random.default_rng(1).integers(60, 200, (384, 512, 3), dtype=np.uint8)
        pixels = cv2.resize(small, (7300, 5475), interpolation=cv2.INTER_LINEAR)
        data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, 85])[1].tobytes()
        known = episodes.view_of(signed_in.vault, view.episode.id).captures[0]
        capture = replace(
            known,
            id="4" * 32,
            sha256=hashlib.sha256(data).hexdigest(),
            media_type=MediaType.JPEG,
            size_bytes=len(data),
            width=7300,
            height=5475,
        )
        signed_in.vault.captures.save(capture, data)
        episodes.finish_pictures(signed_in.vault, view.episode.id)
        assert held

    page = review(desk, summary(desk, large))
    drawing = board(desk, page, CopyKind.COVERED)
    drag(drawing.board, (0.1, 0.1), (0.5, 0.5))
    beats: list[float] = []
    timer = QTimer()
    timer.timeout.connect(lambda: beats.append(perf_counter()))
    timer.start(5)
    started = perf_counter()
    desk.press(drawing)
    desk.until(lambda: desk.shell.page is not drawing)
    took = perf_counter() - started
    timer.stop()
    longest = max(b - a for a, b in zip([started, *beats], beats, strict=False))
    # a window that did the work itself would be silent all the time
    assert longest < took / 2, f"silent for {longest:.2f} of {took:.2f} s"
    assert len(the_view(desk).copies) == 1
