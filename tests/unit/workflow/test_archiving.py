"""Pictures on their way to the archive: nothing is wiped that was not given back equal."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pydicom
import pytest
from pypdf import PdfReader

from dermstation.archive.couriers import courier_of
from dermstation.archive.delivery import deliver
from dermstation.domain.audit import AuditEvent
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.outgoing import OutgoingState, next_try
from dermstation.domain.records import Role, now
from dermstation.domain.shots import STANDARD_SHOTS
from dermstation.domain.states import EpisodeState
from dermstation.handover.options import DeviceData
from dermstation.handover.pdf_certificate import certificate_pdf
from dermstation.security import accounts
from dermstation.vault.store import Vault
from dermstation.workflow import archiving, package_files, packaging, wiping
from dermstation.workflow.archive_standing import standing_of, standings
from dermstation.workflow.package_choice import Practice
from dermstation.workflow.unlocking import SignedIn
from dermstation.workflow.walk import EpisodeView
from tests.archive.lying_server import LyingServer
from tests.unit.workflow.conftest import PASSPHRASE, pack
from tests.unit.workflow.packing import code_of

PRACTICE = Practice("Test Practice", device=DeviceData("Test Maker", "Test Scope", "TS-1"))
HOST = "archive.example"
OBJECTS = len(STANDARD_SHOTS)
LATER = timedelta(hours=2)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[LyingServer]:
    made = LyingServer(tmp_path / "server")
    yield made
    made.close()


@pytest.fixture
def packed(signed_in: SignedIn, view: EpisodeView, packages: Path) -> EpisodeView:
    return pack(signed_in, view, packages)


def queue(signed_in: SignedIn, packed: EpisodeView, practice: Practice = PRACTICE) -> None:
    archiving.queue(signed_in.vault, signed_in.operator, packed.episode.id, practice)


def send(
    signed_in: SignedIn, server: LyingServer, practice: Practice = PRACTICE
) -> StationError | None:
    with courier_of(server.access(), "") as courier:
        return archiving.send_due(
            signed_in.vault, signed_in.operator, practice, courier, archive=HOST
        )


def make_due(vault: Vault) -> None:
    """Let the time of each next try pass."""
    rows = [replace(one, next_try_at=now() - LATER) for one in vault.outgoing.all()]
    vault.outgoing.put(one for one in rows if one.state is OutgoingState.QUEUED)


def hand_over(signed_in: SignedIn, packed: EpisodeView):
    return wiping.hand_over(
        signed_in.vault, signed_in.operator, packed.episode.id, in_record=True, in_ers=True
    )


def states(signed_in: SignedIn, packed: EpisodeView) -> set[OutgoingState]:
    return {one.state for one in signed_in.vault.outgoing.of_episode(packed.episode.id)}


def test_what_is_proven_is_handed_over_and_the_certificate_says_so(
    signed_in, packed, server
) -> None:
    queue(signed_in, packed)
    assert states(signed_in, packed) == {OutgoingState.QUEUED}
    assert code_of(hand_over, signed_in, packed) is ErrorCode.ARCHIVE_NOT_PROVEN
    assert send(signed_in, server) is None
    assert states(signed_in, packed) == {OutgoingState.PROVEN}
    certificate = hand_over(signed_in, packed)
    proof = certificate.hand_over.archived
    assert (proof.archive, proof.objects) == (HOST, OBJECTS)
    assert signed_in.vault.certificates.all() == (certificate,)
    pages = PdfReader(BytesIO(certificate_pdf(certificate, "Test Nurse"))).pages
    words = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert f"{HOST}: {OBJECTS} DICOM objects read back and found equal" in words
    assert signed_in.vault.outgoing.of_episode(packed.episode.id) == ()
    events = [one.event for one in signed_in.vault.audit.entries()]
    assert events.count(AuditEvent.ARCHIVE_QUEUED) == 1
    assert events.count(AuditEvent.ARCHIVE_PROVEN) == 1


def test_an_episode_that_does_not_go_to_the_archive_is_handed_over_as_ever(
    signed_in, packed
) -> None:
    assert hand_over(signed_in, packed).hand_over.archived is None


def test_an_archive_that_forgets_keeps_the_wipe_back(signed_in, packed, server) -> None:
    """It says 200, as Orthanc does without its database: the only copy would be wiped."""
    queue(signed_in, packed)
    server.stored_as = lambda data: None
    trouble = send(signed_in, server)
    assert trouble is not None
    assert trouble.code is ErrorCode.ARCHIVE_NOT_STORED
    assert code_of(hand_over, signed_in, packed) is ErrorCode.ARCHIVE_NOT_PROVEN
    standing = standing_of(signed_in.vault, packed.episode.id)
    assert standing.proven == 0
    assert standing.next_try_at > now()
    assert send(signed_in, server) is None  # it is not due yet
    assert len(server.sent) == OBJECTS
    server.stored_as = lambda data: data
    make_due(signed_in.vault)
    assert send(signed_in, server) is None
    assert hand_over(signed_in, packed).hand_over.archived.objects == OBJECTS


def test_what_fails_for_good_is_not_tried_again_by_itself(signed_in, packed, server) -> None:
    queue(signed_in, packed)
    server.given_as = other_patient
    assert send(signed_in, server).code is ErrorCode.ARCHIVE_OTHER
    assert states(signed_in, packed) == {OutgoingState.FAILED}
    assert send(signed_in, server) is None
    assert any("another patient" in line for line in standing_of_words(signed_in, packed))
    server.given_as = lambda data: data
    queue(signed_in, packed)  # somebody looked at it, and sends it again
    assert send(signed_in, server) is None
    assert len(server.sent) == OBJECTS  # it was there all the time


def other_patient(data: bytes) -> bytes:
    held = pydicom.dcmread(BytesIO(data))
    held.PatientID = "9990000026"
    file = BytesIO()
    pydicom.dcmwrite(file, held)
    return file.getvalue()


def standing_of_words(signed_in: SignedIn, packed: EpisodeView) -> tuple[str, ...]:
    return standing_of(signed_in.vault, packed.episode.id).words


def test_the_queue_outlives_the_program(signed_in, packed, server, folder) -> None:
    """It ends while objects are on their way: they are asked for, and not sent twice."""
    vault = signed_in.vault
    queue(signed_in, packed)
    load = archiving.take(vault, signed_in.operator, PRACTICE, now())
    with courier_of(server.access(), "") as courier:
        first = next(iter(deliver(courier, load.objects)))
    assert first.trouble is None  # and nobody wrote it down
    vault.close()
    keys = accounts.unlock_with_secret(folder, signed_in.operator.id, PASSPHRASE, keystore=None)
    with Vault.open(folder, keys) as again:
        reopened = SignedIn(again, signed_in.operator, signed_in.resumed)
        assert states(reopened, packed) == {OutgoingState.SENT}
        renamed = replace(PRACTICE, name="Test Practice of Another Name")
        assert send(reopened, server, renamed) is None
        assert standing_of(again, packed.episode.id).is_proven
    assert len(server.sent) == len(set(server.sent)) == OBJECTS


def test_the_same_episode_packed_again_is_the_same_objects(
    signed_in, packed, server, packages
) -> None:
    vault, episode_id = signed_in.vault, packed.episode.id
    queue(signed_in, packed)
    assert send(signed_in, server) is None
    package_files.withdraw_package(vault, signed_in.operator, episode_id)
    assert states(signed_in, packed) == {OutgoingState.WITHDRAWN}
    packaging.make_package(vault, signed_in.operator, episode_id, packages, PRACTICE)
    queue(signed_in, packed, replace(PRACTICE, name="Test Practice of Another Name"))
    assert send(signed_in, server) is None
    assert standing_of(vault, episode_id).is_proven
    assert len(server.files) == len(server.sent) == OBJECTS


def test_a_package_withdrawn_on_the_way_is_not_proven_behind_its_back(
    signed_in, packed, server
) -> None:
    vault = signed_in.vault
    queue(signed_in, packed)
    load = archiving.take(vault, signed_in.operator, PRACTICE, now())
    package_files.withdraw_package(vault, signed_in.operator, packed.episode.id)
    with courier_of(server.access(), "") as courier:
        archiving.note(vault, load, deliver(courier, load.objects), HOST, now())
    assert states(signed_in, packed) == {OutgoingState.WITHDRAWN}
    assert standings(vault) == ()


def test_a_patient_corrected_after_the_proof_is_sent_again(signed_in, packed, server) -> None:
    queue(signed_in, packed)
    assert send(signed_in, server) is None
    signed_in.vault.patients.save(replace(packed.patient, family_name="Patient-Two"))
    assert code_of(hand_over, signed_in, packed) is ErrorCode.ARCHIVE_NOT_PROVEN
    queue(signed_in, packed)
    assert send(signed_in, server) is None
    hand_over(signed_in, packed)
    assert len(server.files) == 2 * OBJECTS


def test_a_patient_corrected_on_the_way_is_told(signed_in, packed, server) -> None:
    queue(signed_in, packed)
    signed_in.vault.patients.save(replace(packed.patient, family_name="Patient-Two"))
    assert send(signed_in, server) is None
    assert server.sent == []
    trouble = standing_of(signed_in.vault, packed.episode.id).trouble
    assert trouble.code is ErrorCode.ARCHIVE_CORRECTED


def test_an_archive_that_is_away_is_tried_once_and_later(signed_in, packed, server) -> None:
    queue(signed_in, packed)
    server.status = 503
    assert send(signed_in, server).code is ErrorCode.ARCHIVE_FAILED
    assert states(signed_in, packed) == {OutgoingState.QUEUED}
    assert all(one.tries == 1 for one in signed_in.vault.outgoing.all())


def test_only_a_package_goes_to_the_archive(signed_in, view, packages) -> None:
    assert code_of(queue, signed_in, view) is ErrorCode.STEP_NOT_ALLOWED
    packed = pack(signed_in, view, packages)
    nurse = replace(signed_in, operator=replace(signed_in.operator, role=Role.NURSE))
    assert code_of(queue, nurse, packed) is ErrorCode.RIGHT_MISSING
    assert code_of(queue, signed_in, packed, Practice()) is ErrorCode.PACKAGE_DEVICE_UNKNOWN
    assert packed.episode.state is EpisodeState.PACKAGED


def test_waits_grow_and_differ() -> None:
    at = now()
    first = [(next_try(1, at) - at).total_seconds() for _ in range(50)]
    assert 7.5 <= min(first) < max(first) <= 15
    assert (next_try(4, at) - at).total_seconds() >= 60
    assert (next_try(10_000, at) - at).total_seconds() <= 3600
