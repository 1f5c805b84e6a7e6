"""Admit only whole, new frames of a source to the ring. Lives in the camera process.

Refused are packets whose coded data do not fill their picture, frames of another size, the same
frame again, and frames that hold what only a broken transfer makes: a flat band, a seam, or the
rest of an older frame. Nothing is repaired: the next frame is 33 ms away.
"""

from collections import deque

import cv2
import numpy as np
from numpy.typing import NDArray

from dermstation.camera.frames import Encoding
from dermstation.camera.packets import JpegOutline, jpeg_outline
from dermstation.camera.source import Mode, RawFrame
from dermstation.camera.stretches import CodedBytes, source_of_stretch
from dermstation.imaging.damage import has_flat_band, is_damaged, seam_rows
from dermstation.imaging.splicing import holds_rest_of, is_of_a_still, row_marks
from dermstation.imaging.wholeness import whole_picture

TRUSTED_AFTER = 60  # whole packets in a row
CHECKED_OF_TRUSTED = 8  # one of so many is then decoded; whoever shows or keeps one decodes it
_USUAL_SHARE = 0.15  # by which the size of a packet may differ from that of the last
_SKIPPED_OF_A_STILL = 10  # frames: a scene without noise costs a decoding each time it is looked at
_REMEMBERED = 16
_JUDGED = 30  # frames, about a second
_LEAST_JUDGED = 10
_MOST_SHARE, _STILL_SHARE = 0.5, 0.25
_SAMPLE_STRIDE = 4099
_REDUCTION = 8
_EIGHTH_LEAST_ROWS = 2
_SEEN_OFTEN, _SEEN_SHARE = 4, 0.75  # of the last frames, of those with a seam: it is in the scene
_SAME_SEAM_PX = 2  # from one frame to the next


class FrameGate:
    """Lets frames through that are whole and, from a live camera, of the agreed size and new.

    A driver may keep returning its last picture after the camera was unplugged. Such a repeat is
    not a new picture and stays out of the ring, so that the newest frame ages and the shutter is
    disabled. The last picture is remembered when the camera is reopened.
    """

    def __init__(self) -> None:
        self._last: NDArray[np.uint8] = np.empty(0, np.uint8)
        self._packets: deque[CodedBytes] = deque(maxlen=_REMEMBERED)
        self._rows: deque[NDArray[np.uint64]] = deque(maxlen=_REMEMBERED)
        self._seams: deque[tuple[int, ...]] = deque(maxlen=_REMEMBERED)
        self._judged: deque[bool] = deque(maxlen=_JUDGED)
        self._whole_in_a_row = 0
        self._to_skip = 0
        self._was_mostly_torn = False
        self.torn = 0  # since the process began

    @property
    def is_mostly_torn(self) -> bool:
        """Return whether most of the last second's frames were torn, or were and many still are."""
        share = sum(self._judged) / max(len(self._judged), _LEAST_JUDGED)
        self._was_mostly_torn = share > (_STILL_SHARE if self._was_mostly_torn else _MOST_SHARE)
        return self._was_mostly_torn

    def passes(self, raw: RawFrame, mode: Mode, *, is_recording: bool) -> bool:
        """Return whether the frame may go into the ring."""
        outline = None
        if raw.encoding is Encoding.JPEG:
            outline = raw.outline or jpeg_outline(raw.payload.data)
            if outline is None or (outline.width, outline.height) != (raw.width, raw.height):
                return self._noted(is_torn=True)
        if is_recording:
            return outline is None or whole_picture(raw.payload.tobytes()) is not None
        if (raw.width, raw.height) != (mode.width, mode.height):
            return False
        payload = raw.payload.reshape(-1)
        if self._is_last(payload):
            return False
        self._last = payload.copy()
        is_torn = self._is_torn(raw) if outline is None else self._is_torn_packet(raw, outline)
        return self._noted(is_torn=is_torn)

    def _noted(self, *, is_torn: bool) -> bool:
        """Count a frame, and return whether it passes."""
        self._judged.append(is_torn)
        self.torn += is_torn
        if is_torn:
            self._whole_in_a_row = 0
        return not is_torn

    def _is_last(self, payload: NDArray[np.uint8]) -> bool:
        last = self._last
        return (
            payload.size == last.size
            # a sample first: two live frames nearly always differ in it
            and np.array_equal(payload[::_SAMPLE_STRIDE], last[::_SAMPLE_STRIDE])
            and np.array_equal(payload, last)
        )

    def _is_torn(self, raw: RawFrame) -> bool:
        """Return whether raw pixels are damaged, or hold the rest of an older frame."""
        rows = row_marks(raw.payload)
        if any(holds_rest_of(rows, older) for older in reversed(self._rows)):
            return True
        if is_damaged(raw.payload) or self._has_new_seam(raw):
            return True
        self._rows.append(rows)
        return False

    def _has_new_seam(self, raw: RawFrame) -> bool:
        """Return whether a seam is in this frame that is not part of the scene.

        The edge of a ruler stays nearly where it is, and hardly any frame has a seam elsewhere.
        Tears come at any row, sometimes at the same one.
        """
        seams = seam_rows(raw.payload)
        self._seams.append(seams)
        return not all(map(self._is_of_the_scene, seams))

    def _is_of_the_scene(self, row: int) -> bool:
        with_seams = [rows for rows in reversed(self._seams) if rows]
        seen = 0
        for rows in with_seams:
            near = [one for one in rows if abs(one - row) <= _SAME_SEAM_PX]
            if near:
                seen, row = seen + 1, near[0]
        return seen >= _SEEN_OFTEN and seen > _SEEN_SHARE * len(with_seams)

    def _is_torn_packet(self, raw: RawFrame, outline: JpegOutline) -> bool:
        packet = CodedBytes(raw.payload.tobytes(), outline.coded_at)
        self._to_skip = max(0, self._to_skip - 1)
        older = source_of_stretch(packet, self._packets) if not self._to_skip else None
        if older is not None:
            if _holds_blocks_of(packet, older):
                return True
            self._to_skip = _SKIPPED_OF_A_STILL
        if not self._is_trusted(raw, outline):
            width, height = (-(-side // _REDUCTION) for side in (raw.width, raw.height))
            eighth = whole_picture(packet.data, width, height)
            if eighth is None or (_may_have_band(eighth) and _is_damaged_in_full(packet)):
                return True
        self._packets.append(packet)
        self._whole_in_a_row += 1
        return False

    def _is_trusted(self, raw: RawFrame, outline: JpegOutline) -> bool:
        """Return whether a packet may go unchecked: it is like those before, which were whole."""
        if self._whole_in_a_row < TRUSTED_AFTER or not (raw.has_end and outline.has_end):
            return False
        usual = len(self._packets[-1].data)
        alike = abs(raw.payload.size - usual) <= _USUAL_SHARE * usual
        return alike and self._whole_in_a_row % CHECKED_OF_TRUSTED != 0


def _may_have_band(eighth: NDArray[np.uint8]) -> bool:
    """Return whether two neighbouring rows of the small picture are flat."""
    grey = cv2.cvtColor(eighth, cv2.COLOR_BGR2GRAY)
    flat = np.ptp(grey.astype(np.int16), axis=1) <= _EIGHTH_LEAST_ROWS
    return bool((flat[1:] & flat[:-1]).any()) and not bool(flat.all())


def _is_damaged_in_full(packet: CodedBytes) -> bool:
    grey = whole_picture(packet.data, colours="GRAY")
    return grey is None or has_flat_band(grey[..., 0])


def _holds_blocks_of(packet: CodedBytes, older: CodedBytes) -> bool:
    new = whole_picture(packet.data, colours="GRAY")
    if new is None:
        return True
    # the older one may be torn itself
    old = cv2.imdecode(np.frombuffer(older.data, np.uint8), cv2.IMREAD_GRAYSCALE)
    return old is None or not is_of_a_still(new[..., 0], np.asarray(old, np.uint8))
