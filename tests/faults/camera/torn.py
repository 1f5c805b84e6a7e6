"""Presses on a stream that is torn in one way, through the real gate, ring and press."""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import cast

import numpy as np

from dermstation.camera.frames import Encoding
from dermstation.camera.gate import FrameGate
from dermstation.camera.link import CameraLink
from dermstation.camera.packets import jpeg_outline, self_contained
from dermstation.camera.ring import FrameRing
from dermstation.camera.source import Mode, RawFrame
from dermstation.domain.errors import StationError
from dermstation.domain.shots import ShotKind
from dermstation.workflow.bursting import AFTER_NS, Press, hold_sharpest
from tests.torn_pictures import RAW_TEARS, TEARS, Pixels, View, encoded, jpeg, view

SIZES = ((640, 480), (800, 600), (1280, 720))
# what a flat or black scene shows is not enough to tell an older frame, or to look at
SEEN = ("plain", "dark", "bright", "ring")
# a shift alone is not seen in a dark picture with much noise; that one is poor for its light
SEEN_SHIFTED = ("plain", "bright", "ring")
_FRAMES = 10
_EVERY_NS = 33_000_000
_TORN_SHARE = 0.4


@dataclass
class Outcome:
    """The outcome of the presses on one kind of stream."""

    presses: int = 0
    held: int = 0
    torn_captures: int = 0
    torn_sent: int = 0
    whole_sent: int = 0
    whole_refused: int = 0
    torn_in_ring: int = 0
    by_cause: Counter[str] = field(default_factory=Counter)


def press_on_torn(kind: str, presses: int, *, raw: bool, seed: int) -> Outcome:
    """Press on short streams in each of which some frames are torn in the way `kind`."""
    rng = np.random.default_rng(seed)
    outcome = Outcome()
    for _ in range(presses):
        width, height = SIZES[int(rng.integers(len(SIZES)))]
        looks = SEEN_SHIFTED if raw and kind == "shifted" else SEEN
        looks_at = view(rng, width, height, looks)
        frames = _raw(kind, looks_at, rng) if raw else _packets(kind, looks_at, rng)
        _press(list(frames), outcome, width, height)
    return outcome


def refused_whole(
    count: int, seed: int, sizes: tuple[tuple[int, int], ...] = SIZES
) -> Counter[str]:
    """Send whole frames of all kinds, and count by look and kind those that are refused."""
    rng = np.random.default_rng(seed)
    refused: Counter[str] = Counter()
    sent = 0
    while sent < count:
        width, height = sizes[int(rng.integers(len(sizes)))]
        looks_at, gate = view(rng, width, height), FrameGate()
        is_raw = rng.random() < 0.3
        for _ in range(min(_FRAMES, count - sent)):
            pixels = looks_at.frame(rng)
            frame = _of_pixels(pixels) if is_raw else _of_packet(encoded(pixels, rng))
            sent += 1
            if not gate.passes(frame, Mode(width, height, 30.0), is_recording=False):
                refused[f"{looks_at.look} {'raw' if is_raw else 'packet'}"] += 1
    return refused


def _packets(
    kind: str, looks_at: View, rng: np.random.Generator
) -> Iterator[tuple[RawFrame, bool]]:
    older = jpeg(looks_at.frame(rng))
    yield _of_packet(older), False
    for _ in range(_FRAMES):
        packet = jpeg(looks_at.frame(rng))
        if rng.random() < _TORN_SHARE:
            yield _of_packet(TEARS[kind](packet, older, rng)), True
        else:
            yield _of_packet(packet), False
            older = packet


def _raw(kind: str, looks_at: View, rng: np.random.Generator) -> Iterator[tuple[RawFrame, bool]]:
    older = looks_at.frame(rng)
    yield _of_pixels(older), False
    for _ in range(_FRAMES):
        pixels = looks_at.frame(rng)
        if rng.random() < _TORN_SHARE:
            yield _of_pixels(RAW_TEARS[kind](pixels, older, rng)), True
        else:
            yield _of_pixels(pixels), False
            older = pixels


def _link(ring: FrameRing, mode: Mode) -> CameraLink:
    """Return what a press asks of a link: the frames of its ring, and the camera's mode."""
    asked = SimpleNamespace(
        frame=ring.frame,
        sequences_between=ring.sequences_between,
        lengths_between=ring.lengths_between,
        status=lambda: SimpleNamespace(mode=mode),
    )
    return cast("CameraLink", asked)


def _press(frames: list[tuple[RawFrame, bool]], outcome: Outcome, width: int, height: int) -> None:
    """Send the frames, the last one 250 ms ago, then press as an operator did at that time."""
    gate, mode = FrameGate(), Mode(width, height, 30.0)
    ring = FrameRing.create(width, height)
    pressed_ns = time.perf_counter_ns() - AFTER_NS - _EVERY_NS
    torn_sent: set[bytes] = set()
    try:
        for number, (frame, is_torn) in enumerate(frames, start=1 - len(frames)):
            at_ns = pressed_ns + number * _EVERY_NS
            sent = RawFrame(at_ns, frame.encoding, width, height, frame.payload)
            passed = gate.passes(sent, mode, is_recording=False)
            if passed:
                ring.put(sent)
            if is_torn:
                torn_sent.add(frame.payload.tobytes())
                outcome.torn_sent += 1
                outcome.torn_in_ring += passed
            else:
                outcome.whole_sent += 1
                outcome.whole_refused += not passed
        outcome.presses += 1
        newest = ring.newest()
        if newest is None:
            return
        try:
            press = Press(newest, pressed_ns, ShotKind.CLOSEUP, "torn")
            held = hold_sharpest(_link(ring, mode), press)
        except StationError as trouble:
            outcome.by_cause[trouble.code.value] += 1
            return
        outcome.held += 1
        is_packet = newest.encoding is Encoding.JPEG
        content = held.data if is_packet else held.pixels.tobytes()
        outcome.torn_captures += content in torn_sent
    finally:
        ring.close()


def _of_pixels(pixels: Pixels) -> RawFrame:
    return RawFrame(0, Encoding.BGR, pixels.shape[1], pixels.shape[0], pixels)


def _of_packet(packet: bytes) -> RawFrame:
    """Take a packet as the video reader does."""
    outline = jpeg_outline(packet)
    assert outline is not None, "the headers are whole"
    payload = np.frombuffer(self_contained(packet, outline), np.uint8)
    return RawFrame(0, Encoding.JPEG, outline.width, outline.height, payload)
