"""The chain of the audit: what is recorded, and what verification says of tampering."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlcipher3 import dbapi2

from dermstation.domain.audit import AuditEvent, AuditFault, AuditFinding
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import HandOver, now
from dermstation.security.keyfile import read_key_file, write_key_file
from dermstation.vault.audit import AuditFilter
from dermstation.vault.connection import INDEX_PRAGMAS, Database


def events(vault):
    return [entry.event for entry in reversed(vault.audit.entries())]


def verified(home):
    with home.open() as vault:
        return vault.audit.verify()


def tamper(home, *statements):
    """Do what somebody does who has the index's key and a SQLCipher shell."""
    database = Database(home.folder / "vault.db", [home.keys().current], INDEX_PRAGMAS)
    database.change("DROP TRIGGER audit_is_never_changed")
    database.change("DROP TRIGGER audit_is_never_cut")
    for statement in statements:
        assert database.change(statement)
    database.close()


def fill(home, samples):
    with home.open() as vault:
        vault.audit.acting = home.operator.id
        return samples.fill(vault)


def test_what_happens_to_an_episode_is_recorded_with_its_ids(home, vault, samples):
    vault.audit.acting = home.operator.id
    _, episode, _, saved = samples.fill(vault, captures=1)
    (capture_id,) = saved
    vault.captures.image(capture_id)
    vault.captures.image(capture_id)
    samples.hand_on(vault, episode)
    confirmed = HandOver(True, True, now(), home.operator.id)
    vault.hand_overs.save(episode.id, confirmed)
    pending = vault.wiping.begin(
        episode.id, wiped_by=home.operator.id, hand_over=confirmed, reason="handed over"
    )
    vault.wiping.remove_episode_file(pending.id)
    vault.wiping.finish(pending.id)
    assert events(vault) == [
        AuditEvent.OPERATOR_ADDED,
        AuditEvent.EPISODE_OPENED,
        AuditEvent.CAPTURED,
        AuditEvent.VIEWED,  # once an opening
        AuditEvent.HANDED_OVER,
        AuditEvent.WIPE_BEGUN,
        AuditEvent.WIPED,
    ]
    captured = vault.audit.newest(AuditEvent.CAPTURED)
    assert (captured.episode_id, captured.subject) == (episode.id, capture_id)
    assert captured.operator_id == samples.operator_id
    assert captured.facts == {"shot": "dermoscopic", "verdict": "fair"}


def test_a_capture_used_with_a_reason_is_recorded_as_overridden(vault, samples):
    _, _, lesion, _ = samples.fill(vault, captures=0)
    image = samples.image()
    reason = "Test reason typed by a hand"
    vault.captures.save(samples.capture(lesion, image, override_reason=reason), image)
    entry = vault.audit.entries(most=1)[0]
    assert entry.event is AuditEvent.OVERRIDDEN
    assert reason not in str(entry)


def test_a_capture_saved_again_is_recorded_once(vault, samples):
    _, _, lesion, _ = samples.fill(vault, captures=0)
    image = samples.image()
    capture = samples.capture(lesion, image)
    vault.captures.save(capture, image)
    vault.captures.save(capture, image)
    assert events(vault).count(AuditEvent.CAPTURED) == 1


def test_nothing_of_a_patient_is_in_the_audit(vault, samples):
    patient, *_ = samples.fill(vault)
    stored = str([tuple(row) for row in vault._database.rows("SELECT * FROM audit")])
    assert "episode_opened" in stored
    for word in (patient.family_name, patient.given_name, patient.nhs_number.digits, "1958"):
        assert word not in stored


def test_what_is_rolled_back_is_not_recorded(vault, samples):
    before = vault.audit.count()
    with pytest.raises(RuntimeError), vault.transaction():  # noqa: PT012
        samples.fill(vault, captures=0)
        raise RuntimeError
    assert vault.audit.count() == before


def test_entries_are_found_by_event_operator_episode_and_time(vault, samples):
    _, one, _, _ = samples.fill(vault, which=0)
    _, other, _, _ = samples.fill(vault, which=1)
    vault.audit.append(AuditEvent.LOCKED, operator_id="b" * 32)
    audit = vault.audit
    assert {entry.episode_id for entry in audit.entries(AuditFilter(episode_id=one.id))} == {one.id}
    assert len(audit.entries(AuditFilter(events=(AuditEvent.EPISODE_OPENED,)))) == 2
    assert len(audit.entries(AuditFilter(operator_id="b" * 32))) == 1
    later = now() + timedelta(seconds=1)
    assert audit.entries(AuditFilter(since=later)) == ()
    assert len(audit.entries(AuditFilter(until=later))) == audit.count()
    assert [entry.number for entry in audit.entries(most=2)] == [audit.count(), audit.count() - 1]
    assert other.id != one.id


def test_the_table_itself_refuses_changes(vault, samples):
    samples.fill(vault)
    for statement in ("UPDATE audit SET at = ''", "DELETE FROM audit"):
        with pytest.raises(dbapi2.IntegrityError):
            vault._database.change(statement)


def test_an_audit_that_nobody_touched_verifies(home, samples):
    fill(home, samples)
    with home.open() as vault:
        vault.rotate_index_key()
        samples.fill(vault, which=1)
    assert verified(home) == ()


@pytest.mark.parametrize(
    "column", ["at", "event", "operator_id", "episode_id", "subject", "facts", "keys_generation"]
)
def test_a_changed_entry_is_named(home, samples, column):
    fill(home, samples)
    value = "7" if column == "keys_generation" else "'locked'" if column == "event" else "'{}'"
    if column == "at":
        value = "'2026-01-01T00:00:00.000000+00:00'"
    tamper(home, f"UPDATE audit SET {column} = {value} WHERE number = 3")
    assert verified(home) == (AuditFinding(AuditFault.CHANGED, 3, 3),)


def test_entries_cut_out_are_named(home, samples):
    fill(home, samples)
    tamper(home, "DELETE FROM audit WHERE number = 2")
    assert verified(home) == (AuditFinding(AuditFault.CUT_OUT, 2, 2),)


@pytest.mark.expects_log("an old copy was put back: index_older")
def test_numbers_closed_up_after_a_cut_do_not_hide_it(home, samples):
    fill(home, samples)
    with home.open() as vault:
        count = vault.audit.count()
    tamper(
        home,
        "DELETE FROM audit WHERE number = 2",
        *(f"UPDATE audit SET number = {n - 1} WHERE number = {n}" for n in range(3, count + 1)),
    )
    faults = {finding.fault for finding in verified(home)}
    assert {AuditFault.CHANGED, AuditFault.CUT_OFF} <= faults


@pytest.mark.expects_log("an old copy was put back: index_older")
def test_entries_cut_off_at_the_end_are_named(home, samples):
    fill(home, samples)
    with home.open() as vault:
        count = vault.audit.count()
    tamper(home, f"DELETE FROM audit WHERE number > {count - 2}")
    assert verified(home) == (AuditFinding(AuditFault.CUT_OFF, count - 1, count),)


@pytest.mark.expects_log("an old copy was put back: index_other")
def test_an_anchor_that_was_forged_is_named(home, samples):
    fill(home, samples)
    content = read_key_file(home.folder)
    forged = replace(content.anchor, count=content.anchor.count - 1)
    newer = replace(content, generation=content.generation + 1, anchor=forged)
    write_key_file(home.folder, newer, [home.keys().current])
    assert AuditFault.ANCHOR_CHANGED in {finding.fault for finding in verified(home)}


def test_an_anchor_that_could_not_be_written_is_made_up_for(home, samples, monkeypatch, caplog):
    def refuse(*_args, **_named):
        raise StationError(ErrorCode.VAULT_DISK_FULL)

    with home.open() as vault:
        with monkeypatch.context() as patch:
            patch.setattr(vault.key_files, "write_anchor", refuse)
            patch.setattr("dermstation.vault.audit.log.warning", lambda *_: None)
            samples.fill(vault)
        assert read_key_file(home.folder).anchor.count < vault.audit.count()
    # as after a crash at that moment
    assert verified(home) == ()
    with home.open() as vault:
        samples.fill(vault, which=1)
        vault.settle()
        assert read_key_file(home.folder).anchor.count == vault.audit.count()
    assert verified(home) == ()


def test_a_capture_is_anchored_after_it_is_saved_and_by_the_close_at_the_latest(home, samples):
    with home.open() as vault:
        _, _, lesion, _ = samples.fill(vault, captures=0)
        before = read_key_file(home.folder).anchor
        image = samples.image()
        vault.captures.save(samples.capture(lesion, image), image)
        assert read_key_file(home.folder).anchor == before
        count = vault.audit.count()
        assert count == before.count + 1
    assert read_key_file(home.folder).anchor.count == count
    assert verified(home) == ()


def test_whatever_is_recorded_next_anchors_the_captures_before_it(home, samples):
    with home.open() as vault:
        samples.fill(vault)
        vault.audit.append(AuditEvent.LOCKED)
        assert read_key_file(home.folder).anchor.count == vault.audit.count()
