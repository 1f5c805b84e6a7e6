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
from dermstation.imaging.exif import Directory
from dermstation.workflow.messages import message_for
from tests.colours import WIDE, as_drawn, chart, ciede2000, seen
from tests.pictures import jpeg_with, tiff_of
from tests.torn_pictures import harmless
from tests.unit.camera.card.samples import TAKEN, card, jpeg, name


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
    assert refused(png).facts == {"reason": "no jpeg", "kind": "PNG"}


def box(*brands: bytes) -> bytes:
    """Write the first box of a HEIC, AVIF or video file."""
    body = brands[0] + bytes(4) + b"".join(brands[1:])
    return struct.pack(">I", len(body) + 8) + b"ftyp" + body + bytes(4000)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (box(b"heic", b"mif1", b"heic"), "HEIC"),
        (box(b"mif1", b"mif1", b"heic"), "HEIC"),
        (box(b"heix", b"mif1"), "HEIC"),
        (box(b"avif", b"mif1"), "AVIF"),
        (box(b"mif1", b"avif", b"miaf"), "AVIF"),
        (box(b"qt  "), "video"),
        (box(b"mp42", b"isom"), "video"),
        (b"RIFF\x10\0\0\0WEBPVP8 " + bytes(100), "WebP"),
        (b"II*\0" + bytes(100), "TIFF"),
        (b"BM" + bytes(100), "BMP"),
        (b"GIF89a" + bytes(100), "GIF"),
    ],
)
def test_a_file_of_another_kind_is_named_and_has_words(data: bytes, kind: str) -> None:
    trouble = refused(data)
    assert trouble.facts == {"reason": "no jpeg", "kind": kind}
    assert kind in str(message_for(trouble))


def test_a_phone_s_kind_comes_with_the_setting_that_helps() -> None:
    assert "Most Compatible" in str(message_for(refused(box(b"heic", b"mif1"))))


@pytest.mark.parametrize(
    "data", [bytes(50_000), b"\xff\xd8", b"RIFF", b"RIFF\0\0\0\0WAVE", b"ftyp"]
)
def test_a_file_of_no_known_kind_is_just_unreadable(data: bytes) -> None:
    assert "kind" not in refused(data).facts
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


def damaged_tag(at: int, damage: bytes, **options: int) -> bytes:
    """Return a picture whose maker's name is damaged at this place of its entry."""
    data = jpeg(**options)
    place = data.index(b"\x01\x0f\x00\x02") + at
    return data[:place] + damage + data[place + len(damage) :]


@pytest.mark.parametrize(
    ("at", "damage"),
    [(2, b"\xff\xff"), (4, b"\xff" * 4), (4, b"\x7f\0\0\0"), (8, b"\xff" * 4), (8, b"\0\0\xff\0")],
)
def test_one_damaged_tag_costs_neither_orientation_nor_time(at: int, damage: bytes) -> None:
    facts = read_exif(damaged_tag(at, damage, orientation=6))
    assert (facts.taken_at, facts.orientation) == (TAKEN, 6)


def test_the_time_of_digitising_helps_if_that_of_taking_is_damaged() -> None:
    when = TAKEN.strftime("%Y:%m:%d %H:%M:%S").encode() + b"\0"
    tags = {Directory.EXIF: {0x9003: (2, b"xxxx:09:04 09:45:10\0"), 0x9004: (2, when)}}
    assert read_exif(jpeg_with(tiff_of(tags))).taken_at == TAKEN


@pytest.mark.parametrize("shot", [ShotKind.CLOSEUP, ShotKind.DERMOSCOPIC])
def test_a_picture_in_wide_colours_is_judged_as_the_same_in_srgb(tmp_path, shot) -> None:
    plain, wide = chart(1600, 1200), chart(1600, 1200, WIDE)
    found = []
    for data in (
        jpeg_with(b"", plain),
        jpeg_with(b"", wide, icc_profile=WIDE.profile()),
        jpeg_with(b"", wide),
    ):
        root = card(tmp_path / f"card-{len(found)}", data)
        found.append(inspect(str(root), name(1), shot))
    same, carried, _ = (one.report for one in found)
    assert carried.verdict is same.verdict
    for one, other in zip(carried.judgements, same.judgements, strict=True):
        assert one.verdict is other.verdict
        assert abs(one.score - other.score) <= 5
    off = [ciede2000(seen(one.pixels[..., ::-1]), as_drawn()).mean() for one in found]
    assert max(off[:2]) < 0.5
    assert off[2] > 2
