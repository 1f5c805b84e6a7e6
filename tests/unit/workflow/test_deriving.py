"""A copy is a separate capture: the original stays, and nothing shows a covered area."""

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from dermstation.commands.verify_package import _run as verify_run
from dermstation.domain.audit import AuditEvent
from dermstation.domain.copies import CopyKind, Shape
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import CaptureDetails, MediaType
from dermstation.domain.shots import ShotKind
from dermstation.handover.verify import copies_in, verify_package
from dermstation.imaging.codec import decode, encode_jpeg
from dermstation.workflow import deriving, episodes
from dermstation.workflow.unlocking import SignedIn
from dermstation.workflow.walk import EpisodeView
from tests.pictures import exif_bytes, with_exif
from tests.unit.workflow.conftest import ready, take
from tests.unit.workflow.derived import (
    ARROW,
    BOX,
    OVAL,
    RING,
    cover,
    draw,
    events,
    general,
    mark,
    names,
    packed,
    the_face_shows,
)


class TestMarked:
    def test_the_original_is_not_changed_and_is_sent_beside_the_copy(
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
        said = " ".join(text.split())
        assert said.count("The arrow or ring was drawn on this copy.") == 1
        assert said.count("(marked copy)") == 1
        assert said.index("L1-general-2.jpg (marked copy)") > said.index("drawn on this copy")

    def test_a_mark_drawn_again_replaces_the_earlier_one(
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

    def test_a_removed_mark_is_not_sent(self, signed_in: SignedIn, view: EpisodeView) -> None:
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

    def test_a_retake_drops_the_mark_of_the_replaced_picture(
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
        data = with_exif(
            plain, exif_bytes(picture={0x013B: "Test Owner"}, thumbnail=plain[:50_000])
        )
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
