"""A picture is turned in the window: noted, recorded, shown so everywhere, no byte changed."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pydicom
import pytest
from PIL import Image
from pydicom.encaps import get_frame
from pypdf import PdfReader

from dermstation.domain.audit import AuditEvent
from dermstation.domain.copies import CopyKind, Shape, ShapeKind
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.shots import ShotKind
from dermstation.domain.states import EpisodeState
from dermstation.handover.options import DeviceData, PackageOptions
from dermstation.handover.verify import verify_package
from dermstation.imaging.codec import decode
from dermstation.imaging.marking import marked
from dermstation.vault.audit import AuditFilter
from dermstation.workflow import capturing, deriving, episodes, packaging, picture_review
from dermstation.workflow.package_choice import Practice
from dermstation.workflow.patient_copy import gather_sheet
from dermstation.workflow.review_policy import is_reviewed
from dermstation.workflow.unlocking import SignedIn
from dermstation.workflow.walk import EpisodeView
from tests.unit.workflow.conftest import ready
from tests.unit.workflow.derived import ARROW, BOX, cover, events, general, mark, packed

CORNER = Shape(ShapeKind.RECTANGLE, 0.0, 0.0, 0.3, 0.2)


@pytest.fixture
def reviewed(signed_in: SignedIn, view: EpisodeView) -> EpisodeView:
    ready(signed_in, view)
    return episodes.view_of(signed_in.vault, view.episode.id)


def turn(signed_in: SignedIn, view: EpisodeView, times: int = 1) -> EpisodeView:
    for _ in range(times):
        after = picture_review.turn(
            signed_in.vault, signed_in.operator, view.episode.id, general(view).id
        )
    return after


def pixels(signed_in: SignedIn, capture) -> np.ndarray:
    return picture_review.pixels_to_review(capture, signed_in.vault.captures.image(capture.id))


def grey(picture: np.ndarray | Image.Image) -> np.ndarray:
    if isinstance(picture, np.ndarray):
        picture = Image.fromarray(picture[..., ::-1])
    return np.asarray(picture.convert("L"))


def alike(one: np.ndarray, other: np.ndarray) -> bool:
    """Return whether two pictures show the same, but for the loss of a JPEG."""
    return one.shape == other.shape and float(np.abs(one.astype(int) - other).mean()) < 12


def test_a_turn_changes_no_byte_and_is_recorded(signed_in, reviewed) -> None:
    before = general(reviewed)
    image = signed_in.vault.captures.image(before.id)
    seen = pixels(signed_in, before)
    after = general(turn(signed_in, reviewed))
    assert signed_in.vault.captures.image(after.id) == image
    assert after == replace(before, details=replace(before.details, orientation=6))
    assert np.array_equal(pixels(signed_in, after), np.rot90(seen, -1))
    (entry,) = signed_in.vault.audit.entries(AuditFilter(events=(AuditEvent.TURNED,)))
    assert (entry.subject, entry.facts) == (before.id, {"orientation": 6})
    assert entry.operator_id == signed_in.operator.id


def test_a_review_does_not_hold_for_what_was_turned(signed_in, reviewed) -> None:
    assert is_reviewed(reviewed)
    after = turn(signed_in, reviewed)
    assert not is_reviewed(after)
    assert after.episode.state is EpisodeState.CAPTURED
    assert AuditEvent.REVIEW_VOIDED in events(signed_in)


def test_four_turns_show_it_as_it_was_and_the_order_stays(signed_in, reviewed) -> None:
    before = [one.id for one in reviewed.captures]
    seen = pixels(signed_in, general(reviewed))
    after = turn(signed_in, reviewed, 4)
    assert [one.id for one in after.captures] == before
    assert np.array_equal(pixels(signed_in, general(after)), seen)


def test_every_file_and_page_shows_it_turned(signed_in, reviewed, packages: Path) -> None:
    expected = np.rot90(pixels(signed_in, general(reviewed)), -1)
    after = turn(signed_in, reviewed)
    vault, capture = signed_in.vault, general(after)
    assert capturing.previews(vault, after).pictures[capture.id].shape[:2] == (80, 60)
    sheet = gather_sheet(
        vault, signed_in.operator, after.episode.id, capture.id, practice="Test Practice"
    )
    assert np.array_equal(sheet.pixels, expected)
    made = packaging.make_package(
        vault,
        signed_in.operator,
        after.episode.id,
        packages,
        Practice("Test Practice", device=DeviceData("Test Maker", "Test Scope", "TS-1")),
        options=PackageOptions(dicom=True),
    )
    assert made.package is not None
    folder = Path(made.package.folder)
    assert verify_package(folder) == ()
    assert alike(decode((folder / "L1-general.jpg").read_bytes()), expected)
    dataset = pydicom.dcmread(folder / "L1-general.dcm")
    assert (dataset.Rows, dataset.Columns) == expected.shape[:2]
    frame = get_frame(dataset.PixelData, 0, number_of_frames=1)
    assert alike(decode(frame[: frame.rindex(b"\xff\xd9") + 2]), expected)
    assert dataset.ImageType[0] == "DERIVED"
    pdf = PdfReader(folder / "referral-summary.pdf")
    found = [Image.open(BytesIO(one.data)) for page in pdf.pages for one in page.images]
    assert any(alike(grey(one), grey(expected)) for one in found)


def test_marks_and_covers_turn_along(signed_in, reviewed, packages: Path) -> None:
    """A drawing stays on the same part of the skin, also if it is drawn again."""
    mark(signed_in, reviewed, ARROW)
    view = cover(signed_in, reviewed, CORNER)
    before = {one.id: pixels(signed_in, one) for one in view.copies}
    after = turn(signed_in, view)
    assert [one.id for one in after.copies] == list(before)
    for copy in after.copies:
        assert np.array_equal(pixels(signed_in, copy), np.rot90(before[copy.id], -1))
    again = deriving.begin_drawing(
        signed_in.vault, view.episode.id, general(after).id, CopyKind.COVERED
    )
    (box,) = again.shapes
    assert box.box == pytest.approx((0.8, 0.0, 1.0, 0.3))
    covered_anew, marked_anew = deriving.draw(again, again.shapes, signed_in.operator)
    upright = decode(covered_anew.data)
    height, width = upright.shape[:2]
    assert upright[: int(0.29 * height), int(0.81 * width) :].max() < 8  # still the same corner
    assert marked_anew.capture.derivation is not None
    turned = ARROW.turned()
    assert marked_anew.capture.derivation.shapes == (turned,)
    assert alike(decode(marked_anew.data), marked(upright, (turned,)))
    folder = packed(signed_in, after, packages)
    assert verify_package(folder) == ()


def test_a_drawing_that_is_not_saved_turns_along(signed_in, reviewed) -> None:
    vault, capture = signed_in.vault, general(reviewed)
    deriving.keep_drawing(vault, reviewed.episode.id, capture.id, CopyKind.COVERED, (BOX,))
    turn(signed_in, reviewed)
    drawing = deriving.begin_drawing(vault, reviewed.episode.id, capture.id, CopyKind.COVERED)
    assert drawing.is_draft
    assert drawing.shapes == (BOX.turned(),)


def test_four_turns_of_a_shape_are_none() -> None:
    shape = ARROW
    for _ in range(4):
        shape = shape.turned()
    assert (shape.x0, shape.y0, shape.x1, shape.y1) == pytest.approx((0.1, 0.1, 0.4, 0.4))


def test_a_packaged_picture_is_not_turned(signed_in, reviewed, packages: Path) -> None:
    packed(signed_in, reviewed, packages)
    with pytest.raises(StationError) as trouble:
        turn(signed_in, reviewed)
    assert trouble.value.code is ErrorCode.STEP_NOT_ALLOWED
    assert AuditEvent.TURNED not in events(signed_in)


def test_a_newer_reading_says_which_pictures_were_turned(signed_in, reviewed) -> None:
    view = mark(signed_in, reviewed, ARROW)
    after = turn(signed_in, view)
    both = {general(view).id, view.copies[0].id}
    assert picture_review.turned_since(view, after) == both
    assert not picture_review.is_as_known(after, general(view))
    assert picture_review.is_as_known(after, general(after))
    other = view.taken(view.lesions[0])[ShotKind.CLOSEUP]
    assert picture_review.is_as_known(after, other)
