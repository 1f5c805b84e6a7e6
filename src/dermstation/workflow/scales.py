"""The scales that were measured at this station: one for each camera and picture size.

They are kept in a small JSON file in the station's home, with nothing about a patient. Pure,
except for that file, which the window reads and writes on a worker thread.
"""

import json
import logging
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.shots import ShotKind
from dermstation.files import write_file
from dermstation.plain_files import read_plain
from dermstation.workflow.measuring import MOST_ERROR, Scale

_MOST_BYTES = 1 << 20

log = logging.getLogger(__name__)

# Only here is the distance fixed: the glass lies on the skin. The scale of a hand-held camera,
# 20 to 30 cm away, changes by half from one end of that range to the other.
CONTACT_SHOTS = frozenset({ShotKind.DERMOSCOPIC})


@dataclass(frozen=True, slots=True)
class MeasuredScale:
    """The scale of one camera at one picture size, in px of the frame as the camera gives it."""

    camera: str
    width: int
    height: int
    mm_per_px: float
    relative_error: float
    measured_at: str  # ISO 8601, UTC

    @property
    def scale(self) -> Scale:
        """Return the scale alone."""
        return Scale(self.mm_per_px, self.relative_error)


@dataclass(frozen=True, slots=True)
class MeasuredScales:
    """All known scales, at most one for each camera and picture size."""

    known: tuple[MeasuredScale, ...] = ()

    def find(self, camera: str, width: int, height: int) -> MeasuredScale | None:
        """Return the scale of exactly this camera and picture size, or None."""
        for one in self.known:
            if (one.camera, one.width, one.height) == (camera, width, height):
                return one
        return None

    def of_camera(self, camera: str) -> tuple[MeasuredScale, ...]:
        """Return all scales of a camera, whatever the picture size."""
        return tuple(one for one in self.known if one.camera == camera)

    def scale_for(self, shot: ShotKind, camera: str, width: int, height: int) -> Scale:
        """Return the scale of a picture as the camera gave it.

        Raises StationError: SCALE_NOT_CONTACT for a hand-held shot, SCALE_NOT_MEASURED,
        SCALE_OTHER_SIZE if the camera was measured only at other picture sizes.
        """
        if shot not in CONTACT_SHOTS:
            raise StationError(ErrorCode.SCALE_NOT_CONTACT)
        found = self.find(camera, width, height)
        if found is not None:
            return found.scale
        others = ", ".join(f"{one.width} x {one.height}" for one in self.of_camera(camera))
        if not camera or not others:
            raise StationError(ErrorCode.SCALE_NOT_MEASURED)
        raise StationError(ErrorCode.SCALE_OTHER_SIZE, known=others, width=width, height=height)

    def with_new(self, new: MeasuredScale) -> "MeasuredScales":
        """Return the scales with a new one, which replaces that of the same camera and size."""
        older = self.find(new.camera, new.width, new.height)
        return MeasuredScales((*(one for one in self.known if one is not older), new))


def load_scales(file: Path) -> MeasuredScales:
    """Read the file; leave out unusable scales, with a warning in the log."""
    try:
        listed = json.loads(read_plain(file, _MOST_BYTES, follows_link=True))
        entries = [_read(entry) for entry in listed["scales"]]
    except FileNotFoundError:
        return MeasuredScales()
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        log.warning("the file of scales cannot be read; they must be measured again")
        return MeasuredScales()
    good = [entry for entry in entries if entry is not None]
    if len(good) < len(entries):
        log.warning("%s scales are not usable and were left out", len(entries) - len(good))
    return MeasuredScales(tuple(good))


def remember_scale(file: Path, new: MeasuredScale) -> MeasuredScales:
    """Add a scale to the file and return all of them.

    Raises StationError SCALE_NOT_KEPT if the file cannot be written.
    """
    all_of_them = load_scales(file).with_new(new)
    try:
        _write(file, all_of_them.known)
    except OSError as error:
        raise StationError(ErrorCode.SCALE_NOT_KEPT) from error
    return all_of_them


def _write(file: Path, known: Iterable[MeasuredScale]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    content = {"scales": [asdict(one) for one in known]}
    write_file(file, (json.dumps(content, indent=1) + "\n").encode())


def _read(entry: dict[str, object]) -> MeasuredScale | None:
    try:
        one = MeasuredScale(**entry)  # type: ignore[arg-type]  # each value is checked below
        texts = isinstance(one.camera, str) and bool(datetime.fromisoformat(one.measured_at).tzinfo)
        sizes = all(type(px) is int and px > 0 for px in (one.width, one.height))
        numbers = all(type(n) is float for n in (one.mm_per_px, one.relative_error))
        in_bounds = 0 < one.mm_per_px < 1 and 0 < one.relative_error <= MOST_ERROR
    except (TypeError, ValueError):
        return None
    return one if texts and sizes and numbers and in_bounds else None
