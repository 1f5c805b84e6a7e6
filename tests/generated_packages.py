"""Generate made-up episodes of every kind, and check their packages with other programs.

The episodes have names with accents or from right to left, emoji, long texts, one to six lesions,
and pictures of 8 to 24 megapixels. The tests use a sample, the soak all of them.
"""

import functools
import hashlib
import json
import shutil
import subprocess
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import cv2
import numpy as np
from hypothesis import strategies as st

from dermstation.domain.copies import CopyKind, Derivation
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.identity import NhsNumber, Patient
from dermstation.domain.presets import Preset
from dermstation.domain.quality import Aspect, Cause, Judgement, QualityReport, Verdict
from dermstation.domain.records import (
    Capture,
    CaptureDetails,
    Consent,
    ConsentForm,
    Episode,
    Lesion,
    MediaType,
    Package,
    Polarisation,
)
from dermstation.domain.routes import ROUTE_GUIDES, Route
from dermstation.domain.shots import ShotKind
from dermstation.domain.sites import BODY_SITES, Side
from dermstation.domain.states import EpisodeState
from dermstation.handover.contents import CaptureContents, LesionContents, PackageContents
from dermstation.handover.options import DeviceData, PackageOptions
from dermstation.handover.verify import verify_package
from dermstation.handover.writer import write_package
from dermstation.workflow.messages import message_for
from tests.opened.readers import by_dciodvfy

AT = datetime(2025, 7, 12, 9, 32, 5, tzinfo=UTC)
DEVICE = DeviceData("Test Maker", "Test Scope", "TS-1")
SIZES_PX = ((3264, 2448), (4000, 3000), (6000, 4000))
_LETTERS = (
    "abcdefghijklmnopqrstuvwxyz",
    "\u00e1\u00e9\u00ed\u00f3\u00fa\u00f1\u00fc\u00df\u0107\u0119\u0142\u017c\u011f\u015f\u1ec7",
    "\u0430\u0431\u0432\u0433\u0434\u0436\u0438\u044f",
    "\u03b1\u03b2\u03b3\u03b4\u03b5",
    "\u05d0\u05d1\u05d2\u05d3\u05d5\u05d9\u05dc",
    "\u0627\u0628\u062d\u062f\u0639\u0644\u0645\u064a",
    "\u0939\u093f\u0928\u0926\u0940",
    "\u6f22\u5b57\u5c71",
)
_HIDDEN = frozenset(
    {0x00AD, 0x2060, 0xFEFF, 0x2028, 0x2029}.union(
        range(0x200B, 0x2010), range(0x202A, 0x202F), range(0x2066, 0x206A), range(0xFE00, 0xFE10)
    )
)


@functools.cache
def image(size_px: tuple[int, int], grain: int, as_png: bool) -> bytes:
    """Return a picture that compresses like skin; `grain` is its noise in grey levels."""
    width, height = size_px
    rng = np.random.default_rng(width + grain)
    small = rng.integers(110, 190, (height // 48 + 2, width // 48 + 2, 3), dtype=np.uint8)
    soft = cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)
    noisy = soft + rng.integers(0, grain, (height, width, 1), dtype=np.uint8)
    kind, options = (".png", []) if as_png else (".jpg", [cv2.IMWRITE_JPEG_QUALITY, 93])
    return bytes(cv2.imencode(kind, noisy.astype(np.uint8), options)[1])


def _names() -> st.SearchStrategy[str]:
    words = st.sampled_from(_LETTERS).flatmap(
        lambda letters: st.text(letters, min_size=1, max_size=24)
    )
    return st.lists(words, min_size=1, max_size=4).map(" ".join).map(lambda one: one[:100].strip())


def _prose() -> st.SearchStrategy[str]:
    plain = st.text(max_size=600)
    long = st.integers(1, 300).map(lambda count: "Itch, bleeding; no \U0001f600 pain. " * count)
    return st.one_of(plain, long, _names()).map(lambda one: one[:4000])


def _report(draw: Callable, shot: ShotKind) -> QualityReport:
    verdict = draw(st.sampled_from(Verdict))
    cause = None if verdict is Verdict.GOOD else draw(st.sampled_from(Cause))
    return QualityReport(shot, 1, 1, (Judgement(Aspect.FOCUS, 50, verdict, cause),), 1.0)


def _held(draw: Callable, lesion: Lesion, shot: ShotKind, sizes: tuple) -> CaptureContents:
    as_png = draw(st.booleans()) and draw(st.booleans())
    size_px = (1600, 1200) if as_png else draw(st.sampled_from(sizes))
    data = image(size_px, draw(st.sampled_from((4, 24))), as_png)
    scale = draw(st.sampled_from((None, 0.012, 0.2)))
    capture = Capture(
        id=hashlib.sha256(f"{lesion.id}{shot}".encode()).hexdigest()[:32],
        episode_id=lesion.episode_id,
        lesion_id=lesion.id,
        shot=shot,
        sha256=hashlib.sha256(data).hexdigest(),
        media_type=MediaType.PNG if as_png else MediaType.JPEG,
        size_bytes=len(data),
        width=size_px[0],
        height=size_px[1],
        captured_at=AT,
        captured_by="n1",
        camera="sim",
        report=_report(draw, shot),
        override_reason=draw(st.sampled_from((None, "Tremor of the arm"))),
        details=CaptureDetails(
            mm_per_px=scale,
            scale_error=None if scale is None else 0.02,
            polarisation=draw(st.sampled_from((None, *Polarisation))),
        ),
    )
    return CaptureContents(capture, data)


def _with_copies(draw: Callable, taken: CaptureContents) -> list[CaptureContents]:
    """Return what goes into the package: the picture or a covered copy, and perhaps a marked one.

    The copies have the picture's own pixels: it matters that they are labelled as copies, not what
    is drawn on them.
    """
    listed = [taken]
    if draw(st.integers(0, 3)) == 0:
        listed = [_copy(taken, CopyKind.COVERED, taken.capture.id)]
    if draw(st.integers(0, 3)) == 0:
        listed.append(_copy(taken, CopyKind.MARKED, listed[0].capture.id))
    return listed


def _copy(taken: CaptureContents, kind: CopyKind, base_id: str) -> CaptureContents:
    origin = taken.capture
    made = Derivation(kind, origin.id, base_id, (), AT + timedelta(minutes=5), "c1")
    name = hashlib.sha256(f"{origin.id}{kind}".encode()).hexdigest()[:32]
    return CaptureContents(replace(origin, id=name, derivation=made), taken.image)


@st.composite
def episodes(draw: Callable, sizes: tuple = SIZES_PX, lesions_most: int = 6) -> PackageContents:
    """Make up an episode, with the options of a package for the GP system."""
    lesions = []
    for number in range(1, draw(st.integers(1, lesions_most)) + 1):
        site = draw(st.sampled_from(BODY_SITES))
        side = draw(st.sampled_from((None, *Side))) if site.has_side else None
        lesion = Lesion(f"{number:032x}", "e" * 32, number, site.code, side, draw(_prose()))
        shots = draw(st.lists(st.sampled_from(ShotKind), unique=True, max_size=4))
        taken = [_held(draw, lesion, shot, sizes) for shot in shots]
        held = tuple(one for each in taken for one in _with_copies(draw, each))
        left = draw(st.lists(st.sampled_from(ShotKind), unique=True, max_size=2))
        why = {shot: draw(_prose())[:200] for shot in left if shot not in shots}
        lesions.append(LesionContents(lesion, held, why))
    given = draw(st.booleans()) or any(one.captures for one in lesions)
    consent = Consent(given, draw(st.sampled_from(ConsentForm)), False, AT, "n1", "A face.")
    state, route = EpisodeState.REVIEWED, draw(st.sampled_from(Route))
    born_on = draw(st.dates(date(1910, 1, 1), date(2025, 7, 1)))
    number = NhsNumber.parse("9990000018")
    return PackageContents(
        package_id="0123456789abcdef" * 2,
        episode=Episode("e" * 32, "p" * 32, state, AT, "n1", consent, route, draw(_prose())),
        patient=Patient("p" * 32, draw(_names()), draw(_names()), born_on, number),
        lesions=tuple(lesions),
        operators={"n1": draw(_names()), "c1": "Dr Test"},
        practice_name=draw(_names()),
        created_at=AT,
        created_by="c1",
        device=DEVICE,
    )


def options(presets: tuple[Preset, ...] = tuple(Preset)) -> st.SearchStrategy[PackageOptions]:
    """Choose a destination and a form of package."""
    forms = st.sampled_from(
        (
            {},
            {"one_pdf": True},
            {"dicom": True, "fhir": True},
            {"fhir": True},
        )
    )
    return st.builds(
        lambda preset, form: PackageOptions(preset, **form), st.sampled_from(presets), forms
    )


def complaints(package: Package, contents: PackageContents) -> list[str]:
    """Return what our verification and other programs find wrong with a package, if anything."""
    folder = Path(package.folder)
    found = [f"verify: {one.fault} {one.file}" for one in verify_package(folder)]
    found += _limits(package, contents)
    for file in sorted(folder.iterdir()):
        asked = _ASKED.get(file.suffix, ())
        for ask in asked:
            found += [f"{file.name}: {words}" for words in ask(file, contents)]
    return found


def made_or_refused(contents: PackageContents, folder: Path) -> tuple[str, Package | None]:
    """Make the package; if it is refused for its size, return the words of the refusal."""
    try:
        return "", write_package(contents, folder, before_file=lambda _: None)
    except StationError as refused:
        if refused.code not in {ErrorCode.PACKAGE_TOO_BIG, ErrorCode.PACKAGE_TOO_MANY_FILES}:
            raise
        return str(message_for(refused)), None


def missing_tools() -> list[str]:
    """Return the programs that are not installed, and so do not check the packages."""
    return [
        name for name in ("qpdf", "pdftotext", "exiftool", "dciodvfy") if not shutil.which(name)
    ]


def _limits(package: Package, contents: PackageContents) -> list[str]:
    limits = contents.options.limits
    sizes = [file.size_bytes for file in package.files]
    broken = {
        "a file is too big": max(sizes) > limits.file_bytes,
        "all are too big": bool(limits.total_bytes) and sum(sizes) > limits.total_bytes,
        "there are too many": bool(limits.files_most) and len(sizes) > limits.files_most,
    }
    return [words for words, holds in broken.items() if holds]


def _run(*command: object) -> subprocess.CompletedProcess[str] | None:
    if shutil.which(str(command[0])) is None:
        return None
    words = [str(one) for one in command]
    return subprocess.run(words, check=False, capture_output=True, text=True, errors="replace")


def _qpdf(file: Path, _: PackageContents) -> list[str]:
    asked = _run("qpdf", "--check", file)
    return [asked.stderr] if asked and asked.returncode else []


def _facts(file: Path, contents: PackageContents) -> list[str]:
    asked = _run("pdftotext", "-raw", file, "-")
    if asked is None:
        return []
    route = contents.episode.route
    told = [
        contents.patient.full_name,
        str(contents.patient.nhs_number),
        contents.practice_name,
        contents.operator_name("c1"),
        contents.episode.question,
        ROUTE_GUIDES[route].title if route else "",
        *(one.lesion.site_words for one in contents.lesions),
        *(one.lesion.history for one in contents.lesions),
        *(one.override_reason or "" for one in contents.captures),
    ]
    text = _compact(asked.stdout)
    return [f"not in the PDF: {one!r}" for one in told if not _is_in(one, text)]


def _compact(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text)
    return "".join(folded.split())


def _is_in(told: str, text: str) -> bool:
    """Return whether every word is in the text or, if the text reverses words, every letter."""
    return all(_word_is_in(word, text) for word in unicodedata.normalize("NFC", told).split())


def _word_is_in(word: str, text: str) -> bool:
    shown = _compact("".join(one for one in word if ord(one) not in _HIDDEN))
    if shown in text:
        return True
    return all(one in text or f"U+{ord(one):04X}" in text for one in shown) and all(
        _compact(one) in text or f"U+{ord(one):04X}" in text
        for one in word
        if ord(one) not in _HIDDEN
    )


def _exif(file: Path, _: PackageContents) -> list[str]:
    asked = _run("exiftool", "-json", "-G", "-a", file)
    if asked is None:
        return []
    tags = json.loads(asked.stdout)[0]
    bad = ("gps", "owner", "serial", "artist", "copyright", "makernote", "location", "usercomment")
    return [tag for tag in tags if any(one in tag.lower() for one in bad)]


def _dicom(file: Path, contents: PackageContents) -> list[str]:
    return list(by_dciodvfy(file, contents)) if shutil.which("dciodvfy") else []


def _xml(file: Path, _: PackageContents) -> list[str]:
    try:
        ET.parse(file)
    except ET.ParseError as error:
        return [str(error)]
    return []


_ASKED = {
    ".pdf": (_qpdf, _facts, _exif),
    ".jpg": (_exif,),
    ".dcm": (_dicom,),
    ".xml": (_xml,),
}
