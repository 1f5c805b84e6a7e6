"""The frames that the gate admits to the ring, and its report of a torn stream."""

from functools import cache

import numpy as np
import pytest

from dermstation.camera.frames import Encoding
from dermstation.camera.gate import CHECKED_OF_TRUSTED, TRUSTED_AFTER, FrameGate
from dermstation.camera.source import Mode, RawFrame
from dermstation.camera.sources.choice import source_of
from dermstation.camera.spec import parse_camera
from tests.torn_pictures import RAW_TEARS, TEARS, Pixels, View, jpeg, view, without_tables

SIZE = (640, 480)
MODE = Mode(*SIZE, 30.0)
RNG = np.random.default_rng(13)


@cache  # drawn for these tests alone, not whenever tests are collected
def scenery() -> View:
    return view(RNG, *SIZE, ("plain",))


def frame() -> Pixels:
    return scenery().frame(RNG)


def of_packet(packet: bytes) -> RawFrame:
    return RawFrame(0, Encoding.JPEG, *SIZE, np.frombuffer(packet, np.uint8))


def of_pixels(pixels: Pixels) -> RawFrame:
    return RawFrame(0, Encoding.BGR, pixels.shape[1], pixels.shape[0], pixels)


def passes(gate: FrameGate, raw: RawFrame, *, is_recording: bool = False) -> bool:
    return gate.passes(raw, MODE, is_recording=is_recording)


@pytest.mark.parametrize("way", TEARS)
def test_torn_frames_stay_out_and_whole_ones_pass(way: str) -> None:
    packets, raw = FrameGate(), FrameGate()
    older = frame()
    assert passes(packets, of_packet(jpeg(older)))
    assert passes(raw, of_pixels(older))
    for _ in range(5):
        newer = frame()
        assert not passes(packets, of_packet(TEARS[way](jpeg(newer), jpeg(older), RNG)))
        assert not passes(raw, of_pixels(RAW_TEARS[way](newer, older, RNG)))
        assert passes(packets, of_packet(jpeg(newer)))
        assert passes(raw, of_pixels(newer))
        older = newer
    assert packets.torn == raw.torn == 5


def test_the_same_frame_again_and_another_size_do_not_pass_and_are_not_torn() -> None:
    gate = FrameGate()
    packet = of_packet(jpeg(frame()))
    assert passes(gate, packet)
    assert not passes(gate, packet)
    assert not passes(gate, of_pixels(frame()[:-10]))
    assert gate.torn == 0


def test_a_recording_may_repeat_and_change_its_size_but_not_be_cut() -> None:
    gate = FrameGate()
    packet = jpeg(frame())
    for _ in range(2):
        assert passes(gate, of_packet(packet), is_recording=True)
        assert passes(gate, of_pixels(frame()[:-10]), is_recording=True)
    cut = of_packet(packet[: len(packet) // 2] + b"\xff\xd9")
    assert not passes(gate, cut, is_recording=True)


def test_a_still_scene_without_noise_passes() -> None:
    gate = FrameGate()
    scene = frame()
    for _ in range(20):
        scene[:16, :16] = RNG.integers(0, 255, (16, 16, 3))
        assert passes(gate, of_packet(without_tables(jpeg(scene))))
        assert passes(gate, of_pixels(scene.copy()))


def test_a_stream_is_mostly_torn_until_most_frames_are_whole_again() -> None:
    gate = FrameGate()
    for _ in range(9):
        packet = jpeg(frame())
        passes(gate, of_packet(packet[:-900]))
    assert gate.is_mostly_torn
    for _ in range(9):
        assert passes(gate, of_packet(jpeg(frame())))
    assert gate.is_mostly_torn
    for _ in range(22):
        assert passes(gate, of_packet(jpeg(frame())))
    assert not gate.is_mostly_torn


def test_a_trusted_camera_that_begins_to_tear_is_found_out_within_a_few_frames() -> None:
    gate = FrameGate()
    for _ in range(TRUSTED_AFTER + 1):
        assert passes(gate, of_packet(jpeg(frame())))
    through = 0
    for _ in range(40):
        packet = jpeg(frame())
        through += passes(gate, of_packet(packet[: len(packet) // 2] + b"\xff\xd9"))
    assert through < CHECKED_OF_TRUSTED


def test_the_level_edge_of_a_ruler_does_not_stop_the_picture() -> None:
    gate = FrameGate()
    through = []
    for _ in range(12):
        pixels = frame()
        pixels[400:] = np.minimum(pixels[400:].astype(np.int16) + 60, 240).astype(np.uint8)
        through.append(passes(gate, of_pixels(pixels)))
    assert not through[0], "a tear at this row would look the same"
    assert all(through[3:])
    newer = frame()
    assert not passes(gate, of_pixels(RAW_TEARS["shifted"](newer, newer, RNG)))


def test_tears_at_the_same_row_among_others_are_not_taken_for_the_edge_of_a_ruler() -> None:
    gate = FrameGate()
    for row in (150, 300, 301, 220, 299, 300, 180, 301, 300, 299):
        whole = frame()
        torn = whole.copy()
        torn[row:] = np.roll(whole[row:], 200, axis=1)
        assert not passes(gate, of_pixels(torn)), row
        assert passes(gate, of_pixels(whole)), row


def test_the_edge_of_a_ruler_that_drifts_in_the_hand_does_not_stop_the_picture() -> None:
    gate = FrameGate()
    through = []
    for number in range(14):
        pixels = frame()
        row = 380 + number
        pixels[row:] = np.minimum(pixels[row:].astype(np.int16) + 60, 240).astype(np.uint8)
        through.append(passes(gate, of_pixels(pixels)))
    assert not through[0]
    assert all(through[3:])


def test_lost_pixels_stay_out_though_the_skin_is_smooth_and_the_rest_is_black() -> None:
    rng = np.random.default_rng(14)
    scene = np.full((SIZE[1] + 8, SIZE[0] + 8, 3), (140, 160, 190), np.uint8)
    looks_at = View(scene, *SIZE, "ring", 1.5)
    gate = FrameGate()
    for lost_rows in range(2, 10):
        newer = looks_at.frame(rng)
        lost_px, at = lost_rows * SIZE[0] + 65, int(newer.size // 3 * rng.uniform(0.3, 0.7))
        torn = np.zeros_like(newer).reshape(-1, 3)
        torn[:-lost_px] = np.delete(newer.reshape(-1, 3), slice(at, at + lost_px), axis=0)
        assert not passes(gate, of_pixels(torn.reshape(newer.shape)))
        assert passes(gate, of_pixels(newer))


def test_the_simulated_dermatoscope_gives_whole_frames() -> None:
    spec = parse_camera("sim")
    source = source_of(spec, 1600, 1200)
    mode = source.open()
    gate = FrameGate()
    passed = []
    try:
        for _ in range(20):
            raw = source.read()  # the next one takes its memory
            assert raw is not None
            passed.append(gate.passes(raw, mode, is_recording=False))
    finally:
        source.close()
    assert all(passed[5:])
