"""Every record of the domain comes back as it went in, and each table keeps its rule."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlcipher3 import dbapi2

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.identity import NhsNumber, Patient
from dermstation.domain.records import (
    Certificate,
    Consent,
    ConsentForm,
    Operator,
    Role,
    WipedItem,
    new_id,
    now,
)
from dermstation.domain.routes import Route
from dermstation.domain.states import EpisodeEvent, EpisodeState
from dermstation.vault import columns


def test_operators(vault, home):
    assert vault.operators.all() == (home.operator,)
    nurse = Operator(new_id(), "Zoe Test Nurse", Role.NURSE)
    vault.operators.save(nurse)
    vault.operators.save(replace(nurse, role=Role.ADMINISTRATOR))
    assert vault.operators.get(nurse.id).role is Role.ADMINISTRATOR
    assert len(vault.operators.all()) == 2
    with pytest.raises(LookupError):
        vault.operators.get("nobody")


def test_patients(vault, samples):
    patient = samples.patient()
    vault.patients.save(patient)
    assert vault.patients.get(patient.id) == patient
    assert vault.patients.find_by_nhs_number(patient.nhs_number) == patient
    assert vault.patients.find_by_nhs_number(NhsNumber("9990000123")) is None
    corrected = replace(patient, family_name="O\u2019Test-\u0141\u00f3d\u017a")
    vault.patients.save(corrected)
    assert vault.patients.get(patient.id) == corrected
    with pytest.raises(LookupError):
        vault.patients.get("nobody")


def test_one_nhs_number_belongs_to_one_patient(vault, samples):
    patient = samples.patient()
    vault.patients.save(patient)
    with pytest.raises(dbapi2.IntegrityError) as caught:
        vault.patients.save(replace(patient, id=new_id()))
    assert patient.nhs_number.digits not in str(caught.value)


def test_episodes_with_consent_and_route(vault, samples):
    patient = samples.patient()
    vault.patients.save(patient)
    episode = samples.episode(patient)
    vault.episodes.save(episode)
    assert vault.episodes.get(episode.id) == episode
    consent = Consent(True, ConsentForm.VERBAL, False, now(), samples.operator_id)
    fuller = replace(episode, consent=consent, route=Route.RADS, question="Is this a naevus?")
    vault.episodes.save(fuller)
    assert vault.episodes.get(episode.id) == fuller
    with pytest.raises(LookupError):
        vault.episodes.get("none")


def test_an_episode_needs_its_patient(vault, samples):
    with pytest.raises(dbapi2.IntegrityError):
        vault.episodes.save(samples.episode(samples.patient()))


def test_a_state_changes_through_the_domain_alone(vault, samples):
    patient = samples.patient()
    vault.patients.save(patient)
    episode = samples.episode(patient)
    vault.episodes.save(episode)
    with pytest.raises(StationError) as caught:
        vault.episodes.save(replace(episode, state=EpisodeState.HANDED_OVER))
    assert caught.value.code is ErrorCode.STEP_NOT_ALLOWED
    with pytest.raises(StationError):
        vault.episodes.change_state(episode.id, EpisodeEvent.HANDED_OVER)
    changed = vault.episodes.change_state(episode.id, EpisodeEvent.SHOTS_COMPLETED)
    assert changed.state is EpisodeState.CAPTURED
    assert vault.episodes.get(episode.id) == changed


def test_unfinished_episodes_come_newest_first(vault, samples):
    patient = samples.patient()
    vault.patients.save(patient)
    start = now()
    opened = [samples.episode(patient, opened_at=start + timedelta(hours=n)) for n in (1, 3, 2)]
    for episode in opened:
        vault.episodes.save(episode)
    newest_first = [opened[1], opened[2], opened[0]]
    assert list(vault.episodes.unfinished()) == newest_first
    assert list(vault.episodes.of_patient(patient.id)) == newest_first


def test_lesions(vault, samples):
    _, episode, lesion, _ = samples.fill(vault, captures=0)
    second = replace(samples.lesion(episode, number=2), side=None, history="")
    vault.lesions.save(second)
    assert vault.lesions.of_episode(episode.id) == (lesion, second)
    changed = replace(lesion, history="Bleeds", site_code="36141000")
    vault.lesions.save(changed)
    assert vault.lesions.get(lesion.id) == changed
    with pytest.raises(dbapi2.IntegrityError):
        vault.lesions.save(samples.lesion(episode, number=2))


def test_packages_and_the_journal_of_their_files(vault, samples, tmp_path):
    _, episode, _, _ = samples.fill(vault, captures=0)
    package = samples.package(episode, tmp_path)
    vault.packages.save(package)
    paths = [tmp_path / "L1-general.jpg", tmp_path / "summary.pdf"]
    for path in [*paths, paths[0]]:
        vault.packages.note_file(package.id, path)
    assert list(vault.packages.files(package.id)) == paths
    paths[0].write_bytes(b"image")
    written = replace(samples.package(episode, tmp_path, paths[:1]), id=package.id)
    written = replace(written, created_at=package.created_at, verified_at=now())
    vault.packages.save(written)
    assert vault.packages.verified((episode.id,)) == (written,)
    assert list(vault.packages.files(package.id)) == paths
    vault.packages.drop(package.id)
    assert vault.packages.verified() == vault.packages.half_written() == ()
    assert vault.packages.files(package.id) == ()


def test_a_file_is_noted_for_a_saved_package_alone_and_at_once(vault, samples, tmp_path):
    _, episode, _, _ = samples.fill(vault, captures=0)
    with pytest.raises(dbapi2.IntegrityError):
        vault.packages.note_file(new_id(), tmp_path / "file")
    package = samples.package(episode, tmp_path)
    vault.packages.save(package)
    with pytest.raises(RuntimeError), vault.transaction():
        vault.packages.note_file(package.id, tmp_path / "file")


def test_hand_overs(vault, samples):
    _, episode, _, _ = samples.fill(vault, captures=0)
    hand_over = samples.hand_over()
    vault.hand_overs.save(episode.id, replace(hand_over, in_ers=False))
    vault.hand_overs.save(episode.id, hand_over)
    (stored,) = vault._database.values("SELECT hand_over FROM hand_overs")
    assert columns.to_hand_over(stored) == hand_over


def test_certificates(vault, samples):
    items = (
        WipedItem("capture", new_id(), "ab" * 32, "overwritten", True),
        WipedItem("package file", "file", None, "overwritten", False),
    )
    older = Certificate(
        new_id(), new_id(), items, samples.hand_over(), now(), now(), "op", "handed over"
    )
    newer = replace(older, id=new_id(), hand_over=None, items=items[:1], finished_at=now())
    vault.certificates.save(older)
    vault.certificates.save(newer)
    assert vault.certificates.all() == (newer, older)


def test_drafts(vault, samples):
    assert vault.drafts.get("patient form") is None
    vault.drafts.put("patient form", {"name": "Tes", "lesions": [1, None, True]})
    vault.drafts.put("patient form", {"name": "Test\u00e9"})
    assert vault.drafts.get("patient form") == {"name": "Test\u00e9"}
    vault.drafts.drop("patient form")
    assert vault.drafts.get("patient form") is None


def test_everything_is_there_after_opening_again(home, samples, tmp_path):
    with home.open() as vault:
        patient, episode, lesion, saved = samples.fill(vault)
        vault.drafts.put("half", {"typed": True}, episode_id=episode.id)
    with home.open() as vault:
        assert vault.patients.get(patient.id) == patient
        assert vault.episodes.unfinished() == (episode,)
        assert vault.lesions.of_episode(episode.id) == (lesion,)
        assert {one.id for one in vault.captures.of_episode(episode.id)} == set(saved)
        assert vault.drafts.get("half") == {"typed": True}


def test_several_saves_can_be_one_commit(vault, samples):
    patient = samples.patient()
    with pytest.raises(KeyError), vault.transaction():  # noqa: PT012
        vault.patients.save(patient)
        vault.episodes.save(samples.episode(patient))
        raise KeyError
    assert vault.patients.find_by_nhs_number(patient.nhs_number) is None
    assert vault.episodes.unfinished() == ()


def test_instants_are_kept_in_utc_and_sort_as_text():
    summer = timezone(timedelta(hours=1))
    instant = datetime(2026, 7, 1, 9, 30, tzinfo=summer)
    assert columns.from_instant(instant) == "2026-07-01T08:30:00.000000+00:00"
    assert columns.to_instant(columns.from_instant(instant)) == instant
    assert columns.to_instant(columns.from_instant(instant)).tzinfo is UTC
    with pytest.raises(ValueError, match="time zone"):
        columns.from_instant(datetime(2026, 7, 1))  # noqa: DTZ001


def test_no_repr_of_the_vault_tells_identity(vault, samples):
    patient, *_ = samples.fill(vault, captures=0)
    assert isinstance(patient, Patient)
    assert (
        patient.family_name
        not in f"{vault!r} {vault.patients!r} {vault.patients.get(patient.id)!r}"
    )
