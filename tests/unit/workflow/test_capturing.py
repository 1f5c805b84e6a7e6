"""Exactly the reviewed picture is stored; the loop allows no short cut."""

import contextlib
import hashlib
import time
from dataclasses import replace

import cv2
import numpy as np
import pytest

from dermstation.camera.frames import Encoding, Frame
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.quality import Verdict
from dermstation.domain.records import ConsentForm, MediaType, Operator, Role, new_id
from dermstation.domain.shots import ShotKind
from dermstation.domain.states import LoopState
from dermstation.workflow.capturing import CaptureLoop, Held, hold, previews, save
from dermstation.workflow.episodes import record_consent, view_of
from dermstation.workflow.unlocking import set_up_station
from tests.unit.workflow.conftest import PASSPHRASE, an_episode, take
from tests.unit.workflow.samples import report


def frame(encoding: Encoding = Encoding.BGR, age_s: float = 0.0) -> Frame:
    pixels = np.random.default_rng(7).integers(60, 200, (480, 640, 3), dtype=np.uint8)
    payload = pixels
    if encoding is Encoding.JPEG:
        payload = cv2.imencode(".jpg", pixels)[1].reshape(-1)
    captured_at_ns = time.perf_counter_ns() - int(age_s * 1e9)
    return Frame(1, captured_at_ns, encoding, 640, 480, payload)


def held(verdict: Verdict = Verdict.GOOD) -> Held:
    one = hold(frame(), ShotKind.CLOSEUP, "Simulated dermatoscope")
    return replace(one, report=report(ShotKind.CLOSEUP, verdict))


def test_raw_pixels_are_held_without_loss() -> None:
    source = frame()
    one = hold(source, ShotKind.GENERAL, "camera")
    assert one.media_type is MediaType.PNG
    decoded = cv2.imdecode(np.frombuffer(one.data, np.uint8), cv2.IMREAD_COLOR)
    assert np.array_equal(decoded, source.payload)
    assert np.array_equal(one.pixels, source.payload)


def test_the_camera_s_own_jpeg_is_held_byte_for_byte() -> None:
    source = frame(Encoding.JPEG)
    one = hold(source, ShotKind.GENERAL, "camera")
    assert one.media_type is MediaType.JPEG
    assert one.data == source.payload.tobytes()
    assert one.sha256 == hashlib.sha256(source.payload.tobytes()).hexdigest()


def test_a_torn_jpeg_is_not_held() -> None:
    source = frame(Encoding.JPEG)
    torn = replace(source, payload=source.payload[: len(source.payload) // 2])
    with pytest.raises(StationError) as trouble:
        hold(torn, ShotKind.GENERAL, "camera")
    assert trouble.value.code is ErrorCode.IMAGE_UNREADABLE


def test_the_instant_is_that_of_the_frame_not_of_the_press() -> None:
    young, old = hold(frame(), ShotKind.GENERAL, ""), hold(frame(age_s=3), ShotKind.GENERAL, "")
    assert (young.captured_at - old.captured_at).total_seconds() > 2


def test_a_held_frame_shows_no_pixels_in_its_repr() -> None:
    assert "data=" not in repr(held())
    assert "pixels=" not in repr(held())


@pytest.mark.parametrize("newest", [None, frame(age_s=0.6)])
def test_the_shutter_refuses_a_stale_frame(newest: Frame | None) -> None:
    loop = CaptureLoop()
    with pytest.raises(StationError) as trouble:
        loop.press(newest)
    assert trouble.value.code is ErrorCode.FRAME_STALE
    assert loop.state is LoopState.AIMING


def test_the_loop_runs_from_press_to_saved() -> None:
    loop = CaptureLoop()
    loop.press(frame())
    loop.take_held(held())
    loop.accept(None)
    assert loop.state is LoopState.SAVING
    loop.saved()
    assert (loop.state, loop.held) == (LoopState.AIMING, None)


def test_a_second_press_while_holding_is_refused() -> None:
    loop = CaptureLoop()
    loop.press(frame())
    with pytest.raises(StationError):
        loop.press(frame())


def test_a_poor_picture_needs_a_reason() -> None:
    loop = CaptureLoop()
    loop.press(frame())
    loop.take_held(held(Verdict.POOR))
    for nothing in (None, "", "   "):
        with pytest.raises(StationError) as trouble:
            loop.accept(nothing)
        assert trouble.value.code is ErrorCode.OVERRIDE_REASON_MISSING
    assert loop.accept("The patient cannot hold still").report.verdict is Verdict.POOR


def test_a_failed_save_keeps_the_frame_for_another_try() -> None:
    loop = CaptureLoop()
    loop.press(frame())
    one = held()
    loop.take_held(one)
    loop.accept(None)
    loop.save_failed()
    assert (loop.state, loop.held) == (LoopState.REVIEWING, one)
    assert loop.accept(None) is one


def test_nothing_is_saved_without_a_review() -> None:
    loop = CaptureLoop()
    with pytest.raises(StationError):
        loop.saved()
    loop.press(frame())
    with pytest.raises(StationError):
        loop.accept(None)


class TestSave:
    """Saving into a real vault: the episode's file and the row."""

    def test_what_is_saved_is_what_was_held(self, signed_in, view) -> None:
        (one,) = take(signed_in, view, ShotKind.CLOSEUP)
        (capture,) = signed_in.vault.captures.of_episode(view.episode.id)
        assert signed_in.vault.captures.image(capture.id) == one.data
        assert capture.sha256 == one.sha256

    def test_it_was_captured_by_whoever_pressed_the_shutter(self, signed_in, view) -> None:
        one = hold(frame(), ShotKind.CLOSEUP, "", lesion_id=view.lesions[0].id, pressed_by="a")
        saved = save(signed_in.vault, one, view.lesions[0], signed_in.operator, "a reason")
        assert saved.captured_by == "a"
        other = hold(frame(), ShotKind.CLOSEUP, "")
        saved = save(signed_in.vault, other, view.lesions[0], signed_in.operator, "a reason")
        assert saved.captured_by == signed_in.operator.id

    def test_it_is_never_saved_for_another_lesion(self, signed_in, view) -> None:
        one = hold(frame(), ShotKind.CLOSEUP, "", lesion_id="another", pressed_by="a")
        with pytest.raises(StationError) as trouble:
            save(signed_in.vault, one, view.lesions[0], signed_in.operator, "a reason")
        assert trouble.value.code is ErrorCode.STEP_NOT_ALLOWED
        assert signed_in.vault.captures.of_episode(view.episode.id) == ()

    def test_a_repeated_save_stores_one_capture(self, signed_in, view) -> None:
        one = hold(frame(), ShotKind.CLOSEUP, "")
        for _ in range(2):
            save(signed_in.vault, one, view.lesions[0], signed_in.operator, "a reason")
        assert len(signed_in.vault.captures.of_episode(view.episode.id)) == 1

    def test_a_poor_picture_needs_a_reason_and_a_good_one_keeps_none(self, signed_in, view) -> None:
        vault, lesion, operator = signed_in.vault, view.lesions[0], signed_in.operator
        for nothing in (None, "  "):
            with pytest.raises(StationError) as trouble:
                save(vault, held(Verdict.POOR), lesion, operator, nothing)
            assert trouble.value.code is ErrorCode.OVERRIDE_REASON_MISSING
        assert save(vault, held(Verdict.POOR), lesion, operator, " why ").override_reason == "why"
        assert save(vault, held(Verdict.GOOD), lesion, operator, "why").override_reason is None

    def test_without_consent_nothing_is_saved(self, signed_in, view) -> None:
        vault, operator = signed_in.vault, signed_in.operator
        record_consent(
            vault,
            operator,
            view.episode.id,
            given=False,
            form=ConsentForm.VERBAL,
            secondary_use=False,
        )
        with pytest.raises(StationError) as trouble:
            save(vault, held(), view.lesions[0], operator, None)
        assert trouble.value.code is ErrorCode.CONSENT_MISSING

    def test_a_full_disk_is_named_and_the_same_picture_is_saved_later(
        self, tmp_path, recovery, small_disk
    ) -> None:
        home = small_disk(tmp_path / "disk", "8m")
        operator = Operator(new_id(), "Test Nurse", Role.NURSE)
        made = set_up_station(home / "vault", operator, PASSPHRASE, recovery, keystore=None)
        with made.vault as vault:
            opened = an_episode(made)
            ballast = home / "ballast"
            with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
                while True:
                    file.write(bytes(4096))
            one = held()
            with pytest.raises(StationError) as trouble:
                save(vault, one, opened.lesions[0], operator, None)
            assert trouble.value.code is ErrorCode.VAULT_DISK_FULL
            ballast.unlink()
            saved = save(vault, replace(one), opened.lesions[0], operator, None)
            assert vault.captures.image(saved.id) == one.data

    def test_a_lost_picture_does_not_hide_the_others(self, signed_in, view, monkeypatch) -> None:
        take(signed_in, view, ShotKind.GENERAL, ShotKind.CLOSEUP)
        seen = view_of(signed_in.vault, view.episode.id)
        lost, image = seen.captures[0].id, signed_in.vault.captures.image

        def damaged(capture_id: str) -> bytes:
            if capture_id == lost:
                raise StationError(ErrorCode.CAPTURE_CHANGED)
            return image(capture_id)

        assert len(previews(signed_in.vault, seen).pictures) == 2
        monkeypatch.setattr(signed_in.vault.captures, "image", damaged)
        found = previews(signed_in.vault, seen)
        assert list(found.pictures) == [seen.captures[1].id]
        assert found.trouble is not None
        assert found.trouble.code is ErrorCode.CAPTURE_CHANGED
