"""The station's own objects in a real archive, by both ways, and when it fails."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from dermstation.archive.connection import ArchiveAccess
from dermstation.archive.couriers import courier_of
from dermstation.archive.delivery import Delivered, deliver
from dermstation.archive.objects import ArchiveObject
from dermstation.domain.errors import ErrorCode
from dermstation.domain.presets import Limits
from dermstation.domain.shots import ShotKind
from dermstation.handover.contents import LesionContents
from dermstation.handover.dicom_original import archived_pictures
from dermstation.handover.options import DeviceData, PackageOptions
from tests.archive.orthanc import TOKEN, Orthanc
from tests.archive.test_delivery import an_object
from tests.unit.handover.conftest import contents_of, held, jpeg, lesion_of, picture, png

NO_LIMITS = PackageOptions(own_limits=Limits(file_bytes=1 << 40))


def our_objects(family_name: str = "Patient-One") -> list[ArchiveObject]:
    """Return a close-up as JPEG and a dermoscopic picture as PNG."""
    lesion = lesion_of()
    captures = (
        held(lesion, ShotKind.CLOSEUP, jpeg(picture(641, 481))),
        held(lesion, ShotKind.DERMOSCOPIC, png(picture(641, 481, 1))),
    )
    contents = contents_of(LesionContents(lesion, captures))
    device = DeviceData("Test Maker", "Test Scope", "TS-1")
    named = replace(contents.patient, family_name=family_name)
    contents = replace(contents, options=NO_LIMITS, device=device, patient=named)
    return [ArchiveObject(one.data) for one in archived_pictures(contents)]


def send(access: ArchiveAccess, objects: Sequence[ArchiveObject]) -> list[Delivered]:
    with courier_of(access, TOKEN) as courier:
        return list(deliver(courier, objects))


def codes(delivered: list[Delivered]) -> list[ErrorCode | None]:
    return [one.trouble and one.trouble.code for one in delivered]


@pytest.fixture(params=["DICOMweb", "DICOM"])
def access(orthanc: Orthanc, request: pytest.FixtureRequest) -> ArchiveAccess:
    return orthanc.access() if request.param == "DICOMweb" else orthanc.access(address="")


@pytest.mark.parametrize("name", ["O'Brien", "Wiśniewska-Żółć", "歐陽", "الأحمد"])
def test_what_the_station_makes_is_proven(access, orthanc, name) -> None:
    objects = our_objects(name)
    assert codes(send(access, objects)) == [None, None]
    assert codes(send(access, objects)) == [None, None]  # the same objects again
    assert orthanc.count() == 2


def test_another_file_of_the_same_uid_is_found_out(access, orthanc) -> None:
    send(access, [an_object(1, "First")])
    assert codes(send(access, [an_object(1, "Second")])) == [ErrorCode.ARCHIVE_DIFFERS]
    assert orthanc.count() == 1


def test_an_object_that_was_removed_there_is_sent_again(access, orthanc) -> None:
    one = an_object()
    send(access, [one])
    orthanc.empty()
    again = replace(one, known=(one.fingerprint.dataset,))
    assert codes(send(access, [again])) == [None]
    assert orthanc.count() == 1


def test_an_archive_that_is_killed_and_started_again_has_what_was_proven(access, orthanc) -> None:
    first, second = an_object(1), an_object(2)
    assert codes(send(access, [first])) == [None]
    orthanc.kill()
    assert codes(send(replace(access, wait_s=2.0), [second])) != [None]
    orthanc.start()
    known = [replace(one, known=(one.fingerprint.dataset,)) for one in (first, second)]
    assert codes(send(access, known)) == [None, None]
    assert orthanc.count() == 2


def test_a_link_that_is_cut_loses_nothing(orthanc) -> None:
    one = an_object()
    orthanc.proxy.cut()
    assert codes(send(orthanc.access(wait_s=2.0), [one])) != [None]
    orthanc.proxy.mend()
    assert codes(send(orthanc.access(), [replace(one, known=("of another try",))])) == [None]


def test_a_station_that_the_archive_does_not_know_is_told(orthanc) -> None:
    stranger = orthanc.access(address="", title="STRANGER")
    (delivered,) = send(stranger, [an_object()])
    assert delivered.trouble is not None
    assert delivered.trouble.code in (ErrorCode.ARCHIVE_TITLE, ErrorCode.ARCHIVE_FAILED)
    assert orthanc.count() == 0
