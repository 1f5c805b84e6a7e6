"""Pictures that a bad cable tears, in six ways, and whole ones that only look odd.

All of them are drawn and encoded here. Real pictures beside the project are added where they are.
"""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from dermstation.imaging.jpeg_segments import (
    END,
    HUFFMAN_TABLES,
    START_OF_SCAN,
    header_segments,
)
from tests.skin_pictures import BESIDE, exposed, skin

Pixels = NDArray[np.uint8]
Tear = Callable[[bytes, bytes, np.random.Generator], bytes]
RawTear = Callable[[Pixels, Pixels, np.random.Generator], Pixels]

_MARGIN_PX = 64
_BANK_MARGIN_PX = 200
_RESTART = b"\xff\xd0"
_USB_BYTES = (512, 1024, 3072)
_LEAST_SHARE, _MOST_SHARE = 0.1, 0.9
_LOOKS = ("plain", "dark", "bright", "ring", "flat", "flash", "black")


# What a tear does to a packet; `older` is the packet that lay in the memory before.


def cut_short(packet: bytes, older: bytes, rng: np.random.Generator) -> bytes:
    return packet[: _place(packet, rng)] + END


def middle_lost(packet: bytes, older: bytes, rng: np.random.Generator) -> bytes:
    at = _place(packet, rng)
    return packet[:at] + packet[at + _stretch(packet, at, rng) :]


def zero_filled(packet: bytes, older: bytes, rng: np.random.Generator) -> bytes:
    at = _place(packet, rng)
    count = _stretch(packet, at, rng) if rng.random() < 0.5 else len(packet) - at - len(END)
    return packet[:at] + bytes(count) + packet[at + count :]


def stale_rest(packet: bytes, older: bytes, rng: np.random.Generator) -> bytes:
    at = min(_place(packet, rng), _place(older, rng))
    if rng.random() < 0.5:
        return packet[:at] + older[at:]
    count = _stretch(packet, at, rng)
    return packet[:at] + older[at : at + count] + packet[at + count :]


def shifted(packet: bytes, older: bytes, rng: np.random.Generator) -> bytes:
    """Return a packet in which a piece came twice: what follows moves on."""
    at = _place(packet, rng)
    count = min(_stretch(packet, at, rng), at - coded_at(packet))
    return packet[:at] + packet[at - count : at] + packet[at:]


def flat_band(packet: bytes, older: bytes, rng: np.random.Generator) -> bytes:
    """Return a faultless packet of pixels that the camera itself had lost."""
    picture = cv2.imdecode(np.frombuffer(packet, np.uint8), cv2.IMREAD_COLOR)
    return jpeg(raw_flat_band(np.asarray(picture, np.uint8), _NOTHING, rng))


TEARS: dict[str, Tear] = {
    "cut_short": cut_short,
    "middle_lost": middle_lost,
    "zero_filled": zero_filled,
    "stale_rest": stale_rest,
    "shifted": shifted,
    "flat_band": flat_band,
}
_NOTHING = np.empty(0, np.uint8)


# What it does to raw pixels.


def raw_cut_short(pixels: Pixels, older: Pixels, rng: np.random.Generator) -> Pixels:
    """Return pixels whose last part is green, as empty memory is once it was made B, G, R."""
    return _with_tail(pixels, (0, 135, 0), rng)


def raw_middle_lost(pixels: Pixels, older: Pixels, rng: np.random.Generator) -> Pixels:
    """Return pixels that moved up where some are missing; an older frame's remain at the end."""
    flat, old = pixels.reshape(-1, 3), older.reshape(-1, 3)
    width = pixels.shape[1]
    at, count = _raw_place(pixels, rng), int(rng.integers(width // 2, 40 * width))
    lost = np.concatenate([flat[:at], flat[at + count :], old[len(old) - count :]])
    return np.ascontiguousarray(lost.reshape(pixels.shape))


def raw_zero_filled(pixels: Pixels, older: Pixels, rng: np.random.Generator) -> Pixels:
    return _with_tail(pixels, (0, 0, 0), rng)


def raw_stale_rest(pixels: Pixels, older: Pixels, rng: np.random.Generator) -> Pixels:
    torn = pixels.copy()
    at = _raw_place(pixels, rng)
    torn.reshape(-1, 3)[at:] = older.reshape(-1, 3)[at:]
    return torn


def raw_shifted(pixels: Pixels, older: Pixels, rng: np.random.Generator) -> Pixels:
    """Return pixels that lie some way to the side from one row on."""
    height, width = pixels.shape[:2]
    torn = pixels.copy()
    row = int(rng.integers(round(0.2 * height), round(0.8 * height)))
    by = int(rng.integers(width // 8, width - width // 8))
    torn[row:] = np.roll(pixels[row:], by, axis=1)
    return torn


def raw_flat_band(pixels: Pixels, older: Pixels, rng: np.random.Generator) -> Pixels:
    height = pixels.shape[0]
    torn = pixels.copy()
    top = int(rng.integers(round(0.2 * height), round(0.7 * height)))
    end = top + int(rng.integers(round(0.1 * height), round(0.3 * height)))
    torn[top:end] = (128, 128, 128) if rng.random() < 0.5 else (0, 0, 0)
    return torn


RAW_TEARS: dict[str, RawTear] = {
    "cut_short": raw_cut_short,
    "middle_lost": raw_middle_lost,
    "zero_filled": raw_zero_filled,
    "stale_rest": raw_stale_rest,
    "shifted": raw_shifted,
    "flat_band": raw_flat_band,
}


# Whole pictures.


@dataclass(frozen=True)
class View:
    """A hand-held look at a scene: `frame` gives the next one, moved and with noise of its own."""

    scene: Pixels
    width: int
    height: int
    look: str
    noise_dn: float

    def frame(self, rng: np.random.Generator) -> Pixels:
        y, x = (int(rng.integers(0, side)) for side in self._spare)
        part = self.scene[y : y + self.height, x : x + self.width]
        down, right = (int(one) for one in rng.integers(0, _BANK_MARGIN_PX, 2))
        bank = _noise(self.height + _BANK_MARGIN_PX, self.width + _BANK_MARGIN_PX)
        noise = bank[down : down + self.height, right : right + self.width] * self.noise_dn
        return _lit(part.astype(np.float32), self.look, noise)

    @property
    def _spare(self) -> tuple[int, int]:
        height, width = self.scene.shape[:2]
        return height - self.height, width - self.width


def view(
    rng: np.random.Generator, width: int, height: int, looks: tuple[str, ...] = _LOOKS
) -> View:
    """Return a look at one of the scenes, in one of the lights."""
    scenes = _scenes(width + _MARGIN_PX, height + _MARGIN_PX)
    look = looks[int(rng.integers(len(looks)))]
    return View(scenes[int(rng.integers(len(scenes)))], width, height, look, rng.uniform(0.6, 3))


def jpeg(pixels: Pixels, quality: int = 88, **options: object) -> bytes:
    """Encode a picture by Pillow, which has more options than OpenCV."""
    made = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels[..., ::-1])).save(
        made, "JPEG", quality=quality, **options
    )
    return made.getvalue()


def encoded(pixels: Pixels, rng: np.random.Generator) -> bytes:
    """Encode a picture as one of many cameras might."""
    quality = int(rng.integers(40, 99))
    options: dict[str, object] = {"subsampling": int(rng.integers(3))}
    if rng.random() < 0.3:
        options["restart_marker_blocks"] = int(rng.choice([1, 4, 20, 40, 80]))
    if rng.random() < 0.15:
        options["optimize"] = True
    if rng.random() < 0.1:
        options["progressive"] = True
    packet = jpeg(pixels, quality, **options)
    if rng.random() < 0.2 and not options.keys() & {"progressive", "optimize"}:
        kinds = [one for one, _ in harmless(packet, restarts=_RESTART in packet).values()]
        return kinds[int(rng.integers(len(kinds)))]
    return packet


def harmless(packet: bytes, *, restarts: bool = True) -> dict[str, tuple[bytes, bytes]]:
    """Return odd packets, each with a plain one of the same pixels."""
    restarting = _restarting(packet) if restarts else packet
    begin = coded_at(restarting)
    head, coded = restarting[:begin], restarting[begin:]

    def before_restarts(padding: bytes) -> bytes:
        return head + re.sub(rb"\xff[\xd0-\xd7]", lambda mark: padding + mark[0], coded)

    at_end = packet[: -len(END)]
    kinds = {
        "no tables": (without_tables(packet), packet),
        "no end mark": (at_end, packet),
        "zeros in place of an end mark": (at_end + bytes(4096), packet),
        "zeros behind": (packet + bytes(4096), packet),
        "another picture behind": (packet + packet, packet),
        "one zero before the end mark": (at_end + b"\0" + END, packet),
        "many zeros before the end mark": (at_end + bytes(700) + END, packet),
        "fill bytes before the end mark": (at_end + b"\xff" * 5 + END, packet),
        "stray bytes before the end mark": (at_end + b"\x5a\x11" + END, packet),
    }
    if restarts:
        kinds |= {
            "two zeros before each restart": (before_restarts(bytes(2)), restarting),
            "nine zeros before each restart": (before_restarts(bytes(9)), restarting),
            "stray bytes before each restart": (before_restarts(b"\x31\x5a"), restarting),
        }
    return kinds


def without_tables(packet: bytes) -> bytes:
    """Leave out the Huffman tables, as many cameras do."""
    kept = [one for one in header_segments(packet) if one.marker != HUFFMAN_TABLES]
    headers = b"".join(packet[one.begin : one.end] for one in kept)
    return packet[:2] + headers + packet[coded_at(packet) :]


def coded_at(packet: bytes) -> int:
    """Return where the coded data begin."""
    *_, scan = header_segments(packet)
    assert scan.marker == START_OF_SCAN
    return scan.end


@lru_cache(maxsize=64)
def _restarting(packet: bytes) -> bytes:
    """Return the same picture with restart markers; its pixels are those of its own decoding."""
    picture = cv2.imdecode(np.frombuffer(packet, np.uint8), cv2.IMREAD_COLOR)
    return jpeg(np.asarray(picture, np.uint8), 90, restart_marker_blocks=20)


def _place(packet: bytes, rng: np.random.Generator) -> int:
    begin = coded_at(packet)
    return begin + int((len(packet) - begin) * rng.uniform(_LEAST_SHARE, _MOST_SHARE))


def _stretch(packet: bytes, at: int, rng: np.random.Generator) -> int:
    """Return the bytes of some USB packets, up to a third of the whole."""
    unit = int(rng.choice(_USB_BYTES))
    most = max(1, min(len(packet) // 3, len(packet) - at - 64) // unit)
    return min(unit * int(rng.integers(1, most + 1)), len(packet) - at - 64)


def _raw_place(pixels: Pixels, rng: np.random.Generator) -> int:
    height, width = pixels.shape[:2]
    return int(height * width * rng.uniform(0.15, 0.85))


def _with_tail(pixels: Pixels, colour: tuple[int, int, int], rng: np.random.Generator) -> Pixels:
    torn = pixels.copy()
    torn.reshape(-1, 3)[_raw_place(pixels, rng) :] = colour
    return torn


@lru_cache(maxsize=8)
def _noise(height: int, width: int) -> NDArray[np.float32]:
    return np.random.default_rng(8).standard_normal((height, width, 3)).astype(np.float32)


@lru_cache(maxsize=4)
def _scenes(width: int, height: int) -> list[Pixels]:
    drawn = [exposed(skin(960, 1280, seed), noise_dn=0.0) for seed in range(3)]
    beside = [
        file
        for folder in BESIDE
        for kind in ("dermoscopic", "clinical_closeup")
        for file in sorted((folder / kind).glob("*.jpg"))[:12]
    ]
    real = [cv2.imread(str(file)) for file in beside]
    scenes = [*drawn, *(one for one in real if one is not None)]
    size = (width, height)
    return [
        np.asarray(cv2.resize(one, size, interpolation=cv2.INTER_CUBIC), np.uint8) for one in scenes
    ]


def _lit(part: NDArray[np.float32], look: str, noise: NDArray[np.float32]) -> Pixels:
    """Return a part of a scene in some light."""
    height, width = part.shape[:2]
    if look == "dark":
        part = part * 0.3
    elif look == "bright":
        part = part * 1.5
    elif look == "flat":
        coarse = cv2.resize(part, (width // 40, height // 40), interpolation=cv2.INTER_AREA)
        smooth = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
        part = np.asarray(smooth * 0.3 + 120, np.float32)
    elif look == "black":
        part, noise = part * 0.004, noise * 0.5
    elif look == "flash":
        part = part + _disk(height, width, 0.35, soft=40)[..., None] * 260
    lit = part + noise
    if look == "ring":
        lit = lit * _disk(height, width, 0.48, soft=3)[..., None]
    return np.clip(lit, 0, 255).astype(np.uint8)


@lru_cache(maxsize=16)
def _disk(height: int, width: int, share: float, soft: float) -> NDArray[np.float32]:
    y, x = np.ogrid[:height, :width]
    distance = np.hypot(x - width / 2, y - height / 2) - share * height
    return np.asarray(np.clip(0.5 - distance / (2 * soft), 0, 1), np.float32)
