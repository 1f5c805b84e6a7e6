"""A card's picture is stored as it is, once, by the rules of any capture; then it may be erased."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dermstation.camera.card.pictures import EraseOutcome, Inspected
from dermstation.camera.card.places import CardPlace, folder_place
from dermstation.camera.card.reader import CardReader
from dermstation.domain.audit import AuditEvent
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.quality import Verdict
from dermstation.domain.records import CaptureOrigin, ConsentForm, MediaType, TimeSource, now
from dermstation.domain.shots import ShotKind
from dermstation.vault.wiping import CARD_COPY
from dermstation.workflow import card_erasing, wiping
from dermstation.workflow.card_erasing import erase_copies, on_this_card
from dermstation.workflow.episodes import TypedPatient, open_episode, record_consent, view_of
from dermstation.workflow.importing import (
    Candidate,
    Known,
    candidate,
    card_state,
    copies_left,
    import_picture,
)
from dermstation.workflow.jobs import Jobs
from dermstation.workflow.notices import outstanding_words
from dermstation.workflow.outstanding import outstanding
from dermstation.workflow.unlocking import SignedIn
from dermstation.workflow.walk import EpisodeView
from tests.unit.camera.card.plugged import Slot
from tests.unit.camera.card.samples import card, jpeg, name
from tests.unit.workflow.conftest import PATIENT
from tests.unit.workflow.samples import report

SHOT = ShotKind.CLOSEUP


@pytest.fixture(scope="module")
def reader() -> Iterator[CardReader]:
    with CardReader() as one:
        yield one


@pytest.fixture
def place(tmp_path: Path) -> CardPlace:
    return folder_place(card(tmp_path / "card", *(jpeg(seed=seed) for seed in range(3))))


class Here:
    """Jobs that run vault work at once, on the test's own thread, which opened the vault."""

    def on_vault(self, job, *args, **kwargs):
        from concurrent.futures import Future

        done = Future()
        try:
            done.set_result(job(*args, **kwargs))
        except StationError as trouble:
            done.set_exception(trouble)
        return done


JOBS: Jobs = Here()  # type: ignore[assignment]


def looked_at(
    reader: CardReader,
    place: CardPlace,
    view: EpisodeView,
    number: int = 1,
    shot: ShotKind = SHOT,
    *,
    verdict: Verdict = Verdict.GOOD,
    path: str = "",
) -> Candidate:
    picture: Inspected = reader.inspect(place.path, path or name(number), shot)
    judged = replace(picture, report=report(shot, verdict))
    return candidate(judged, place, shot, view.lesions[0].id, now())


def imported(signed_in: SignedIn, view: EpisodeView, chosen: Candidate):
    return import_picture(signed_in.vault, chosen, view.lesions[0], signed_in.operator, None)


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


def second_episode(signed_in: SignedIn) -> EpisodeView:
    from dermstation.domain.identity import NhsNumber
    from dermstation.workflow import episodes

    other = replace(PATIENT, nhs_number=NhsNumber.parse("9990000026"), family_name="Patient-Two")
    assert isinstance(other, TypedPatient)
    view = open_episode(signed_in.vault, signed_in.operator, other)
    record_consent(
        signed_in.vault,
        signed_in.operator,
        view.episode.id,
        given=True,
        form=ConsentForm.VERBAL,
        secondary_use=False,
    )
    return episodes.save_lesion(
        signed_in.vault,
        view.episode.id,
        lesion_id=None,
        site_code="41550009",
        side=None,
        history="",
    )


def erased(signed_in: SignedIn, reader: CardReader, place: CardPlace, view: EpisodeView):
    copies = copies_left(signed_in.vault, view.episode.id)
    paths = {file.path for file in reader.list_pictures(place.path).files}
    chosen = on_this_card(copies, place, paths)
    return erase_copies(JOBS, signed_in.vault, reader, place, chosen, operator=signed_in.operator)


def test_imported_pictures_are_erased_and_no_others(
    signed_in: SignedIn, view: EpisodeView, reader: CardReader, place: CardPlace
) -> None:
    imported(signed_in, view, looked_at(reader, place, view, 1))
    imported(signed_in, view, looked_at(reader, place, view, 2, ShotKind.GENERAL))
    outcomes = erased(signed_in, reader, place, view)
    assert [one.outcome for one in outcomes] == [EraseOutcome.ERASED] * 2
    assert {path.name for path in Path(place.path).rglob("*.JPG")} == {"IMG_0003.JPG"}
    assert copies_left(signed_in.vault, view.episode.id) == ()
    entry = signed_in.vault.audit.newest(AuditEvent.ERASED_FROM_CARD)
    assert entry is not None
    assert (entry.episode_id, entry.subject) == (
        view.episode.id,
        outcomes[-1].copy.capture_id,
    )
    assert "IMG" not in str(entry.facts)


def test_a_picture_that_is_not_verified_is_never_erased(
    signed_in: SignedIn, view: EpisodeView, reader: CardReader, place: CardPlace, monkeypatch
) -> None:
    imported(signed_in, view, looked_at(reader, place, view))
    changed = StationError(ErrorCode.CAPTURE_CHANGED)

    def damaged(_capture_id: str) -> bytes:
        raise changed

    monkeypatch.setattr(signed_in.vault.captures, "image", damaged)
    (one,) = erased(signed_in, reader, place, view)
    assert one.outcome is None
    assert not one.is_off
    assert (Path(place.path) / name(1)).is_file()
    monkeypatch.setattr(signed_in.vault.captures, "image", lambda _id: b"another picture")
    (one,) = erased(signed_in, reader, place, view)
    assert one.outcome is None
    assert (Path(place.path) / name(1)).is_file()


def test_a_picture_that_cannot_be_read_back_is_not_imported(
    signed_in: SignedIn, view: EpisodeView, reader: CardReader, place: CardPlace, monkeypatch
) -> None:
    monkeypatch.setattr(signed_in.vault.captures, "image", lambda _id: b"another picture")
    with pytest.raises(StationError) as trouble:
        imported(signed_in, view, looked_at(reader, place, view))
    assert trouble.value.code is ErrorCode.CARD_NOT_VERIFIED


def test_a_picture_that_changed_on_the_card_stays_and_is_not_forgotten(
    signed_in: SignedIn, view: EpisodeView, reader: CardReader, place: CardPlace
) -> None:
    imported(signed_in, view, looked_at(reader, place, view))
    (Path(place.path) / name(1)).write_bytes(jpeg(seed=50))
    (one,) = erased(signed_in, reader, place, view)
    assert one.outcome is EraseOutcome.CHANGED
    assert len(copies_left(signed_in.vault, view.episode.id)) == 1


def test_an_interrupted_erasing_is_settled_by_the_next_one(
    signed_in: SignedIn, view: EpisodeView, reader: CardReader, place: CardPlace, monkeypatch
) -> None:
    imported(signed_in, view, looked_at(reader, place, view))

    def erase_and_die(*order: str) -> EraseOutcome:
        CardReader.erase(reader, *order)
        raise KeyboardInterrupt

    monkeypatch.setattr(reader, "erase", erase_and_die)
    with pytest.raises(KeyboardInterrupt):
        erased(signed_in, reader, place, view)
    monkeypatch.undo()
    (copy,) = copies_left(signed_in.vault, view.episode.id)
    assert copy.method == card_erasing.BEGUN
    (one,) = erased(signed_in, reader, place, view)
    assert one.outcome is EraseOutcome.GONE
    assert copies_left(signed_in.vault, view.episode.id) == ()


def test_another_card_settles_nothing(
    signed_in: SignedIn,
    view: EpisodeView,
    reader: CardReader,
    place: CardPlace,
    tmp_path: Path,
) -> None:
    imported(signed_in, view, looked_at(reader, place, view))
    other = folder_place(card(tmp_path / "other"))
    assert erased(signed_in, reader, other, view) == ()
    assert len(copies_left(signed_in.vault, view.episode.id)) == 1


def test_the_certificate_lists_the_outcome_for_pictures_on_the_card(
    signed_in: SignedIn, view: EpisodeView, reader: CardReader, place: CardPlace
) -> None:
    imported(signed_in, view, looked_at(reader, place, view, 1))
    erased(signed_in, reader, place, view)
    imported(signed_in, view, looked_at(reader, place, view, 2, ShotKind.GENERAL))
    certificate = wiping.abandon(signed_in.vault, signed_in.operator, view.episode.id)
    items = [item for item in certificate.items if item.kind == CARD_COPY]
    assert [item.removed for item in items] == [True, False]
    assert not any("IMG" in item.reference for item in items)
    assert not certificate.complete
    assert signed_in.vault.card_files.of_episode(view.episode.id) == ()


def test_pictures_still_on_a_card_are_outstanding(
    signed_in: SignedIn, view: EpisodeView, reader: CardReader, place: CardPlace
) -> None:
    imported(signed_in, view, looked_at(reader, place, view, 1))
    found = outstanding(signed_in.vault, signed_in.operator)
    assert found.on_cards == 1
    words = outstanding_words(found.files_left, len(found.damaged), on_cards=found.on_cards)
    assert "still on a memory card: 1" in str(words)
    erased(signed_in, reader, place, view)
    assert outstanding(signed_in.vault, signed_in.operator).on_cards == 0


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


@pytest.fixture
def slot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Slot:
    root = card(tmp_path / "EOS", *(jpeg(seed=seed) for seed in range(3)))
    return Slot(tmp_path / "sys", root, monkeypatch)


@pytest.mark.skipif("sys.platform == 'win32'", reason="reads Linux's sysfs")
@pytest.mark.parametrize("says", ["nothing", "error"])
def test_a_card_pulled_while_it_is_erased_keeps_its_pictures_in_mind(
    signed_in: SignedIn, view: EpisodeView, reader: CardReader, slot: Slot, says: str
) -> None:
    for number, shot in enumerate((SHOT, ShotKind.GENERAL, ShotKind.LATERAL), start=1):
        imported(signed_in, view, looked_at(reader, slot.place, view, number, shot))
    copies = copies_left(signed_in.vault, view.episode.id)

    def progress(done: int) -> None:
        if done == 1:
            slot.pull()
            if says == "nothing":  # as FAT does
                root = Path(slot.place.path)
                root.rename(root.with_name("out"))
                card(root)

    vault, operator = signed_in.vault, signed_in.operator
    outcomes = erase_copies(
        JOBS, vault, reader, slot.place, copies, operator=operator, progress=progress
    )
    assert [one.outcome for one in outcomes] == [
        EraseOutcome.ERASED,
        EraseOutcome.FAILED,
        EraseOutcome.FAILED,
    ]
    assert copies_left(signed_in.vault, view.episode.id) == tuple(
        one.copy for one in outcomes if not one.is_off
    )
    assert outstanding(signed_in.vault, signed_in.operator).on_cards == 2
    certificate = wiping.abandon(signed_in.vault, signed_in.operator, view.episode.id)
    items = [item for item in certificate.items if item.kind == CARD_COPY]
    assert [item.removed for item in items] == [True, False, False]


def test_a_half_erased_picture_is_settled_by_its_own_card_alone(
    signed_in: SignedIn, view: EpisodeView, reader: CardReader, place: CardPlace
) -> None:
    here = replace(place, device="/dev/sdx1", serial="12AB-34CD")
    imported(signed_in, view, looked_at(reader, here, view))
    (copy,) = copies_left(signed_in.vault, view.episode.id)
    begun = (replace(copy, method=card_erasing.BEGUN),)
    assert on_this_card(begun, here, ()) == begun
    for serial in ("0000-0000", ""):  # a second card with the same label, or one that is not known
        assert on_this_card(begun, replace(here, serial=serial), ()) == ()
    unknown = (replace(begun[0], serial=""),)
    assert on_this_card(unknown, replace(here, serial=""), ()) == ()
