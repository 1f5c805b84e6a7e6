"""A colour chart on a memory card keeps its colours on every way out of the station.

`pytest -s` prints what was measured: CIEDE2000, mean and most, of 30 patches for each way.
"""

import io
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from numpy.typing import NDArray
from PIL import Image
from pydicom.encaps import get_frame
from pypdf import PdfReader

from dermstation.camera.card.places import folder_place
from dermstation.domain.copies import CopyKind, Shape, ShapeKind
from dermstation.domain.presets import Limits
from dermstation.domain.records import Capture, now
from dermstation.domain.shots import ShotKind
from dermstation.handover.assembly import assemble
from dermstation.handover.contents import CaptureContents, LesionContents
from dermstation.handover.options import PackageOptions
from dermstation.handover.verify import verify_package
from dermstation.imaging.exif import Directory
from dermstation.imaging.orientation import turned_back
from dermstation.workflow import capturing, deriving
from dermstation.workflow.episodes import view_of
from dermstation.workflow.importing import candidate, import_picture
from dermstation.workflow.patient_copy import gather_sheet
from dermstation.workflow.picture_review import pixels_to_review
from tests.colours import ADOBE, P3, WIDE, Floats, Space, as_drawn, chart, ciede2000, seen
from tests.colours import seen_in_file as file
from tests.pictures import jpeg_with, tiff_of
from tests.unit.camera.card.samples import card, name
from tests.unit.handover.conftest import contents_of, lesion_of

WORDS = "Colours of Dr A Example's screen"
SHOT = ShotKind.CLOSEUP
# in the chart's margin, so that no patch is drawn on
RING = Shape(ShapeKind.RING, 0.02, 0.3, 0.1, 0.5)
BOX = Shape(ShapeKind.RECTANGLE, 0.02, 0.6, 0.1, 0.8)
SOURCES = {
    "P3": (P3, True),
    "wide gamut": (WIDE, True),
    "Adobe RGB by profile": (ADOBE, True),
    "Adobe RGB by EXIF": (ADOBE, False),
    "sRGB": (None, False),
}
IN_THE_CHECK = (("P3", 6), ("Adobe RGB by EXIF", 1), ("sRGB", 6))


def on_a_card(space: Space | None, orientation: int, *, by_profile: bool, **options) -> bytes:
    """Return a chart as a camera writes it, lying if the orientation says so."""
    pixels = turned_back(chart(1200, 900, space), orientation)
    tags = {
        Directory.PICTURE: {0x010F: (2, b"Testcam\0"), 0x0112: (3, orientation)},
        Directory.EXIF: {0x9003: (2, b"2026:09:04 09:45:10\0"), 0xA001: (3, 1)},
    }
    if space is not None:
        tags[Directory.EXIF][0xA001] = (3, 65535)
        if not by_profile:
            tags[Directory.INTEROPERABILITY] = {0x0001: (2, b"R03\0")}
    if by_profile and space is not None:
        options["icc_profile"] = space.profile(WORDS)
    return jpeg_with(tiff_of(tags), pixels, **options)


def pixels(bgr: NDArray[np.uint8]) -> Floats:
    """See what is shown or printed: sRGB."""
    return seen(bgr[..., ::-1])


def dicom(data: bytes) -> Floats:
    dataset = pydicom.dcmread(BytesIO(data))
    frame = Image.open(BytesIO(get_frame(dataset.PixelData, 0, number_of_frames=1)))
    profile = bytes(dataset.ICCProfile)
    is_srgb = dataset.get("ColorSpace") == "SRGB"
    return seen(np.asarray(frame.convert("RGB")), None if is_srgb else profile)


def pdf(data: bytes) -> Floats:
    """See a PDF as its readers do: they take the numbers of a JPEG and not its profile."""
    shown = [one for page in PdfReader(BytesIO(data)).pages for one in page.images]
    (jpeg,) = {one.data for one in shown}  # the large picture of a single PDF is the same one
    return seen(np.asarray(Image.open(io.BytesIO(jpeg)).convert("RGB")))


def packages(capture: Capture, image: bytes) -> Iterator[tuple[str, Floats]]:
    """Measure the files of each kind of package of one picture."""
    lesion = lesion_of()
    mine = replace(capture, lesion_id=lesion.id, episode_id=lesion.episode_id, shot=SHOT)
    contents = contents_of(LesionContents(lesion, (CaptureContents(mine, image),)))
    whole = PackageOptions(dicom=True)
    for words, limit, options in (
        ("", 5_000_000, whole),
        (" made smaller", 300_000, PackageOptions(dicom=True, own_limits=Limits(300_000))),
    ):
        made = assemble(replace(contents, options=options))
        assert len(made.data["L1-closeup.jpg"]) < limit
        assert made.plan.images[0].shrunk is bool(words)
        yield f"package{words}", file(made.data["L1-closeup.jpg"])
        yield f"DICOM{words}", dicom(made.data["L1-closeup.dcm"])
        yield f"summary{words}", pdf(made.data["referral-summary.pdf"])
        assert not any(b"Example" in data for data in made.data.values())
    made = assemble(replace(contents, options=PackageOptions(one_pdf=True)))
    yield "one PDF", pdf(made.data["referral-summary.pdf"])
    small = PackageOptions(one_pdf=True, own_limits=Limits(300_000))
    yield (
        "one PDF made smaller",
        pdf(assemble(replace(contents, options=small)).data["referral-summary.pdf"]),
    )


def everything(signed_in, view, reader, folder: Path, data: bytes) -> Iterator[tuple[str, Floats]]:
    """Measure every way out of the station for a picture that lies on a card."""
    vault, operator = signed_in.vault, signed_in.operator
    place = folder_place(card(folder, data))
    yield "thumbnail", pixels(reader.thumbnail(place.path, name(1)).pixels)
    found = reader.inspect(place.path, name(1), SHOT)
    yield "card's picture", pixels(found.pixels)
    chosen = candidate(found, place, SHOT, view.lesions[0].id, now())
    capture = import_picture(vault, chosen, view.lesions[0], operator, "Test picture")
    assert vault.captures.image(capture.id) == data
    yield "review", pixels(pixels_to_review(capture, data))
    now_view = view_of(vault, view.episode.id)
    yield "preview", pixels(capturing.previews(vault, now_view).pictures[capture.id])
    sheet = gather_sheet(
        vault, signed_in.operator, view.episode.id, capture.id, practice="Test Practice"
    )
    yield "patient's copy", pixels(sheet.pixels)
    yield from packages(capture, data)
    copies = []
    for kind, shape in ((CopyKind.MARKED, RING), (CopyKind.COVERED, BOX)):
        drawing = deriving.begin_drawing(vault, view.episode.id, capture.id, kind)
        copies += list(deriving.draw(drawing, (shape,), operator))
        deriving.save_copies(vault, tuple(copies[-1:] if kind is CopyKind.MARKED else copies[1:]))
    assert len(copies) == 3
    words = ("marked", "covered", "marked and covered")
    for said, copy in zip(words, copies, strict=True):
        assert b"Example" not in copy.data
        yield f"{said} copy", file(copy.data)
    yield from ((f"{said}: {way}", lab) for way, lab in packages(copy.capture, copy.data))


def ways_in() -> Iterator[Any]:
    """Name each source upright and lying; all but one of each kind belong to the long runs."""
    for way in product(SOURCES, (1, 6)):
        yield pytest.param(*way, marks=[] if way in IN_THE_CHECK else [pytest.mark.slow])


@pytest.mark.parametrize(("source", "orientation"), list(ways_in()))
def test_every_way_out_shows_the_chart_as_it_was(
    signed_in, view, reader, tmp_path, *, source: str, orientation: int
) -> None:
    space, by_profile = SOURCES[source]
    data = on_a_card(space, orientation, by_profile=by_profile)
    too_far = []
    how = "lying" if orientation == 6 else "upright"
    print(f"\n{source}, {how}: CIEDE2000, mean and most")  # noqa: T201 - for `pytest -s`
    for way, lab in everything(signed_in, view, reader, tmp_path, data):
        difference = ciede2000(lab, as_drawn())
        print(f"  {way:<42} {difference.mean():5.2f} {difference.max():5.2f}")  # noqa: T201
        if difference.mean() > 1 or difference.max() > 2:
            too_far.append((way, difference.mean(), difference.max()))
    assert too_far == []


@pytest.mark.parametrize("options", [{"progressive": True}, {"keep_rgb": True}])
def test_what_dicom_needs_encoded_anew_keeps_its_colours(options) -> None:
    data = on_a_card(P3, 1, by_profile=True, **options)
    from tests.unit.handover.conftest import held

    lesion = lesion_of()
    contents = contents_of(LesionContents(lesion, (held(lesion, SHOT, data),)))
    for chosen in (PackageOptions(dicom=True), PackageOptions(one_pdf=True)):
        made = assemble(replace(contents, options=chosen))
        for way, lab in (
            (file, made.data.get("L1-closeup.jpg")),
            (dicom, made.data.get("L1-closeup.dcm")),
            (pdf, made.data["referral-summary.pdf"]),
        ):
            if lab is not None:
                assert ciede2000(way(lab), as_drawn()).max() < 2


def test_a_package_with_words_in_a_profile_is_found(tmp_path: Path) -> None:
    from dermstation.handover.findings import PackageFault

    data = jpeg_with(b"", chart(600, 450, P3), icc_profile=P3.profile(WORDS))
    (tmp_path / "L1-closeup.jpg").write_bytes(data)
    found = {one.fault for one in verify_package(tmp_path)}
    assert PackageFault.METADATA_OTHER in found
