"""Hold a frame, let it be reviewed, and save exactly what was reviewed.

`CaptureLoop` lives on the window's thread and asks `domain.states` for every move. The slow
parts, `hold` and `save`, are plain functions for the worker threads. The bytes to be stored are
made and hashed when the frame is held, and are checked against that hash when they are saved.
"""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import perf_counter_ns

import numpy as np
from numpy.typing import NDArray

from dermstation.camera.frames import Encoding, Frame
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.quality import QualityReport, Verdict
from dermstation.domain.records import (
    Capture,
    CaptureDetails,
    Lesion,
    MediaType,
    Operator,
    new_id,
    now,
)
from dermstation.domain.shots import ShotKind
from dermstation.domain.states import LoopEvent, LoopState, advance_loop
from dermstation.imaging.assessment import assess
from dermstation.imaging.codec import decode, encode_png
from dermstation.imaging.colour_space import decode_srgb
from dermstation.imaging.orientation import upright
from dermstation.vault.store import Vault
from dermstation.workflow.viewing import check_changeable, view_after_change
from dermstation.workflow.walk import EpisodeView

PREVIEW_REDUCTION = 4
_LOST = {
    ErrorCode.CAPTURE_CHANGED,
    ErrorCode.EPISODE_FILE_MISSING,
    ErrorCode.IMAGE_UNREADABLE,
    ErrorCode.IMAGE_TOO_LARGE,
}


@dataclass(frozen=True, slots=True)
class Held:
    """A frame held for review: the bytes to be stored, their hash, the pixels and the quality."""

    shot: ShotKind
    data: bytes = field(repr=False)
    sha256: str
    media_type: MediaType
    pixels: NDArray[np.uint8] = field(repr=False)  # height x width x 3, BGR
    report: QualityReport
    captured_at: datetime
    camera: str
    capture_id: str = field(default_factory=new_id)  # a repeated save stores the same capture
    lesion_id: str = ""  # the only lesion it may be saved for
    pressed_by: str = ""  # operator id: another operator may finish the review after a lock
    details: CaptureDetails = field(default_factory=CaptureDetails)


def hold(
    frame: Frame,
    shot: ShotKind,
    camera: str,
    *,
    lesion_id: str = "",
    pressed_by: str = "",
) -> Held:
    """Turn a frame into the bytes to be stored, and score it.

    A camera's own JPEG is kept byte for byte; raw pixels become a lossless PNG.
    Raises StationError IMAGE_UNREADABLE (a torn JPEG).
    """
    at_ns = perf_counter_ns()
    captured_at = now() - timedelta(seconds=frame.age_s(at_ns))
    is_packet = frame.encoding is Encoding.JPEG
    pixels = decode(frame.payload.tobytes()) if is_packet else frame.payload
    with ThreadPoolExecutor(1, "judging") as other:  # while the bytes are made and hashed
        judged = other.submit(assess, pixels, shot)
        data = frame.payload.tobytes() if is_packet else encode_png(pixels)
        sha256 = hashlib.sha256(data).hexdigest()
        report = judged.result()
    return Held(
        shot=shot,
        data=data,
        sha256=sha256,
        media_type=MediaType.JPEG if is_packet else MediaType.PNG,
        pixels=pixels,
        report=report,
        captured_at=captured_at,
        camera=camera,
        lesion_id=lesion_id,
        pressed_by=pressed_by,
        details=CaptureDetails(camera_bytes=is_packet),
    )


def save(
    vault: Vault, held: Held, lesion: Lesion, operator: Operator, override_reason: str | None
) -> Capture:
    """Store a held frame durably; return only after both commits.

    It counts as captured by whoever pressed the shutter, or by `operator` if that is not known.
    Raises StationError: OVERRIDE_REASON_MISSING for a poor picture without a reason,
    STEP_NOT_ALLOWED if it was held for another lesion or the package is already made,
    CONSENT_MISSING, CAPTURE_CHANGED, VAULT_*.
    """
    if held.lesion_id not in ("", lesion.id):
        raise StationError(ErrorCode.STEP_NOT_ALLOWED, state="held", event="another lesion")
    reason = (override_reason or "").strip() or None
    if held.report.verdict is Verdict.POOR and reason is None:
        raise StationError(ErrorCode.OVERRIDE_REASON_MISSING)
    episode = vault.episodes.get(lesion.episode_id)
    check_changeable(episode)
    consent = episode.consent
    if consent is None or not consent.given:
        raise StationError(ErrorCode.CONSENT_MISSING)
    capture = Capture(
        id=held.capture_id,
        episode_id=lesion.episode_id,
        lesion_id=lesion.id,
        shot=held.shot,
        sha256=held.sha256,
        media_type=held.media_type,
        size_bytes=len(held.data),
        width=held.pixels.shape[1],
        height=held.pixels.shape[0],
        captured_at=held.captured_at,
        captured_by=held.pressed_by or operator.id,
        camera=held.camera,
        report=held.report,
        override_reason=reason if held.report.verdict is Verdict.POOR else None,
        details=held.details,
    )
    vault.captures.save(capture, held.data)
    view_after_change(vault, lesion.episode_id)
    return capture


@dataclass(frozen=True, slots=True)
class Previews:
    """Small pictures by capture id, height x width x 3, BGR; `trouble` says why one is missing."""

    pictures: dict[str, NDArray[np.uint8]] = field(default_factory=dict, repr=False)
    trouble: StationError | None = None


def previews(vault: Vault, view: EpisodeView) -> Previews:
    """Decode each picture small, or its covered copy; a lost one does not hide the others.

    Each is listed under the id of the capture, not of its covered copy.
    """
    pictures = {}
    trouble = None
    for lesion in view.lesions:
        for capture in view.reviewed(lesion):
            shown = view.shown(capture)
            try:
                image = vault.captures.image(shown.id)
                small = decode_srgb(image, PREVIEW_REDUCTION)
                pictures[capture.id] = upright(small, shown.details.orientation)
            except StationError as found:
                if found.code not in _LOST:
                    raise
                trouble = found
    return Previews(pictures, trouble)


class CaptureLoop:
    """The state of the capture loop and its held frame; every move is checked."""

    def __init__(self) -> None:
        self.state = LoopState.AIMING
        self.held: Held | None = None

    @classmethod
    def resumed(cls, held: Held) -> "CaptureLoop":
        """Return the loop at the review of a frame that another process held."""
        loop = cls()
        loop.state, loop.held = LoopState.REVIEWING, held
        return loop

    def press(self, frame: Frame | None) -> Frame:
        """Start holding `frame`. Raises StationError FRAME_STALE if it is None or too old."""
        if frame is None or frame.is_stale(perf_counter_ns()):
            raise StationError(ErrorCode.FRAME_STALE)
        self._move(LoopEvent.PRESSED)
        return frame

    def take_held(self, held: Held) -> None:
        """Keep the held frame and start its review."""
        self._move(LoopEvent.HELD)
        self.held = held

    def review_as(self, held: Held) -> None:
        """Go on reviewing the same frame with what was decided on it.

        Raises StationError STEP_NOT_ALLOWED if no frame, or another one, is reviewed.
        """
        same = self.held is not None and self.held.capture_id == held.capture_id
        if self.state is not LoopState.REVIEWING or not same:
            raise StationError(ErrorCode.STEP_NOT_ALLOWED, state=self.state.value, event="review")
        self.held = held

    def hold_failed(self) -> None:
        """Go back to aiming: the frame could not be held."""
        self._move(LoopEvent.HOLD_FAILED)

    def retake(self) -> None:
        """Discard the held frame and aim again."""
        self._move(LoopEvent.RETAKEN)
        self.held = None

    def accept(self, reason: str | None) -> Held:
        """Start saving the held frame. Raises StationError OVERRIDE_REASON_MISSING."""
        held = self.held
        if held is None:
            raise StationError(ErrorCode.STEP_NOT_ALLOWED, state=self.state.value, event="accepted")
        if held.report.verdict is Verdict.POOR and not (reason or "").strip():
            raise StationError(ErrorCode.OVERRIDE_REASON_MISSING)
        self._move(LoopEvent.ACCEPTED)
        return held

    def saved(self) -> None:
        """Aim again after the commit; only now may the screen say "saved"."""
        self._move(LoopEvent.SAVED)
        self.held = None

    def save_failed(self) -> None:
        """Go back to the review; the frame is still held."""
        self._move(LoopEvent.SAVE_FAILED)

    def _move(self, event: LoopEvent) -> None:
        self.state = advance_loop(self.state, event)
