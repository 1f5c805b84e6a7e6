"""A made-up patient, made-up pictures, and packages of them."""

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import ExifTags

from dermstation.domain.identity import NhsNumber, Patient
from dermstation.domain.quality import Aspect, Cause, Judgement, QualityReport, Verdict
from dermstation.domain.records import (
    Capture,
    Consent,
    ConsentForm,
    Episode,
    Lesion,
    MediaType,
    Package,
    new_id,
)
from dermstation.domain.routes import Route
from dermstation.domain.shots import ShotKind
from dermstation.domain.sites import Side
from dermstation.domain.states import EpisodeState
from dermstation.handover.contents import CaptureContents, LesionContents, PackageContents
from dermstation.handover.writer import write_package
from tests.pictures import exif_bytes

CAPTURED_AT = datetime(2025, 7, 12, 9, 32, 5, tzinfo=UTC)


def picture(width: int = 1600, height: int = 1200, seed: int = 0) -> np.ndarray:
    """Return soft texture that compresses like skin."""
    rng = np.random.default_rng(seed)
    small = rng.integers(90, 200, (height // 16 + 2, width // 16 + 2, 3), dtype=np.uint8)
    soft = cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)
    grain = rng.integers(0, 6, (height, width, 1), dtype=np.uint8)
    return np.asarray(soft + grain, np.uint8)


def noise(width: int, height: int, seed: int = 0) -> np.ndarray:
    """Return noise, the worst picture to compress."""
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def jpeg(bgr: np.ndarray, quality: int = 92, *options: int) -> bytes:
    return cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, quality, *options])[1].tobytes()


def png(bgr: np.ndarray) -> bytes:
    return cv2.imencode(".png", bgr, [cv2.IMWRITE_PNG_COMPRESSION, 1])[1].tobytes()


def leaky_exif() -> bytes:
    """Return an EXIF like a phone's: place, owner, serial number, thumbnail."""
    return exif_bytes(
        picture={ExifTags.Base.Artist: "Test Owner", ExifTags.Base.Orientation: 6},
        exif={
            ExifTags.Base.BodySerialNumber: "SN-12345",
            ExifTags.Base.CameraOwnerName: "Test Owner",
            ExifTags.Base.MakerNote: b"secret",
        },
        gps={ExifTags.GPS.GPSLatitudeRef: "N", ExifTags.GPS.GPSDestLatitude: b"51 52 0"},
        thumbnail=jpeg(picture(160, 120)),
    )


def with_segment(data: bytes, marker: int, body: bytes) -> bytes:
    length = (len(body) + 2).to_bytes(2, "big")
    return data[:2] + bytes([0xFF, marker]) + length + body + data[2:]


def report(shot: ShotKind, *, poor: bool = False) -> QualityReport:
    focus = Judgement(Aspect.FOCUS, 90, Verdict.GOOD)
    if poor:
        focus = Judgement(Aspect.FOCUS, 10, Verdict.POOR, Cause.SHAKE)
    light = Judgement(Aspect.EXPOSURE, 90, Verdict.GOOD)
    return QualityReport(shot, 1600, 1200, (focus, light), 4.0)


@lru_cache(maxsize=32)
def _shape(image: bytes) -> tuple[int, ...]:
    """Return the height and width of a picture, 0 for what is none."""
    decoded = image and cv2.imdecode(np.frombuffer(image, np.uint8), cv2.IMREAD_COLOR)
    return decoded.shape[:2] if isinstance(decoded, np.ndarray) else (0, 0)


def held(
    lesion: Lesion,
    shot: ShotKind,
    image: bytes,
    *,
    override_reason: str | None = None,
) -> CaptureContents:
    is_png = image.startswith(b"\x89PNG")
    height, width = _shape(image)
    capture = Capture(
        id=new_id(),
        episode_id=lesion.episode_id,
        lesion_id=lesion.id,
        shot=shot,
        sha256=hashlib.sha256(image).hexdigest(),
        media_type=MediaType.PNG if is_png else MediaType.JPEG,
        size_bytes=len(image),
        width=width,
        height=height,
        captured_at=CAPTURED_AT,
        captured_by="n1",
        camera="sim",
        report=report(shot, poor=override_reason is not None),
        override_reason=override_reason,
    )
    return CaptureContents(capture, image)


def lesion_of(number: int = 1, history: str = "Changed over three months. No itch.") -> Lesion:
    return Lesion(f"{number:032x}", "e" * 32, number, "41550009", Side.LEFT, history)


def contents_of(
    *lesions: LesionContents,
    family_name: str = "Patient-One",
    given_name: str = "Test",
    question: str = "Is excision needed?",
    practice_name: str = "Test Surgery",
    package_id: str | None = None,
) -> PackageContents:
    consent = Consent(True, ConsentForm.VERBAL, False, CAPTURED_AT, "n1")
    return PackageContents(
        package_id=package_id or new_id(),
        episode=Episode(
            "e" * 32,
            "p" * 32,
            EpisodeState.REVIEWED,
            CAPTURED_AT,
            "n1",
            consent,
            Route.RADS,
            question,
        ),
        patient=Patient(
            "p" * 32, given_name, family_name, date(1958, 9, 3), NhsNumber.parse("9990000018")
        ),
        lesions=lesions,
        operators={"n1": "Nurse Test", "c1": "Dr Test"},
        practice_name=practice_name,
        created_at=CAPTURED_AT,
        created_by="c1",
    )


@cache
def _standard_captures() -> tuple[CaptureContents, ...]:
    lesion = lesion_of()
    return (
        held(lesion, ShotKind.GENERAL, jpeg(picture(800, 600, seed=1))),
        held(
            lesion,
            ShotKind.CLOSEUP,
            jpeg(picture(800, 600, seed=2)),
            override_reason="Tremor of the arm",
        ),
        held(lesion, ShotKind.DERMOSCOPIC, png(picture(800, 600, seed=3))),
    )


def standard(**changes: str) -> PackageContents:
    """Return the contents for one lesion: general and close-up as JPEG, dermoscopic as PNG."""
    return contents_of(LesionContents(lesion_of(), _standard_captures()), **changes)


@pytest.fixture(scope="session")
def made() -> dict[str, Callable]:
    """Return the functions above by name, so that tests need not import them."""
    makers = (
        picture,
        noise,
        jpeg,
        png,
        leaky_exif,
        with_segment,
        held,
        lesion_of,
        contents_of,
        standard,
    )
    return {maker.__name__: maker for maker in makers}


@pytest.fixture(scope="session")
def _written(tmp_path_factory: pytest.TempPathFactory) -> Package:
    folder = tmp_path_factory.mktemp("written")
    return write_package(standard(), folder, before_file=lambda path: None)


@pytest.fixture
def package(_written: Package, tmp_path: Path) -> Package:
    """Return a copy of a package that was written once."""
    folder = tmp_path / Path(_written.folder).name
    shutil.copytree(_written.folder, folder)
    return replace(_written, folder=str(folder))
