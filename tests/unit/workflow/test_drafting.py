import stat
import sys
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.handover.options import DeviceData, PackageOptions
from dermstation.settings import Settings
from dermstation.workflow import drafting, package_files, packaging
from dermstation.workflow.package_choice import Practice
from tests.unit.workflow.conftest import NURSE, files_below, pack, ready

SETTINGS = Settings(email_domains="nhs.net example.nhs.uk")


@pytest.fixture
def packed(signed_in, view, packages):
    return pack(signed_in, view, packages)


def written(signed_in, packed, address: str = "derm.test@nhs.net"):
    place = drafting.write_draft(
        signed_in.vault, signed_in.operator, packed.package, address, SETTINGS
    )
    return place, message_from_bytes(place.read_bytes(), policy=default)


def test_the_draft_carries_the_package_and_nothing_of_the_patient(signed_in, packed) -> None:
    _, message = written(signed_in, packed)
    assert message["To"] == "derm.test@nhs.net"
    assert message["Subject"] == "Images for a dermatology referral"
    assert message["X-Unsent"] == "1"
    folder = Path(packed.package.folder)
    attached = {one.get_filename(): one.get_content() for one in message.iter_attachments()}
    assert attached == {
        file.name: (folder / file.name).read_bytes() for file in packed.package.files
    }
    patient = packed.patient
    plain = str(message["Subject"]) + message.get_body().get_content()
    for identity in (patient.family_name, patient.given_name, patient.nhs_number.digits):
        assert identity not in plain


def test_nothing_is_attached_twice_and_the_size_is_known_before(signed_in, view, packages) -> None:
    ready(signed_in, view)
    packed = packaging.make_package(
        signed_in.vault,
        signed_in.operator,
        view.episode.id,
        packages,
        Practice("Test Practice", device=DeviceData("Test Maker", "Test Scope", "TS-1")),
        options=PackageOptions(dicom=True, fhir=True),
    )
    assert len(packed.package.files) > 8
    place, message = written(signed_in, packed)
    names = [one.get_filename() for one in message.iter_attachments()]
    assert {Path(name).suffix for name in names} == {".pdf", ".jpg"}
    size = drafting.draft_size(packed.package, SETTINGS)
    assert size.files == len(names)
    assert place.stat().st_size <= size.size_bytes < 1.1 * place.stat().st_size + 5_000


def test_an_e_mail_over_its_limit_is_not_written(signed_in, packed, packages) -> None:
    before = files_below(packages)
    narrow = replace(SETTINGS, email_bytes=1_000)
    with pytest.raises(StationError) as caught:
        drafting.write_draft(
            signed_in.vault, signed_in.operator, packed.package, "a@nhs.net", narrow
        )
    assert caught.value.code is ErrorCode.EMAIL_TOO_BIG
    assert not drafting.draft_size(packed.package, narrow).fits
    assert files_below(packages) == before


def test_an_allowed_domain_that_is_not_accredited_is_marked_secure(signed_in, packed) -> None:
    _, message = written(signed_in, packed, "clinic@example.nhs.uk")
    assert message["Subject"] == "[secure] Images for a dermatology referral"


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("", ErrorCode.EMAIL_ADDRESS),
        ("nhs.net", ErrorCode.EMAIL_ADDRESS),
        ("a@nhs.net, b@example.org", ErrorCode.EMAIL_ADDRESS),
        ("a@nhs.net\nBcc: b@example.org", ErrorCode.EMAIL_ADDRESS),
        ("someone@example.org", ErrorCode.EMAIL_DOMAIN),
        ("someone@nhs.net.example.org", ErrorCode.EMAIL_DOMAIN),
    ],
)
def test_other_addresses_are_refused_and_nothing_is_written(
    signed_in, packed, packages, address, code
) -> None:
    before = files_below(packages)
    with pytest.raises(StationError) as caught:
        drafting.write_draft(signed_in.vault, signed_in.operator, packed.package, address, SETTINGS)
    assert caught.value.code is code
    assert files_below(packages) == before


def test_the_draft_goes_with_the_package(signed_in, packed, packages) -> None:
    place, _ = written(signed_in, packed)
    assert place in signed_in.vault.packages.files(packed.package.id)
    written(signed_in, packed)  # a second draft replaces the first
    packaging.check_package(packed.package)
    package_files.withdraw_package(signed_in.vault, signed_in.operator, packed.episode.id)
    assert list(packages.iterdir()) == []


def test_a_changed_file_is_not_sent(signed_in, packed) -> None:
    file = Path(packed.package.folder) / packed.package.files[1].name
    file.write_bytes(file.read_bytes() + b"x")
    with pytest.raises(StationError) as caught:
        written(signed_in, packed, "a@nhs.net")
    assert caught.value.code is ErrorCode.PACKAGE_NOT_VERIFIED


@pytest.mark.skipif(sys.platform == "win32", reason="the profile's access list holds there")
def test_nobody_but_its_owner_reads_the_draft(signed_in, packed) -> None:
    folder = Path(f"{packed.package.folder}-email")
    folder.mkdir(mode=0o755)  # as an earlier version left it
    place, _ = written(signed_in, packed)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(place.stat().st_mode) == 0o600


def test_a_nurse_neither_writes_a_draft_nor_copies_the_message(signed_in, packed, packages) -> None:
    before = files_below(packages)
    nurse = replace(signed_in, operator=NURSE)
    for act in (
        lambda: written(nurse, packed),
        lambda: drafting.message_to_copy(NURSE, packed),
    ):
        with pytest.raises(StationError) as caught:
            act()
        assert caught.value.code is ErrorCode.RIGHT_MISSING
    assert files_below(packages) == before
    assert packed.package.files[0].name in drafting.message_to_copy(signed_in.operator, packed)
