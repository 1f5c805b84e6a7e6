"""Only a whole JPEG of acceptable size passes, and its metadata is never trusted."""

import struct
from datetime import timedelta, timezone
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import pytest

from dermstation.camera.card.exif import read_exif
from dermstation.camera.card.inspection import check, inspect, thumbnail
from dermstation.camera.card.pictures import ExifFacts
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.shots import ShotKind
from dermstation.handover.jpeg import without_metadata
from dermstation.imaging.codec import decode
from tests.torn_pictures import harmless
from tests.unit.camera.card.samples import TAKEN, jpeg


def refused(data: bytes) -> StationError:
    with pytest.raises(StationError) as trouble:
        check(data)
    return trouble.value


@pytest.mark.parametrize(
    "options", [{}, {"progressive": True}, {"subsampling": 0}, {"restart_marker_blocks": 4}]
)
def test_what_cameras_write_passes(options: dict[str, object]) -> None:
    assert (check(jpeg(**options)).width, check(jpeg(**options)).height) == (640, 480)


def test_data_after_the_picture_is_allowed() -> None:
    check(jpeg() + b"\0\0\0\x18ftypmp42" + bytes(range(256)) * 500)  # a phone's moving picture


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"restart_marker_blocks": 4}])
@pytest.mark.parametrize("tail", [b"", b"\xff\xd9", bytes(5000), b"PK\3\4 no picture"])
def test_a_picture_cut_short_is_refused_wherever_it_is_cut(
    tmp_path: Path, options: dict[str, object], tail: bytes
) -> None:
    data = jpeg(**options)
    for share in np.linspace(0.01, 0.99, 20):
        (tmp_path / "a.jpg").write_bytes(data[: int(len(data) * share)] + tail)
        for read in (thumbnail, partial(inspect, shot=ShotKind.CLOSEUP)):
            with pytest.raises(StationError) as trouble:
                read(str(tmp_path), "a.jpg")
            assert trouble.value.code is ErrorCode.IMAGE_UNREADABLE


@pytest.mark.parametrize("kind", harmless(jpeg()))
def test_what_changes_no_pixel_is_no_reason_to_refuse_a_picture(tmp_path: Path, kind: str) -> None:
    odd, plain = harmless(jpeg())[kind]
    (tmp_path / "a.jpg").write_bytes(odd)
    found = inspect(str(tmp_path), "a.jpg", ShotKind.CLOSEUP)
    assert found.data == odd
    assert np.array_equal(found.pixels, decode(plain))
    # and it can be sent: the package gives it an end mark
    assert np.array_equal(decode(without_metadata(odd)), decode(plain))


@pytest.mark.parametrize(("width", "height"), [(65_535, 65_535), (40_001, 1_000), (8_000, 5_001)])
def test_more_than_40_megapixels_in_the_header_are_refused(width: int, height: int) -> None:
    data = bytearray(jpeg())
    at = data.index(b"\xff\xc0")
    struct.pack_into(">HH", data, at + 5, height, width)
    assert refused(bytes(data)).code is ErrorCode.IMAGE_TOO_LARGE


def test_a_picture_too_small_to_be_useful_is_refused() -> None:
    assert refused(jpeg(160, 120)).facts["reason"] == "small"


def test_a_picture_of_endless_scans_is_refused() -> None:
    data = jpeg(progressive=True)
    scan_at = data.rindex(b"\xff\xda")
    scan = data[scan_at:-2]
    assert refused(data[:-2] + scan * 100 + data[-2:]).code is ErrorCode.IMAGE_TOO_LARGE


def test_cmyk_is_refused() -> None:
    import io

    from PIL import Image

    file = io.BytesIO()
    Image.new("CMYK", (640, 480)).save(file, "JPEG")
    assert refused(file.getvalue()).facts["reason"] == "colours"


def test_another_kind_of_file_is_refused() -> None:
    png = cv2.imencode(".png", np.zeros((480, 640, 3), np.uint8))[1].tobytes()
    assert refused(png).facts["reason"] == "no jpeg"
    assert refused(b"").code is ErrorCode.IMAGE_UNREADABLE


def test_time_camera_and_orientation_are_read() -> None:
    facts = read_exif(jpeg(orientation=6))
    assert facts == ExifFacts(TAKEN, "Testcam T100", 6)
    assert facts.taken_at is not None
    assert facts.taken_at.tzinfo is None


def test_a_time_zone_is_read_if_it_is_valid() -> None:
    facts = read_exif(jpeg(offset="+01:00"))
    assert facts.taken_at == TAKEN.replace(tzinfo=timezone(timedelta(hours=1)))
    assert read_exif(jpeg(offset="+99:00")).taken_at == TAKEN


@pytest.mark.parametrize("damage", [b"\xff", b"\0", b"\x7f"])
def test_damaged_exif_is_never_an_error(damage: bytes) -> None:
    data = jpeg()
    at, end = data.index(b"Exif\0\0") + 6, data.index(b"Exif\0\0") + 200
    for place in range(at, end):
        read_exif(data[:place] + damage * 4 + data[place + 4 :])


def test_missing_or_meaningless_exif_counts_as_unknown() -> None:
    assert read_exif(jpeg(taken=None)) == ExifFacts()
    assert read_exif(b"") == ExifFacts()
    nonsense = jpeg().replace(TAKEN.strftime("%Y:%m:%d").encode(), b"0000:00:00")
    assert read_exif(nonsense).taken_at is None
