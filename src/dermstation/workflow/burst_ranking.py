"""Rank the frames of a burst by their sharpness, and say which ones are worth a look.

A camera that codes all of its packets alike needs more bytes for a sharper one, so that their sizes
alone say which frame is the sharpest, and nothing has to be decoded for it
(docs/adr/0105-a-live-picture-at-half-its-size.md). Any thread; no Qt.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from dermstation.camera.frames import Encoding, Frame
from dermstation.camera.link import CameraLink
from dermstation.imaging.jpeg_segments import quantisation_of
from dermstation.imaging.sight import PictureFault, Thumbnail, difference, fault_of, thumbnail
from dermstation.imaging.wholeness import whole_picture

# A frame shows the scene of the press if its thumbnail differs by no more than this: no blur
# changes a thumbnail that much, but another place or light, a black picture or swapped colours do.
_CHANGE_DN = 16.0
_AS_SHARP_SHARE = 0.985  # a smaller difference cannot be seen, and noise alone can cause it
_AS_LARGE_SHARE = 0.94  # of the bytes of a packet: they tell of less blur than the pixels do
_DETAIL_FLOOR = 2.0  # grey levels squared: what sensor noise leaves at a quarter of the size

Pixels = NDArray[np.uint8]  # height x width x 3, BGR


@dataclass(frozen=True, slots=True, eq=False)
class Ranked:
    """A frame whose sharpness is measured."""

    frame: Frame
    seen: Pixels  # a packet's at half its size
    detail: float  # share of the scene's detail that is fine; more is sharper
    thumbnail: Thumbnail
    fault: PictureFault | None

    def is_fit(self, reference: "Ranked") -> bool:
        """Return whether it shows a scene, that of `reference`."""
        return self.fault is None and self.shows_the_scene_of(reference)

    def may_replace(self, own: "Ranked") -> bool:
        """Return whether it is fit, and not merely luckier in its noise by the packets' sizes."""
        if not self.is_fit(own):
            return False
        return self is own or not _is_as_large(own.frame, self.frame)

    def is_as_sharp_as(self, other: "Ranked") -> bool:
        """Return whether it shows the scene of the other, as sharply as anybody can see."""
        return self.has_detail_of(other.detail) and self.shows_the_scene_of(other)

    def has_detail_of(self, detail: float) -> bool:
        """Return whether it has as much detail, but for what cannot be seen."""
        return self.detail >= detail * _AS_SHARP_SHARE

    def shows_the_scene_of(self, other: "Ranked") -> bool:
        """Return whether it shows the same place in the same light."""
        return difference(self.thumbnail, other.thumbnail) <= _CHANGE_DN


def ranked_frame(frame: Frame, reference: Thumbnail | None) -> Ranked | None:
    """Measure the middle of a frame at half its size; return None if it is not a whole picture.

    The measure is fine detail as a share of coarse detail, both as mean squared gradient: blur
    takes the fine detail of a scene first, whatever the light. Sensor noise is the same in all
    frames of a burst; the smoothing dampens it, so that it does not decide between them.
    `reference` shows how the scene looked last.
    """
    whole = _whole(frame)
    if whole is None:
        return None
    half = _middle(whole)
    if whole is frame.payload:
        half = np.asarray(cv2.resize(half, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA))
    green = cv2.GaussianBlur(cv2.extractChannel(half, 1), (3, 3), 0)
    quarter = cv2.resize(green, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    coarse = _gradient_energy(np.asarray(quarter, np.uint8))
    fine = _gradient_energy(np.asarray(green, np.uint8))
    fault = fault_of(whole, reference)
    return Ranked(frame, whole, fine / (coarse + _DETAIL_FLOOR), thumbnail(whole), fault)


def likely_sharper(link: CameraLink, asked: Frame, lengths: Mapping[int, int]) -> int | None:
    """Return the frame nearest to the one asked for whose packet is much larger, or that one.

    `lengths` holds those of the frames to choose from, by sequence. Returns None if they say
    nothing: of raw frames, and if the camera does not code its packets alike.
    """
    if asked.encoding is not Encoding.JPEG:
        return None
    most, likely = max(lengths.values()), asked.sequence
    if asked.payload.size < most * _AS_LARGE_SHARE:
        largest = [one for one, length in lengths.items() if length >= most * _AS_SHARP_SHARE]
        likely = min(largest, key=lambda one: abs(one - asked.sequence))
    smallest = min(lengths, key=lengths.__getitem__)
    others = (link.frame(one) for one in {smallest, likely} - {asked.sequence})
    return likely if all(one is not None and _is_alike(one, asked) for one in others) else None


def _is_as_large(one: Frame, other: Frame) -> bool:
    """Return whether the packet of `one` is about as large as the other; False if unknown."""
    if one.payload.size < other.payload.size * _AS_LARGE_SHARE:
        return False
    return other.encoding is Encoding.JPEG and _is_alike(one, other)


def _is_alike(one: Frame, other: Frame) -> bool:
    """Return whether two packets are coded alike."""
    return quantisation_of(one.payload.data) == quantisation_of(other.payload.data)


def _gradient_energy(grey: NDArray[np.uint8]) -> float:
    across = cv2.Sobel(grey, cv2.CV_16S, 1, 0, ksize=1)
    down = cv2.Sobel(grey, cv2.CV_16S, 0, 1, ksize=1)
    total = cv2.norm(across, cv2.NORM_L2SQR) + cv2.norm(down, cv2.NORM_L2SQR)
    return float(total) / grey.size


def _whole(frame: Frame) -> Pixels | None:
    """Return raw pixels as they are, a packet decoded at half its size, None for a torn one."""
    if frame.encoding is not Encoding.JPEG:
        return frame.payload
    width, height = (-(-side // 2) for side in (frame.width, frame.height))
    return whole_picture(frame.payload.tobytes(), width, height)


def _middle(image: Pixels) -> Pixels:
    """Leave out an eighth at each side: this drops the scope's surround and saves work."""
    height, width = image.shape[:2]
    return image[height // 8 : height - height // 8, width // 8 : width - width // 8]
