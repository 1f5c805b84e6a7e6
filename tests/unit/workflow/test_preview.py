"""The preview decodes a packet into the form that the screen uses, into memory used in turn."""

import weakref

import cv2
import numpy as np
import pytest

from dermstation.camera.frames import Encoding, Frame
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.imaging.codec import decode, decode_grey
from dermstation.workflow.preview import Preview

SCENE = cv2.GaussianBlur(
    np.random.default_rng(3).integers(0, 255, (240, 320, 3), np.uint8), (0, 0), 3
)
PACKET = cv2.imencode(".jpg", SCENE)[1]


def frame(payload: np.ndarray = PACKET, encoding: Encoding = Encoding.JPEG) -> Frame:
    return Frame(1, 0, encoding, 320, 240, payload)


@pytest.mark.parametrize("reduce", [1, 2, 4, 8])
def test_a_packet_becomes_what_the_screen_has(reduce) -> None:
    picture = Preview().picture(frame(), reduce)
    assert picture.shape == (240 // reduce, 320 // reduce, 4)
    expected = decode(PACKET.tobytes(), reduce=reduce).astype(int)
    assert np.abs(picture[:, :, :3] - expected).mean() < 2


def test_a_picture_stays_while_the_next_two_are_made() -> None:
    preview = Preview()
    first = preview.picture(frame(), 2)
    kept = first.copy()
    dark = cv2.imencode(".jpg", np.zeros_like(SCENE))[1]
    later = [preview.picture(frame(dark), 2) for _ in range(2)]
    assert np.array_equal(first, kept)
    assert preview.picture(frame(dark), 2) is first
    assert not later[0][:, :, :3].any()


def test_forgetting_keeps_nothing_of_a_patient() -> None:
    preview = Preview()
    shown, _ = preview.picture_and_luma(frame(), 2)
    kept = [weakref.ref(one) for one in (*preview._buffers, preview._whole)]
    still = shown.copy()
    preview.forget()
    assert np.array_equal(shown, still)  # a page that is closing may paint it once more
    del shown
    assert [one() for one in kept] == [None] * len(kept)
    assert preview.picture(frame(), 2).shape == (120, 160, 4)


def test_raw_pixels_are_given_as_they_are() -> None:
    assert Preview().picture(frame(SCENE, Encoding.BGR), 2) is SCENE


@pytest.mark.parametrize("reduce", [1, 2])
def test_one_decoding_gives_the_picture_and_the_luma(reduce) -> None:
    preview = Preview()
    picture, luma = preview.picture_and_luma(frame(), reduce)
    assert np.abs(picture.astype(int) - Preview().picture(frame(), reduce)).mean() < 0.5
    assert luma is not None
    expected = decode_grey(PACKET.tobytes()).astype(int)
    assert np.abs(luma - expected).mean() < 0.1
    assert np.abs(luma - expected).max() <= 4
    kept = luma.copy()
    preview.picture_and_luma(frame(cv2.imencode(".jpg", np.zeros_like(SCENE))[1]), reduce)
    assert np.array_equal(luma, kept)  # the luma returned earlier is not overwritten


@pytest.mark.parametrize(
    ("payload", "encoding", "reduce"),
    [
        (PACKET, Encoding.JPEG, 4),
        (SCENE, Encoding.BGR, 2),
    ],
)
def test_there_is_no_luma_if_one_decoding_would_cost_more(payload, encoding, reduce) -> None:
    picture, luma = Preview().picture_and_luma(frame(payload, encoding), reduce)
    assert luma is None
    assert np.array_equal(picture, Preview().picture(frame(payload, encoding), reduce))


def test_a_picture_of_odd_sides_is_shown_whole() -> None:
    odd = cv2.imencode(".jpg", SCENE[:239, :319])[1]
    taken = Frame(1, 0, Encoding.JPEG, 319, 239, odd)
    picture, luma = Preview().picture_and_luma(taken, 2)
    assert picture.shape == (120, 160, 4)
    assert luma is not None
    assert luma.shape == (239, 319)
    assert np.abs(picture.astype(int) - Preview().picture(taken, 2)).mean() < 2


def test_a_torn_packet_gives_neither() -> None:
    with pytest.raises(StationError) as raised:
        Preview().picture_and_luma(frame(PACKET[:900]), 2)
    assert raised.value.code is ErrorCode.IMAGE_UNREADABLE


def test_a_torn_packet_is_refused() -> None:
    with pytest.raises(StationError) as raised:
        Preview().picture(frame(PACKET[:900]), 2)
    assert raised.value.code is ErrorCode.IMAGE_UNREADABLE
