"""The audit for people to read: who may see it, its words, and the exported file."""

import csv
from dataclasses import replace

import pytest

from dermstation.domain.audit import AuditEvent, AuditFault, AuditFinding
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Operator, Role, new_id
from dermstation.settings import Settings
from dermstation.vault.audit import AuditFilter
from dermstation.workflow import auditing
from tests.unit.workflow.conftest import PATIENT, an_episode

ALL = AuditFilter()


@pytest.fixture
def administrator(signed_in):
    operator = replace(signed_in.operator, role=Role.ADMINISTRATOR)
    signed_in.vault.operators.save(operator)
    return operator


def test_every_event_and_fault_has_words():
    assert set(auditing.EVENT_WORDS) == set(AuditEvent)
    assert set(auditing.FAULT_WORDS) == set(AuditFault)
    for fault in AuditFault:
        assert "{" not in auditing.finding_words(AuditFinding(fault, 3, 5))


def test_only_an_administrator_looks_or_exports(signed_in, tmp_path):
    clinician = signed_in.operator
    for call in (
        lambda: auditing.look_at_audit(signed_in.vault, clinician, ALL, most=5),
        lambda: auditing.export_audit(signed_in.vault, clinician, ALL, tmp_path / "a.csv"),
    ):
        with pytest.raises(StationError) as caught:
            call()
        assert caught.value.code is ErrorCode.RIGHT_MISSING
    assert not (tmp_path / "a.csv").exists()


def test_the_newest_entries_are_shown_with_names_and_counted(signed_in, administrator):
    an_episode(signed_in)
    page = auditing.look_at_audit(signed_in.vault, administrator, ALL, most=2)
    assert len(page.entries) == 2
    assert page.count == signed_in.vault.audit.count()
    assert page.findings == ()
    assert page.who(page.entries[0]) == administrator.name
    assert auditing.who("", page.operators) == "The station"
    assert auditing.who("f" * 32, page.operators) == "Unknown"
    assert auditing.who(auditing.RECOVERY_KEY, page.operators) == "The recovery key"


def test_the_file_holds_each_entry_and_nothing_of_the_patient(signed_in, administrator, tmp_path):
    episode = an_episode(signed_in).episode
    path = tmp_path / "audit.csv"
    count = auditing.export_audit(signed_in.vault, administrator, ALL, path)
    text = path.read_text(encoding="utf-8-sig")
    for word in (PATIENT.family_name, PATIENT.nhs_number.digits, "1958"):
        assert word not in text
    rows = list(csv.DictReader(text.splitlines()))
    assert len(rows) == count
    opened = next(row for row in rows if row["event"] == "episode_opened")
    assert opened["episode_id"] == episode.id
    assert opened["operator"] == administrator.name
    exported = signed_in.vault.audit.newest(AuditEvent.AUDIT_EXPORTED)
    assert exported.facts == {"entries": count}


def test_a_name_cannot_become_a_formula(signed_in, administrator, tmp_path):
    odd = Operator(new_id(), "-Test", Role.NURSE)
    signed_in.vault.operators.save(odd)
    signed_in.vault.audit.append(AuditEvent.LOCKED, operator_id=odd.id)
    path = tmp_path / "audit.csv"
    auditing.export_audit(signed_in.vault, administrator, ALL, path)
    assert ",'-Test," in path.read_text(encoding="utf-8-sig")


def test_a_folder_that_cannot_be_written_is_reported(signed_in, administrator, tmp_path):
    with pytest.raises(StationError) as caught:
        auditing.export_audit(
            signed_in.vault, administrator, ALL, tmp_path / "absent" / "audit.csv"
        )
    assert caught.value.code is ErrorCode.EXPORT_FAILED


def test_changed_settings_are_recorded_by_name_once(signed_in):
    vault = signed_in.vault
    for settings in (Settings(), Settings(), replace(Settings(), lock_after_minutes=9)):
        auditing.note_settings(vault, settings)
    entries = vault.audit.entries(AuditFilter(events=(AuditEvent.POLICY_CHANGED,)))
    assert [entry.facts["changed"] for entry in entries] == [["lock_after_minutes"], []]
    assert auditing.facts_words(entries[0]) == "changed: lock_after_minutes"
