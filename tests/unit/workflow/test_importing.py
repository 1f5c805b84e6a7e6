"""A card's picture is stored as it is, once, and by the rules of any capture."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from dermstation.camera.card.places import CardPlace
from dermstation.camera.card.reader import CardReader
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.quality import Verdict
from dermstation.domain.records import CaptureOrigin, ConsentForm, MediaType, TimeSource
from dermstation.domain.shots import ShotKind
from dermstation.workflow import wiping
from dermstation.workflow.episodes import record_consent, view_of
from dermstation.workflow.importing import (
    Known,
    card_state,
    copies_left,
    import_picture,
)
from dermstation.workflow.unlocking import SignedIn
from dermstation.workflow.walk import EpisodeView
from tests.unit.camera.card.samples import name
from tests.unit.workflow.imports import SHOT, imported, looked_at, second_episode


def test_the_picture_is_stored_byte_for_byte_with_how_it_came(
    signed_in: SignedIn, view: EpisodeView, reader: CardReader, place: CardPlace
) -> None:
    capture = imported(signed_in, view, looked_at(reader, place, view))
    original = (Path(place.path) / name(1)).read_bytes()
    assert signed_in.vault.captures.image(capture.id) == original
    assert signed_in.vault.captures.get(capture.id) == capture
    assert capture.sha256 == hashlib.sha256(original).hexdigest()
    assert (capture.media_type, capture.camera) == (MediaType.JPEG, "Testcam T100")
    assert capture.details.origin is CaptureOrigin.CARD
    assert capture.details.camera_bytes is True
    assert capture.details.orientation == 1
    assert capture.details.time_source in TimeSource
    assert view_of(signed_in.vault, view.episode.id).chosen(view.lesions[0])[SHOT] == capture


def test_a_poor_picture_needs_a_reason(
    signed_in: SignedIn, view: EpisodeView, reader: CardReader, place: CardPlace
) -> None:
    poor = looked_at(reader, place, view, verdict=Verdict.POOR)
    for reason in (None, "  "):
        with pytest.raises(StationError) as trouble:
            import_picture(signed_in.vault, poor, view.lesions[0], signed_in.operator, reason)
        assert trouble.value.code is ErrorCode.OVERRIDE_REASON_MISSING
    used = import_picture(signed_in.vault, poor, view.lesions[0], signed_in.operator, "The best")
    assert used.override_reason == "The best"


def test_consent_and_lesion_are_those_of_the_review(
    signed_in: SignedIn, view: EpisodeView, reader: CardReader, place: CardPlace
) -> None:
    chosen = looked_at(reader, place, view)
    other = replace(view.lesions[0], id="0" * 32)
    with pytest.raises(StationError) as trouble:
        import_picture(signed_in.vault, chosen, other, signed_in.operator, None)
    assert trouble.value.code is ErrorCode.STEP_NOT_ALLOWED
    record_consent(
        signed_in.vault,
        signed_in.operator,
        view.episode.id,
        given=False,
        form=ConsentForm.VERBAL,
        secondary_use=False,
    )
    with pytest.raises(StationError) as trouble:
        imported(signed_in, view, chosen)
    assert trouble.value.code is ErrorCode.CONSENT_MISSING
    assert not signed_in.vault.card_files.left()


def test_the_same_content_is_not_imported_twice(
    signed_in: SignedIn, view: EpisodeView, reader: CardReader, place: CardPlace
) -> None:
    (Path(place.path) / name(9)).write_bytes((Path(place.path) / name(1)).read_bytes())
    imported(signed_in, view, looked_at(reader, place, view))
    for shot in (SHOT, ShotKind.GENERAL):
        with pytest.raises(StationError) as trouble:
            imported(signed_in, view, looked_at(reader, place, view, 9, shot))
        assert trouble.value.code is ErrorCode.CARD_PICTURE_KNOWN
        assert trouble.value.facts["where"] == "for this patient"
    assert len(signed_in.vault.captures.of_episode(view.episode.id)) == 1


def test_an_import_tried_again_is_the_same_capture(
    signed_in: SignedIn, view: EpisodeView, reader: CardReader, place: CardPlace
) -> None:
    chosen = looked_at(reader, place, view)
    assert imported(signed_in, view, chosen) == imported(signed_in, view, chosen)
    assert len(signed_in.vault.captures.of_episode(view.episode.id)) == 1


def test_a_picture_put_under_a_wrong_shot_can_be_used_once_it_is_replaced(
    signed_in: SignedIn, view: EpisodeView, reader: CardReader, place: CardPlace
) -> None:
    imported(signed_in, view, looked_at(reader, place, view, 1, ShotKind.GENERAL))
    imported(signed_in, view, looked_at(reader, place, view, 2, ShotKind.GENERAL))
    used = imported(signed_in, view, looked_at(reader, place, view, 1, SHOT))
    found = view_of(signed_in.vault, view.episode.id).chosen(view.lesions[0])
    assert found[SHOT] == used
    assert len(copies_left(signed_in.vault, view.episode.id)) == 3


def test_another_patient_s_picture_is_refused_and_a_wiped_one_is_marked(
    signed_in: SignedIn, view: EpisodeView, reader: CardReader, place: CardPlace
) -> None:
    chosen = looked_at(reader, place, view)
    sha256 = chosen.picture.sha256
    imported(signed_in, view, chosen)
    second = second_episode(signed_in)
    state = card_state(signed_in.vault, second.episode.id, {sha256})
    assert state.known == {sha256: Known.ELSEWHERE}
    assert state.copies == ()
    with pytest.raises(StationError) as trouble:
        imported(signed_in, second, looked_at(reader, place, second))
    assert trouble.value.facts["where"] == "in another episode"
    wiping.abandon(signed_in.vault, signed_in.operator, view.episode.id)
    state = card_state(signed_in.vault, second.episode.id, {sha256})
    assert state.known == {sha256: Known.WIPED}
    imported(signed_in, second, looked_at(reader, place, second))


def test_a_picture_that_cannot_be_read_back_is_not_imported(
    signed_in: SignedIn, view: EpisodeView, reader: CardReader, place: CardPlace, monkeypatch
) -> None:
    monkeypatch.setattr(signed_in.vault.captures, "image", lambda _id: b"another picture")
    with pytest.raises(StationError) as trouble:
        imported(signed_in, view, looked_at(reader, place, view))
    assert trouble.value.code is ErrorCode.CARD_NOT_VERIFIED


def test_the_note_of_an_interrupted_import_is_dropped(
    signed_in: SignedIn, view: EpisodeView, reader: CardReader, place: CardPlace, monkeypatch
) -> None:
    full = StationError(ErrorCode.VAULT_DISK_FULL)

    def no_room(*_: object) -> None:
        raise full

    monkeypatch.setattr(signed_in.vault.captures, "save", no_room)
    with pytest.raises(StationError):
        imported(signed_in, view, looked_at(reader, place, view))
    assert len(signed_in.vault.card_files.left()) == 1
    assert copies_left(signed_in.vault, view.episode.id) == ()
    assert signed_in.vault.card_files.left() == ()
