"""`dermstation assess`: judge picture files as the station judges captures, without the vault."""

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dermstation.commands.printing import FINDING, OK, Subcommands, print_json_line, print_words
from dermstation.domain.advice import advice_for
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.quality import Aspect, Judgement, QualityReport, Verdict
from dermstation.domain.shots import ShotKind
from dermstation.media_parts import check_media_parts

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# what a script may want to know about each aspect besides score, verdict and cause
_TOLD: dict[Aspect, tuple[str, ...]] = {
    Aspect.FOCUS: ("blur_radius_px", "textured_tiles"),
    Aspect.EXPOSURE: ("highlight_stops", "clipped_share", "unevenness_stops"),
    Aspect.GLARE: ("glare_share", "glare_x", "glare_y"),
    Aspect.COLOUR: ("cast_distance",),
    Aspect.FRAMING: ("skin_share", "lesion_share", "lesion_offset"),
}


def add_to(commands: Subcommands) -> None:
    """Declare the command."""
    assess = commands.add_parser(
        "assess",
        help="judge picture files: focus, light, glare, colour, framing",
        description="Judge JPEG, PNG and TIFF files of up to 40 megapixels. Pixels are judged as "
        "they are stored: an orientation tag is ignored, 16 bits a channel are reduced to 8, and "
        "transparency is left out. Colours of a JPEG's profile are converted to sRGB first.",
    )
    assess.add_argument("files", nargs="+", metavar="FILE")
    assess.add_argument(
        "--shot",
        type=ShotKind,
        choices=list(ShotKind),
        default=ShotKind.DERMOSCOPIC,
        help="what kind of shot the pictures are (default: dermoscopic)",
    )
    assess.add_argument("--json", action="store_true", help="print one JSON object on each line")
    assess.set_defaults(run=_run)


def _run(wanted: argparse.Namespace) -> int:
    check_media_parts()
    # slow to import, and the camera process imports this module each time it starts
    import cv2  # noqa: PLC0415
    import numpy as np  # noqa: PLC0415

    from dermstation.imaging.assessment import assess  # noqa: PLC0415

    cv2.setNumThreads(1)  # `ms` is the time on one core
    assess(np.zeros((64, 64, 3), np.uint8), wanted.shot)  # and does not include reading the table
    status = OK
    for file in wanted.files:
        try:
            report = assess(_pixels(Path(file)), wanted.shot)
        except StationError as trouble:
            status = FINDING
            _print_trouble(file, trouble, as_json=wanted.json)
            continue
        if wanted.json:
            print_json_line(report_json(file, report))
        else:
            print_words(_line(file, report))
    return status


def report_json(file: str, report: QualityReport) -> dict[str, Any]:
    """Return one file's report as JSON values; the worst cause comes first in its advice."""
    aspects = {
        found.aspect.value: {
            "score": found.score,
            "verdict": found.verdict.value,
            "cause": _cause(found),
            **{name: found.measures[name] for name in _TOLD[found.aspect]},
        }
        for found in report.judgements
    }
    return {
        "file": file,
        "shot": report.shot.value,
        "width": report.width,
        "height": report.height,
        "verdict": report.verdict.value,
        **aspects,
        "advice": [
            {"code": cause.value, "text": advice_for(cause, report.shot)} for cause in report.causes
        ],
        "ms": round(report.elapsed_ms, 2),
    }


def _cause(found: Judgement) -> str | None:
    """Return the cause unless the verdict is good: then a note is only listed as advice."""
    return found.cause.value if found.cause and found.verdict is not Verdict.GOOD else None


def _pixels(path: Path) -> "NDArray[np.uint8]":
    from dermstation.imaging.codec import MAX_BYTES  # noqa: PLC0415
    from dermstation.imaging.colour_space import decode_srgb  # noqa: PLC0415

    try:
        size_bytes = path.stat().st_size
        if size_bytes > MAX_BYTES:
            raise StationError(ErrorCode.IMAGE_TOO_LARGE, size_bytes=size_bytes, limit=MAX_BYTES)
        data = path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        raise StationError(ErrorCode.IMAGE_UNREADABLE, reason=_reason(path, error)) from error
    return decode_srgb(data)


_MISSING, _FOLDER, _CLOSED = "missing", "folder", "closed"
_WORDS = {
    _MISSING: "There is no such file.",
    _FOLDER: "This is a folder, not a picture.",
    _CLOSED: "This file cannot be opened.",
}


def _reason(path: Path, error: Exception) -> str:
    if isinstance(error, FileNotFoundError | ValueError):
        return _MISSING
    return _FOLDER if path.is_dir() else _CLOSED


def _print_trouble(file: str, trouble: StationError, *, as_json: bool) -> None:
    from dermstation.workflow.messages import message_for  # noqa: PLC0415

    words = _WORDS.get(str(trouble.facts.get("reason")), message_for(trouble).what)
    if as_json:
        print_json_line({"file": file, "error": words})
    else:
        print_words(f"{_printable(file)}: {words}")


def _line(file: str, report: QualityReport) -> str:
    scores = ", ".join(f"{found.aspect.value} {found.score:g}" for found in report.judgements)
    advice = " ".join(advice_for(cause, report.shot) for cause in report.causes)
    return f"{_printable(file)}: {report.verdict.value} ({scores}) {advice}".rstrip()


def _printable(file: str) -> str:
    return os.fsencode(file).decode("utf-8", errors="replace")
