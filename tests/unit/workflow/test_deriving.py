"""A copy is a capture of its own: the original stays, and nothing shows what is covered."""

import hashlib
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import piexif
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dermstation.commands.verify_package import _run as verify_run
from dermstation.domain.audit import AuditEvent
from dermstation.domain.copies import CopyKind, Shape, ShapeKind
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.findings import Identifiable, Safeguards
from dermstation.domain.records import CaptureDetails, MediaType
from dermstation.domain.routes import Route
from dermstation.domain.shots import STANDARD_SHOTS, ShotKind
from dermstation.handover.verify import copies_in, verify_package
from dermstation.imaging.codec import decode, encode_jpeg
from dermstation.workflow import capturing, deriving, episodes, packaging
from dermstation.workflow.package_choice import Practice
from dermstation.workflow.unlocking import SignedIn
from dermstation.workflow.walk import EpisodeView
from tests.unit.workflow.conftest import ready, take

RING = Shape(ShapeKind.RING, 0.3, 0.3, 0.6, 0.6)
ARROW = Shape(ShapeKind.ARROW, 0.1, 0.1, 0.4, 0.4)
BOX = Shape(ShapeKind.RECTANGLE, 0.2, 0.2, 0.5, 0.5)
OVAL = Shape(ShapeKind.ELLIPSE, 0.5, 0.5, 0.9, 0.8)


def draw(
    signed_in: SignedIn,
    view: EpisodeView,
    kind: CopyKind,
    *shapes: Shape,
    shot: ShotKind = ShotKind.GENERAL,
    keep: bool = True,
) -> EpisodeView:
    vault, operator = signed_in.vault, signed_in.operator
    capture = episodes.view_of(vault, view.episode.id).taken(view.lesions[0])[shot]
    drawing = deriving.begin_drawing(vault, view.episode.id, capture.id, kind)
    copies = deriving.draw(drawing, shapes, operator)
    after = deriving.save_copies(vault, copies)
    return after if keep else deriving.wipe_covered(vault, operator, view.episode.id)


def mark(signed_in: SignedIn, view: EpisodeView, *shapes: Shape, **over) -> EpisodeView:
    return draw(signed_in, view, CopyKind.MARKED, *(shapes or (RING,)), **over)


def cover(signed_in: SignedIn, view: EpisodeView, *shapes: Shape, **over) -> EpisodeView:
    return draw(signed_in, view, CopyKind.COVERED, *(shapes or (BOX,)), **over)


def general(view: EpisodeView):
    return view.taken(view.lesions[0])[ShotKind.GENERAL]


def events(signed_in: SignedIn) -> list[AuditEvent]:
    return [one.event for one in reversed(signed_in.vault.audit.entries())]


def packed(signed_in: SignedIn, view: EpisodeView, folder: Path, **over) -> Path:
    made = packaging.make_package(
        signed_in.vault,
        signed_in.operator,
        view.episode.id,
        folder,
        Practice("Test Practice"),
        **over,
    )
    assert made.package is not None
    return Path(made.package.folder)


def names(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir())


def the_face_shows(signed_in: SignedIn, view: EpisodeView) -> None:
    """Say of the first lesion that the face could identify the patient."""
    lesion = view.lesions[0]
    episodes.save_lesion(
        signed_in.vault,
        view.episode.id,
        lesion_id=lesion.id,
        site_code=lesion.site_code,
        side=lesion.side,
        safeguards=Safeguards(identifiable=Identifiable.FACE),
    )


class TestMarked:
    def test_the_original_is_not_changed_and_goes_along_beside_the_copy(
        self, signed_in: SignedIn, view: EpisodeView, packages: Path
    ) -> None:
        ready(signed_in, view)
        before = episodes.view_of(signed_in.vault, view.episode.id)
        image = signed_in.vault.captures.image(general(before).id)
        after = mark(signed_in, view, RING, ARROW)
        assert general(after) == general(before)
        assert signed_in.vault.captures.image(general(after).id) == image
        (copy,) = after.copies
        assert copy.derivation is not None
        assert copy.derivation.origin_id == general(after).id
        assert copy.derivation.made_by == signed_in.operator.id
        assert copy.derivation.shapes == (RING, ARROW)
        assert (copy.captured_at, copy.captured_by) == (
            general(after).captured_at,
            general(after).captured_by,
        )
        folder = packed(signed_in, view, packages)
        assert "L1-general.jpg" in names(folder)
        assert "L1-general-2.jpg" in names(folder)
        assert verify_package(folder) == ()

    def test_the_package_says_which_file_is_the_marked_copy(
        self, signed_in: SignedIn, view: EpisodeView, packages: Path, capsys
    ) -> None:
        from argparse import Namespace

        ready(signed_in, view)
        mark(signed_in, view)
        folder = packed(signed_in, view, packages)
        assert copies_in(folder) == {"L1-general-2.jpg": "marked copy"}
        verify_run(Namespace(folder=folder, preset=None, json=False))
        assert "L1-general-2.jpg: marked copy" in capsys.readouterr().out
        from pypdf import PdfReader

        text = "".join(
            one.extract_text() for one in PdfReader(folder / "referral-summary.pdf").pages
        )
        assert "General, marked copy" in " ".join(text.split())
        assert "The arrow or ring was drawn on this copy." in " ".join(text.split())
        assert "General, marked copy" not in " ".join(text.split()).replace(
            "L1 General, marked copy", "", 1
        )

    def test_a_mark_drawn_again_takes_the_place_of_the_one_before(
        self, signed_in: SignedIn, view: EpisodeView
    ) -> None:
        take(signed_in, view, ShotKind.GENERAL)
        mark(signed_in, view, RING)
        after = mark(signed_in, view, ARROW)
        assert len(after.copies) == 2
        marked = after.marked(general(after))
        assert marked is not None
        assert marked.derivation is not None
        assert marked.derivation.shapes == (ARROW,)
        assert len(after.packed(after.lesions[0])) == 2

    def test_a_mark_that_is_taken_away_does_not_go_along(
        self, signed_in: SignedIn, view: EpisodeView
    ) -> None:
        take(signed_in, view, ShotKind.GENERAL)
        before = mark(signed_in, view)
        after = deriving.drop_copy(
            signed_in.vault,
            signed_in.operator,
            view.episode.id,
            general(before).id,
            CopyKind.MARKED,
        )
        assert after.packed(after.lesions[0]) == (general(after),)
        assert events(signed_in)[-1] is AuditEvent.COPY_DROPPED
        again = mark(signed_in, view, ARROW)
        assert len(again.packed(again.lesions[0])) == 2

    def test_a_retake_takes_the_mark_of_the_picture_before_along_with_it(
        self, signed_in: SignedIn, view: EpisodeView
    ) -> None:
        take(signed_in, view, ShotKind.GENERAL)
        mark(signed_in, view)
        take(signed_in, view, ShotKind.GENERAL, seed=8)
        after = episodes.view_of(signed_in.vault, view.episode.id)
        assert after.packed(after.lesions[0]) == (general(after),)


class TestCovered:
    def test_the_covered_copy_replaces_the_original_in_the_package(
        self, signed_in: SignedIn, view: EpisodeView, packages: Path
    ) -> None:
        ready(signed_in, view)
        original = signed_in.vault.captures.image(
            general(episodes.view_of(signed_in.vault, view.episode.id)).id
        )
        after = cover(signed_in, view, BOX, OVAL)
        folder = packed(signed_in, view, packages)
        assert copies_in(folder) == {"L1-general.jpg": "covered copy"}
        sent = decode((folder / "L1-general.jpg").read_bytes())
        seen = decode(original)
        height, width = seen.shape[:2]
        below = np.s_[int(0.2 * height) : int(0.5 * height), int(0.2 * width) : int(0.5 * width)]
        assert sent[below].max() < 12  # of plain black, after a JPEG
        assert seen[below].max() > 150
        everything = b"".join(one.read_bytes() for one in folder.iterdir())
        assert general(after).sha256.encode() not in everything

    def test_nothing_of_the_original_file_but_pixels_beside_the_cover_is_in_the_copy(
        self, signed_in: SignedIn, view: EpisodeView
    ) -> None:
        (held,) = take(signed_in, view, ShotKind.GENERAL)
        pixels = decode(held.data)
        plain = encode_jpeg(pixels, 80)
        out = BytesIO()
        exif = {"0th": {piexif.ImageIFD.Artist: "Test Owner"}, "1st": {}, "thumbnail": plain}
        piexif.insert(piexif.dump(exif), plain, out)
        data = out.getvalue()
        current = episodes.view_of(signed_in.vault, view.episode.id)
        card = replace(
            general(current),
            id="9" * 32,
            sha256=hashlib.sha256(data).hexdigest(),
            size_bytes=len(data),
            media_type=MediaType.JPEG,
            details=CaptureDetails(orientation=6),
        )
        signed_in.vault.captures.save(card, data)
        after = cover(signed_in, view, BOX)
        shown = after.shown(general(after))
        made = signed_in.vault.captures.image(shown.id)
        assert (shown.width, shown.height) == (card.height, card.width)
        assert shown.details.orientation is None
        for trace in (b"Exif", b"Test Owner", plain[len(plain) // 2 :][:64]):
            assert trace in data
            assert trace not in made

    def test_a_mark_moves_to_the_covered_copy_and_none_shows_what_is_covered(
        self, signed_in: SignedIn, view: EpisodeView, packages: Path
    ) -> None:
        ready(signed_in, view)
        mark(signed_in, view, ARROW)
        after = cover(signed_in, view, BOX)
        shown, marked = after.packed(after.lesions[0])[:2]
        assert shown.derivation is not None
        assert marked.derivation is not None
        assert shown.derivation.kind is CopyKind.COVERED
        assert marked.derivation.kind is CopyKind.MARKED
        assert marked.derivation.base_id == shown.id
        pixels = decode(signed_in.vault.captures.image(marked.id))
        height, width = pixels.shape[:2]
        below = pixels[int(0.42 * height) : int(0.5 * height), int(0.42 * width) : int(0.5 * width)]
        assert below.max() < 12
        folder = packed(signed_in, view, packages)
        assert copies_in(folder) == {
            "L1-general.jpg": "covered copy",
            "L1-general-2.jpg": "marked and covered copy",
        }

    def test_a_mark_on_a_covered_picture_is_drawn_on_the_covered_copy(
        self, signed_in: SignedIn, view: EpisodeView
    ) -> None:
        take(signed_in, view, ShotKind.GENERAL)
        cover(signed_in, view, BOX)
        after = mark(signed_in, view, RING)
        marked = after.marked(general(after))
        assert marked is not None
        assert marked.derivation is not None
        assert marked.derivation.base_id == after.shown(general(after)).id

    def test_a_cover_can_be_made_smaller_or_taken_away_while_the_original_is_kept(
        self, signed_in: SignedIn, view: EpisodeView
    ) -> None:
        take(signed_in, view, ShotKind.GENERAL)
        before = cover(signed_in, view, BOX, OVAL)
        drawing = deriving.begin_drawing(
            signed_in.vault, view.episode.id, general(before).id, CopyKind.COVERED
        )
        assert drawing.base == general(before)
        assert drawing.shapes == (BOX, OVAL)
        cover(signed_in, view, BOX)
        after = deriving.drop_copy(
            signed_in.vault,
            signed_in.operator,
            view.episode.id,
            general(before).id,
            CopyKind.COVERED,
        )
        assert after.shown(general(after)) == general(after)


class TestSaving:
    def test_a_full_disk_while_a_copy_is_saved_leaves_the_original_safe(
        self,
        signed_in: SignedIn,
        view: EpisodeView,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        take(signed_in, view, ShotKind.GENERAL)
        vault, operator = signed_in.vault, signed_in.operator
        origin = general(episodes.view_of(vault, view.episode.id))
        drawing = deriving.begin_drawing(vault, view.episode.id, origin.id, CopyKind.COVERED)
        copies = deriving.draw(drawing, (BOX,), operator)

        def full(*_args: object, **_over: object) -> None:
            raise StationError(ErrorCode.VAULT_DISK_FULL)

        with monkeypatch.context() as patch:
            patch.setattr(vault._files, "put", full)
            with pytest.raises(StationError):
                deriving.save_copies(vault, copies)
        assert vault.captures.image(origin.id) == drawing.image
        assert episodes.view_of(vault, view.episode.id).copies == ()
        deriving.save_copies(vault, copies)
        deriving.save_copies(vault, copies)
        assert len(episodes.view_of(vault, view.episode.id).copies) == 1

    def test_what_is_drawn_is_kept_until_it_is_saved(
        self, signed_in: SignedIn, view: EpisodeView
    ) -> None:
        take(signed_in, view, ShotKind.GENERAL)
        vault, episode_id = signed_in.vault, view.episode.id
        origin = general(episodes.view_of(vault, episode_id))
        deriving.keep_drawing(vault, episode_id, origin.id, CopyKind.MARKED, (ARROW,))
        found = deriving.begin_drawing(vault, episode_id, origin.id, CopyKind.MARKED)
        assert found.shapes == (ARROW,)
        assert found.is_draft
        mark(signed_in, view, RING)
        found = deriving.begin_drawing(vault, episode_id, origin.id, CopyKind.MARKED)
        assert found.shapes == (RING,)
        assert not found.is_draft

    @pytest.mark.parametrize("shapes", [(), (BOX,), (RING,) * 41])
    def test_nothing_too_much_or_of_the_other_tool_is_refused(
        self, signed_in: SignedIn, view: EpisodeView, shapes: tuple[Shape, ...]
    ) -> None:
        take(signed_in, view, ShotKind.GENERAL)
        with pytest.raises(StationError) as trouble:
            draw(signed_in, view, CopyKind.MARKED, *shapes)
        assert trouble.value.code is ErrorCode.NOTHING_DRAWN

    def test_no_copy_is_made_once_the_package_is(
        self, signed_in: SignedIn, view: EpisodeView, packages: Path
    ) -> None:
        ready(signed_in, view)
        drawn_before = deriving.draw(
            deriving.begin_drawing(
                signed_in.vault,
                view.episode.id,
                general(episodes.view_of(signed_in.vault, view.episode.id)).id,
                CopyKind.MARKED,
            ),
            (RING,),
            signed_in.operator,
        )
        packed(signed_in, view, packages)
        with pytest.raises(StationError) as trouble:
            deriving.save_copies(signed_in.vault, drawn_before)
        assert trouble.value.code is ErrorCode.STEP_NOT_ALLOWED
        with pytest.raises(StationError):
            mark(signed_in, view)

    def test_a_copy_is_recorded_in_the_audit_and_withdrawn_consent_wipes_it(
        self, signed_in: SignedIn, view: EpisodeView
    ) -> None:
        take(signed_in, view, ShotKind.GENERAL)
        cover(signed_in, view)
        mark(signed_in, view)
        assert events(signed_in)[-2:] == [AuditEvent.COPY_COVERED, AuditEvent.COPY_MARKED]
        after = episodes.record_consent(
            signed_in.vault,
            signed_in.operator,
            view.episode.id,
            given=False,
            form=view.episode.consent.form,
            secondary_use=False,
        )
        assert after.captures == after.copies == ()
        assert after.choices.left_out == {}


class TestIdentifiable:
    def test_no_package_before_every_picture_is_covered_cleared_or_left_out(
        self, signed_in: SignedIn, view: EpisodeView, packages: Path
    ) -> None:
        from dermstation.workflow import picture_review

        the_face_shows(signed_in, view)
        ready(signed_in, view)
        vault, operator, episode_id = signed_in.vault, signed_in.operator, view.episode.id
        with pytest.raises(StationError) as trouble:
            packed(signed_in, view, packages)
        assert trouble.value.code is ErrorCode.COVER_MISSING
        assert trouble.value.facts["pictures"] == "L1 general, L1 close-up, L1 dermoscopic"
        cover(signed_in, view)
        pictures = episodes.view_of(vault, episode_id).taken(view.lesions[0])
        picture_review.leave_out(
            vault, operator, episode_id, pictures[ShotKind.CLOSEUP].id, "Shows the face"
        )
        with pytest.raises(StationError) as trouble:
            packed(signed_in, view, packages)
        assert trouble.value.facts["pictures"] == "L1 dermoscopic"
        picture_review.say_nothing_to_cover(
            vault, operator, episode_id, pictures[ShotKind.DERMOSCOPIC].id, holds=True
        )
        assert AuditEvent.NOTHING_TO_COVER in events(signed_in)
        packed(signed_in, view, packages)

    def test_a_retake_asks_again(self, signed_in: SignedIn, view: EpisodeView) -> None:
        the_face_shows(signed_in, view)
        take(signed_in, view, ShotKind.GENERAL)
        after = cover(signed_in, view)
        assert after.to_cover(after.lesions[0]) == ()
        take(signed_in, view, ShotKind.GENERAL, seed=3)
        after = episodes.view_of(signed_in.vault, view.episode.id)
        assert after.to_cover(after.lesions[0]) == (general(after),)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(st.sampled_from(["mark", "cover", "drop", "retake", "wipe"]), max_size=7))
def test_no_sequence_of_steps_packs_a_mark_on_what_is_covered_or_changes_an_original(
    signed_in: SignedIn, steps: list[str]
) -> None:
    from tests.unit.workflow.conftest import an_episode

    view = an_episode(signed_in)
    vault, operator, episode_id = signed_in.vault, signed_in.operator, view.episode.id
    take(signed_in, view, ShotKind.GENERAL)
    for step in steps:
        now = episodes.view_of(vault, episode_id)
        if step == "mark":
            mark(signed_in, view)
        elif step == "cover":
            cover(signed_in, view)
        elif step == "retake":
            take(signed_in, view, ShotKind.GENERAL)
        elif step == "wipe":
            deriving.wipe_covered(vault, operator, episode_id)
        elif general(now).wiped_at is None:
            deriving.drop_copy(vault, operator, episode_id, general(now).id, CopyKind.COVERED)
        after = episodes.view_of(vault, episode_id)
        base, *marks = after.packed(after.lesions[0])
        assert base is after.shown(general(after))
        assert all(one.derivation and one.derivation.base_id == base.id for one in marks)
        for one in (*after.captures, *after.copies):
            if one.wiped_at is None:
                data = vault.captures.image(one.id)
                assert hashlib.sha256(data).hexdigest() == one.sha256
    assert vault.captures.is_whole(episode_id)


def test_backup_restore_and_rescue_carry_the_copies(
    signed_in: SignedIn, view: EpisodeView, tmp_path: Path, recovery, packages: Path
) -> None:
    from dermstation.security.accounts import unlock_with_recovery
    from dermstation.vault.backup import Backup
    from dermstation.vault.restore import restore
    from dermstation.vault.salvage import salvage
    from dermstation.vault.store import Vault

    ready(signed_in, view)
    mark(signed_in, view)
    wanted = cover(signed_in, view, BOX, keep=False)
    backup = Backup(signed_in.vault, packages)
    while (progress := backup.step()).path is None:
        pass
    folder = signed_in.vault.folder
    signed_in.vault.close()
    restore(progress.path, tmp_path / "restored", recovery).close()
    keys = unlock_with_recovery(folder, recovery)
    salvage(folder, keys, tmp_path / "rescued")
    for where in ("restored", "rescued"):
        with Vault.open(
            tmp_path / where, unlock_with_recovery(tmp_path / where, recovery)
        ) as vault:
            found = episodes.view_of(vault, view.episode.id)
            assert found.copies == wanted.copies
            assert found.packed(found.lesions[0]) == wanted.packed(wanted.lesions[0])
            for one in found.packed(found.lesions[0]):
                assert vault.captures.image(one.id)


def test_pictures_of_every_route_and_form_are_the_covered_ones(
    signed_in: SignedIn, view: EpisodeView, packages: Path
) -> None:
    """DICOM, FHIR, the summary and the message know the copy, and only the copy."""
    from dermstation.handover.options import DeviceData, PackageOptions, Preset

    ready(signed_in, view, Route.ROUTINE)
    mark(signed_in, view, ARROW)
    cover(signed_in, view, BOX)
    made = packaging.make_package(
        signed_in.vault,
        signed_in.operator,
        view.episode.id,
        packages,
        Practice("Test", device=DeviceData("Maker", "Model", "1")),
        options=PackageOptions(Preset.GP_SYSTEM, dicom=True, fhir=True),
    )
    folder = Path(made.package.folder)
    assert verify_package(folder) == ()
    import pydicom

    covered_file = pydicom.dcmread(folder / "L1-general.dcm")
    marked_file = pydicom.dcmread(folder / "L1-general-2.dcm")
    assert covered_file.ImageType[0] == marked_file.ImageType[0] == "DERIVED"
    assert "covered" in covered_file.DerivationDescription
    assert covered_file.ImageComments == "L1 General, covered copy"
    assert marked_file.ImageComments == "L1 General, marked and covered copy"
    for one in (covered_file, marked_file):
        pixels = one.pixel_array
        height, width = pixels.shape[:2]
        inner = pixels[
            int(0.44 * height) : int(0.48 * height), int(0.3 * width) : int(0.36 * width)
        ]
        assert np.ptp(inner.reshape(-1, 3), axis=0).max() <= 8
    xml = (folder / "referral.xml").read_text("utf-8")
    assert "General, covered copy" in xml
    assert "General, marked and covered copy" in xml


def test_all_standard_shots_can_be_marked(signed_in: SignedIn, view: EpisodeView) -> None:
    ready(signed_in, view)
    for shot in STANDARD_SHOTS:
        after = mark(signed_in, view, shot=shot)
    assert len(after.packed(after.lesions[0])) == 6
    assert capturing.previews(signed_in.vault, after).trouble is None
