"""The press takes the sharpest frame around it, and never one of another scene."""

import time
from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
import pytest

from dermstation.camera.frames import Encoding, Frame
from dermstation.camera.link_status import LinkStatus
from dermstation.camera.source import Mode
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.quality import Aspect, Judgement, QualityReport, Verdict
from dermstation.domain.records import MediaType
from dermstation.domain.shots import ShotKind
from dermstation.imaging.assessment import assess
from dermstation.workflow import capturing
from dermstation.workflow.burst_ranking import ranked_frame
from dermstation.workflow.bursting import AFTER_NS, BEFORE_NS, Chosen, Press, hold_sharpest
from dermstation.workflow.capturing import Held

SIZE = (640, 480)
MS = 1_000_000
RNG = np.random.default_rng(3)
SKIN = cv2.GaussianBlur(RNG.integers(70, 190, (480, 640, 3), dtype=np.uint8), (0, 0), 1.2)
SMALL_COPY_DN = 2.0  # two decoders differ by this much; other frames of the burst by more
BLURS = {"sharp": 0.0, "soft": 1.5, "bad": 4.0}


def picture(look: str, noise: float = 1.2) -> np.ndarray:
    if look in ("black", "white"):
        base = np.full_like(SKIN, 0 if look == "black" else 255)
    elif look == "flipped":
        base = SKIN + np.array((0, 0, 60), np.uint8)
        base = np.ascontiguousarray(base[:, :, ::-1])
    elif look == "elsewhere":
        base = np.roll(255 - SKIN, 200, axis=1)
    else:
        base = cv2.GaussianBlur(SKIN, (0, 0), BLURS[look]) if BLURS[look] else SKIN
    noisy = base + RNG.normal(0, noise, base.shape)
    return np.clip(noisy, 0, 255).astype(np.uint8)


def frame(
    sequence: int, at_ns: int, look: str, *, jpeg: bool, generation: int = 1, quality: int = 95
) -> Frame:
    pixels = picture(look if look != "torn" else "sharp")
    payload, encoding = pixels, Encoding.BGR
    if jpeg or look == "torn":
        payload, encoding = _packet(pixels, quality), Encoding.JPEG
    if look == "torn":
        payload = payload[: payload.size // 2]
    return Frame(sequence, at_ns, encoding, *SIZE, payload, generation)


def _packet(pixels: np.ndarray, quality: int) -> np.ndarray:
    return cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].reshape(-1)


class Ring:
    """A holder of frames, like a link; later frames appear when their time has come."""

    def __init__(self, *frames: Frame) -> None:
        self.frames = frames
        self.mode = Mode(*SIZE, 30)
        self.asked: list[int] = []

    def status(self) -> LinkStatus:
        return LinkStatus(mode=self.mode)

    def _here(self) -> list[Frame]:
        return [one for one in self.frames if one.captured_at_ns <= time.perf_counter_ns()]

    def sequences_between(self, start_ns: int, end_ns: int) -> list[int]:
        return list(self.lengths_between(start_ns, end_ns))

    def lengths_between(self, start_ns: int, end_ns: int) -> dict[int, int]:
        within = [one for one in self._here() if start_ns <= one.captured_at_ns <= end_ns]
        return {one.sequence: one.payload.size for one in within}

    def frame(self, sequence: int) -> Frame | None:
        self.asked.append(sequence)
        return next((one for one in self._here() if one.sequence == sequence), None)

    def newest(self, after_sequence: int = -1) -> Frame | None:
        later = [one for one in self._here() if one.sequence > after_sequence]
        return later[-1] if later else None


Burst = Callable[..., tuple[Ring, Press]]


@pytest.fixture(params=[False, True], ids=["raw", "packets"])
def burst(request: pytest.FixtureRequest) -> Burst:
    """Return a function that makes a ring and a press at the present time.

    It takes looks by ms from the press; the last one up to 0 is the one shown.
    """

    def make(looks: dict[int, str], *, not_before_ms: int | None = None, **generations: int):
        now_ns = time.perf_counter_ns()
        frames = [
            frame(
                number,
                now_ns + ms * MS,
                look,
                jpeg=request.param,
                generation=generations.get(f"of_{abs(ms)}", 1),
            )
            for number, (ms, look) in enumerate(looks.items())
        ]
        shown = [one for one in frames if one.captured_at_ns <= now_ns][-1]
        earliest = 0 if not_before_ms is None else now_ns + not_before_ms * MS
        press = Press(shown, now_ns, ShotKind.CLOSEUP, "camera", earliest, "lesion", "operator")
        return Ring(*frames), press

    return make


def test_the_sharpest_frame_before_the_press_is_taken(burst: Burst) -> None:
    ring, press = burst({-300: "soft", -200: "sharp", -100: "soft", 0: "bad"})
    held = hold_sharpest(ring, press)
    assert held.details.press_offset_ms == -200
    assert held.details.camera_bytes is (press.frame.encoding is Encoding.JPEG)
    assert (held.lesion_id, held.pressed_by) == ("lesion", "operator")
    if press.frame.encoding is Encoding.JPEG:
        assert held.data == ring.frames[1].payload.tobytes()
    else:
        assert np.array_equal(held.pixels, ring.frames[1].payload)


def test_a_sharper_frame_after_the_press_is_waited_for(burst: Burst) -> None:
    ring, press = burst({-100: "bad", 0: "bad", 60: "bad", 120: "sharp", 190: "bad"})
    assert hold_sharpest(ring, press).details.press_offset_ms == 120


def test_nothing_beyond_the_window_is_taken(burst: Burst) -> None:
    before, after = -BEFORE_NS // MS - 30, AFTER_NS // MS + 30
    ring, press = burst({before: "sharp", -100: "soft", 0: "bad", after: "sharp"})
    assert hold_sharpest(ring, press).details.press_offset_ms == -100


def test_a_steady_hand_does_not_wait_for_the_frames_after_the_press(burst: Burst) -> None:
    looks = {-66: "sharp", -33: "sharp", 0: "sharp", 5000: "sharp"}
    ring, press = burst(looks)
    held = hold_sharpest(ring, press)
    assert -66 <= held.details.press_offset_ms <= 0
    assert press.pressed_at_ns < ring.frames[-1].captured_at_ns


def focus_of(ring: Ring, **verdicts: Verdict) -> dict[int, Judgement]:
    """Say what the live view found of frames: f0=GOOD is the first one."""
    return {
        ring.frames[int(name[1:])].sequence: Judgement(Aspect.FOCUS, 90.0, verdict)
        for name, verdict in verdicts.items()
    }


def is_a_small_copy(shown: Chosen, held: Held) -> bool:
    """Return whether what is shown at first is the picture that is held, perhaps smaller."""
    width, height = shown.full
    if held.pixels.shape[:2] != (height, width):
        return False
    if held.media_type is not MediaType.JPEG:
        return shown.pixels is held.pixels
    size = shown.pixels.shape[1::-1]
    assert size == (width // 2, height // 2)
    small = cv2.resize(held.pixels, size, interpolation=cv2.INTER_AREA)
    return float(cv2.absdiff(small, shown.pixels).mean()) < SMALL_COPY_DN


def test_what_the_live_view_found_sharp_is_not_judged_before_it_is_shown(
    burst: Burst, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring, press = burst({-300: "soft", -200: "sharp", -100: "soft", 0: "bad"})
    press = replace(press, focus=focus_of(ring, f1=Verdict.GOOD, f2=Verdict.FAIR))
    seen: list[Chosen] = []

    def judged_later(pixels: np.ndarray, shot: ShotKind) -> QualityReport:
        assert seen, "it was judged before it was shown"
        return assess(pixels, shot)

    monkeypatch.setattr(capturing, "assess", judged_later)
    held = hold_sharpest(ring, press, seen.append)
    assert held.details.press_offset_ms == -200
    assert [is_a_small_copy(one, held) for one in seen] == [True]


@pytest.mark.parametrize("other", [Verdict.GOOD, Verdict.FAIR], ids=["steady", "trembling"])
def test_few_frames_are_looked_at_if_a_live_score_says_sharp(burst: Burst, other: Verdict) -> None:
    ring, press = burst({-300: "sharp", -200: "sharp", -100: "sharp", 0: "sharp"})
    press = replace(press, focus=focus_of(ring, f0=Verdict.GOOD, f1=other))
    held = hold_sharpest(ring, press)
    assert len(set(ring.asked)) <= 2  # besides the frame of the press
    assert press.frame.encoding is Encoding.BGR or held.details.press_offset_ms == 0


def test_if_the_press_shook_a_steady_hand_the_nearest_sharp_frame_is_looked_for(
    burst: Burst,
) -> None:
    looks = {-390: "sharp", -300: "sharp", -200: "sharp", -160: "sharp", -120: "sharp"}
    ring, press = burst({**looks, -80: "soft", -40: "bad", 0: "bad"})
    press = replace(press, focus=focus_of(ring, f0=Verdict.GOOD, f1=Verdict.GOOD))
    held = hold_sharpest(ring, press)
    assert -160 <= held.details.press_offset_ms <= -120
    # the nearest sharp one and one that was scored, and of raw frames none beyond it
    assert len(set(ring.asked)) <= (4 if press.frame.encoding is Encoding.JPEG else 5)


def test_packets_of_a_camera_that_codes_them_unlike_are_looked_at() -> None:
    now_ns = time.perf_counter_ns()
    looks = {-200: ("sharp", 50), -100: ("bad", 99), 0: ("bad", 99)}
    frames = [
        frame(number, now_ns + ms * MS, look, jpeg=True, quality=quality)
        for number, (ms, (look, quality)) in enumerate(looks.items())
    ]
    assert frames[0].payload.size < frames[1].payload.size
    press = Press(frames[-1], now_ns, ShotKind.CLOSEUP, "camera")
    assert hold_sharpest(Ring(*frames), press).details.press_offset_ms == -200


def test_a_packet_that_is_hardly_larger_does_not_replace_that_of_the_press() -> None:
    now_ns = time.perf_counter_ns()
    older, pressed = (frame(number, now_ns, "sharp", jpeg=True) for number in range(2))
    ranked = [ranked_frame(one, None) for one in (older, pressed)]
    assert None not in ranked
    before, own = ranked
    assert own.may_replace(own)
    assert not replace(before, detail=2 * own.detail).may_replace(own)
    longer = np.append(older.payload, np.zeros(older.payload.size // 10, np.uint8))
    assert replace(before, frame=replace(older, payload=longer)).may_replace(own)


@pytest.mark.parametrize("other", ["flipped", "black"])
def test_a_live_score_of_another_scene_says_nothing(burst: Burst, other: str) -> None:
    ring, press = burst({-200: other, -100: "sharp", 0: "bad"})
    press = replace(press, focus=focus_of(ring, f0=Verdict.GOOD))
    assert hold_sharpest(ring, press).details.press_offset_ms == -100


def test_a_picture_that_is_waited_for_is_shown_once_it_is_chosen(burst: Burst) -> None:
    ring, press = burst({-100: "bad", 0: "bad", 60: "bad", 120: "sharp"})
    seen: list[Chosen] = []
    held = hold_sharpest(ring, press, seen.append)
    assert held.details.press_offset_ms == 120
    assert [is_a_small_copy(one, held) for one in seen] == [True]


def test_frames_from_before_the_shot_was_aimed_at_are_not_taken(burst: Burst) -> None:
    ring, press = burst({-300: "sharp", -100: "soft", 0: "bad"}, not_before_ms=-150)
    assert hold_sharpest(ring, press).details.press_offset_ms == -100


def test_frames_of_another_opening_of_the_source_are_not_taken(burst: Burst) -> None:
    ring, press = burst({-300: "sharp", -100: "soft", 0: "bad"}, of_300=0)
    assert hold_sharpest(ring, press).details.press_offset_ms == -100


@pytest.mark.parametrize("wrong", ["black", "white", "flipped", "torn"])
def test_a_frame_that_shows_something_else_is_not_taken_for_the_sharper_one(
    burst: Burst, wrong: str
) -> None:
    ring, press = burst({-300: wrong, -200: "soft", -100: wrong, 0: "bad"})
    if wrong == "torn" and press.frame.encoding is Encoding.BGR:
        pytest.skip("raw pixels are never torn")
    assert hold_sharpest(ring, press).details.press_offset_ms == -200


def test_noise_is_not_taken_for_sharpness() -> None:
    now_ns = time.perf_counter_ns()
    offsets = np.linspace(-380, 0, 12)
    looks = ["soft"] * 11
    looks.insert(4, "sharp")
    frames = [
        Frame(
            number,
            now_ns + int(ms * MS),
            Encoding.BGR,
            *SIZE,
            picture(look, noise=4.0),
            1,
        )
        for number, (ms, look) in enumerate(zip(offsets, looks, strict=True))
    ]
    press = Press(frames[-1], now_ns, ShotKind.CLOSEUP, "camera")
    assert hold_sharpest(Ring(*frames), press).details.press_offset_ms == round(offsets[4])


def test_a_torn_packet_alone_is_refused() -> None:
    now_ns = time.perf_counter_ns()
    torn = frame(1, now_ns, "torn", jpeg=True)
    press = Press(torn, now_ns, ShotKind.CLOSEUP, "camera")
    with pytest.raises(StationError) as caught:
        hold_sharpest(Ring(torn), press)
    assert caught.value.code is ErrorCode.IMAGE_UNREADABLE


def test_a_camera_that_goes_away_does_not_make_the_press_wait_for_ever(burst: Burst) -> None:
    ring, press = burst({-100: "bad", 0: "bad"})
    held = hold_sharpest(ring, press)
    assert held.details.press_offset_ms in (-100, 0)
    assert time.perf_counter_ns() >= press.pressed_at_ns + AFTER_NS


def test_tables_that_were_added_to_a_packet_are_noted_with_it(burst: Burst) -> None:
    ring, press = burst({0: "sharp"})
    ring.mode = replace(ring.mode, keeps_packets=True, adds_tables=True)
    details = hold_sharpest(ring, press).details
    assert details.tables_added is (True if details.camera_bytes else None)
