"""An archive is believed only as far as it gives back what it was sent."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.uid import ExplicitVRLittleEndian

from dermstation.archive.couriers import courier_of
from dermstation.archive.delivery import Delivered, deliver
from dermstation.archive.objects import ArchiveObject
from dermstation.domain.errors import ErrorCode
from dermstation.handover.dicom_study import derived_uid, written
from tests.archive.lying_server import LyingServer

PHOTOGRAPHIC = "1.2.840.10008.5.1.4.1.1.77.1.4"


def an_object(number: int = 1, words: str = "Test") -> ArchiveObject:
    """Return a small file, as far as an archive looks at it."""
    held = Dataset()
    held.SpecificCharacterSet = "ISO_IR 192"
    held.SOPClassUID = PHOTOGRAPHIC
    held.SOPInstanceUID = derived_uid("test", str(number))
    held.StudyInstanceUID, held.SeriesInstanceUID = derived_uid("study"), derived_uid("series")
    held.PatientID, held.PatientName = "9990000018", "Patient-Źle^Test"
    held.ImageComments = words
    held.SourceImageSequence = [Dataset()]
    held.SourceImageSequence[0].ReferencedSOPInstanceUID = derived_uid("test", "source")
    held.Rows = held.Columns = 16
    held.SamplesPerPixel, held.PhotometricInterpretation = 3, "RGB"
    held.BitsAllocated = held.BitsStored = 8
    held.HighBit, held.PixelRepresentation, held.PlanarConfiguration = 7, 0, 0
    held.PixelData = np.full((16, 16, 3), number, np.uint8).tobytes()
    held["PixelData"].VR = "OB"
    return ArchiveObject(written(held, ExplicitVRLittleEndian))


def changed(data: bytes, **values: object) -> bytes:
    held = pydicom.dcmread(BytesIO(data))
    for name, value in values.items():
        setattr(held, name, value)
    file = BytesIO()
    pydicom.dcmwrite(file, held)
    return file.getvalue()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[LyingServer]:
    made = LyingServer(tmp_path)
    yield made
    made.close()


def send(server: LyingServer, *objects: ArchiveObject, wait_s: float = 20.0) -> list[Delivered]:
    with courier_of(server.access(wait_s), "station:test") as courier:
        return list(deliver(courier, objects))


def troubles(delivered: list[Delivered]) -> dict[str, ErrorCode]:
    return {one.uid: one.trouble.code for one in delivered if one.trouble}


def codes(delivered: list[Delivered]) -> list[ErrorCode | None]:
    return [one.trouble and one.trouble.code for one in delivered]


def test_what_is_given_back_equal_is_proven(server) -> None:
    objects = [an_object(number) for number in range(3)]
    assert codes(send(server, *objects)) == [None, None, None]
    assert set(server.files) == {one.uid for one in objects}


def test_another_form_of_the_same_data_set_is_equal(server) -> None:
    """Lengths of sequences may be written in two ways."""

    def rewritten(data: bytes) -> bytes:
        held = pydicom.dcmread(BytesIO(data))
        held["SourceImageSequence"].is_undefined_length = True
        held.SourceImageSequence[0].is_undefined_length_sequence_item = True
        file = BytesIO()
        pydicom.dcmwrite(file, held)
        return file.getvalue()

    server.given_as = rewritten
    one = an_object()
    assert rewritten(one.data) != one.data
    assert codes(send(server, one)) == [None]


def test_stored_without_being_there_is_not_proven(server) -> None:
    """With its database down, Orthanc answers 200, and neither stored nor failed anything."""
    server.stored_as = lambda data: None
    assert codes(send(server, an_object())) == [ErrorCode.ARCHIVE_NOT_STORED]


def test_said_to_be_stored_and_not_given_back_is_not_proven(server) -> None:
    one = an_object()
    server.stored_as = lambda data: data
    server.files = _Sieve()
    assert codes(send(server, one)) == [ErrorCode.ARCHIVE_NOT_STORED]


class _Sieve(dict[str, bytes]):
    """Keeps nothing."""

    def setdefault(self, key: str, default: bytes = b"") -> bytes:
        return default


def test_a_few_of_many_are_not_all(server) -> None:
    lost = an_object(2)
    server.stored_as = lambda data: None if data == lost.data else data
    assert troubles(send(server, an_object(1), lost, an_object(3))) == {
        lost.uid: ErrorCode.ARCHIVE_NOT_STORED
    }


@pytest.mark.parametrize(
    ("lie", "code"),
    [
        (lambda data: changed(data, PixelData=b"\7" * 16 * 16 * 3), ErrorCode.ARCHIVE_DIFFERS),
        (lambda data: b"no DICOM", ErrorCode.ARCHIVE_ANSWER),
        (None, ErrorCode.ARCHIVE_FAILED),  # an error, for this one alone
    ],
)
@pytest.mark.parametrize("was_sent", [False, True])
def test_one_lie_fails_alone(server, lie, code, was_sent) -> None:
    """Several are read back at once: each answer is held against the object that was asked for."""
    objects = [an_object(number) for number in range(9)]
    server.given_as = lambda data: lie(data) if lie and data == objects[4].data else data
    server.fails = set() if lie else {objects[4].uid}
    if was_sent:
        send(server, *objects)
        objects = [replace(one, known=(one.fingerprint.dataset,)) for one in objects]
    assert troubles(send(server, *objects)) == {objects[4].uid: code}
    assert len(server.sent) == len(objects)


def test_answers_that_change_places_prove_nothing(server) -> None:
    first, second = an_object(1), an_object(2)
    swapped = {first.data: second.data, second.data: first.data}
    server.given_as = swapped.__getitem__
    assert codes(send(server, first, second)) == [ErrorCode.ARCHIVE_OTHER] * 2


def test_an_endless_answer_is_not_read_to_its_end(server) -> None:
    server.given_as = lambda data: data + bytes(8 << 20)
    assert codes(send(server, an_object())) == [ErrorCode.ARCHIVE_ANSWER]


@pytest.mark.parametrize("media_type", ["application/dicom", "multipart/related; boundary=other"])
def test_an_answer_without_the_part_that_it_promises_is_not_used(server, media_type) -> None:
    server.media_type = media_type
    assert codes(send(server, an_object())) == [ErrorCode.ARCHIVE_ANSWER]


def test_objects_are_read_back_at_once_and_uncompressed(server) -> None:
    """Orthanc would compress the coded pixels anew, which costs more than all the rest."""
    server.meet = threading.Barrier(3, timeout=300)  # nobody is answered before three have asked
    assert troubles(send(server, *(an_object(number) for number in range(3)))) == {}
    assert server.encodings == {"identity"}


def test_another_file_of_the_same_uid_is_found_out(server) -> None:
    """The first one stays, and the second is said to be stored."""
    first, second = an_object(1, "First"), an_object(1, "Second")
    assert first.uid == second.uid
    assert codes(send(server, first)) == [None]
    (delivered,) = send(server, second)
    assert delivered.trouble is not None
    assert delivered.trouble.code is ErrorCode.ARCHIVE_DIFFERS
    assert delivered.trouble.facts == {"part": "dataset"}


def test_what_arrived_at_an_earlier_try_is_proven_without_sending_it_again(server) -> None:
    """It may have been made with other words since, such as another name of the practice."""
    first, second = an_object(1, "First"), an_object(1, "Second")
    send(server, first)
    again = replace(second, known=(first.fingerprint.dataset,))
    assert codes(send(server, again)) == [None]
    assert server.sent == [first.uid]


def test_what_did_not_arrive_at_an_earlier_try_is_sent_again(server) -> None:
    one = an_object()
    assert codes(send(server, replace(one, known=(one.fingerprint.dataset,)))) == [None]
    assert server.asked == [one.uid, one.uid]
    assert server.sent == [one.uid]


@pytest.mark.parametrize(
    ("lie", "code"),
    [
        ({"PixelData": b"\1" * 16 * 16 * 3}, ErrorCode.ARCHIVE_DIFFERS),
        ({"PatientBirthDate": "19000101"}, ErrorCode.ARCHIVE_DIFFERS),
        ({"ImageLaterality": "R"}, ErrorCode.ARCHIVE_DIFFERS),
        ({"PatientID": "9990000026"}, ErrorCode.ARCHIVE_OTHER),
        ({"SOPInstanceUID": "2.25.1"}, ErrorCode.ARCHIVE_OTHER),
    ],
)
def test_what_is_given_back_changed_is_not_proven(server, lie, code) -> None:
    server.given_as = lambda data: changed(data, **lie)
    assert codes(send(server, an_object(9))) == [code]


@pytest.mark.parametrize("garbage", [b"", b"no DICOM", b"\0" * 128 + b"DICM" + b"\xff" * 50])
def test_what_is_given_back_and_cannot_be_read_is_not_proven(server, garbage) -> None:
    server.given_as = lambda data: garbage
    (delivered,) = send(server, an_object())
    assert delivered.trouble is not None
    assert delivered.trouble.code in (
        ErrorCode.ARCHIVE_ANSWER,
        ErrorCode.ARCHIVE_OTHER,
        ErrorCode.ARCHIVE_DIFFERS,
    )


def test_an_answer_about_what_was_not_sent_is_a_lie(server) -> None:
    def other(answer: Dataset) -> Dataset:
        answer.ReferencedSOPSequence[0].ReferencedSOPInstanceUID = "2.25.1"
        return answer

    server.told = other
    assert codes(send(server, an_object())) == [ErrorCode.ARCHIVE_OTHER]


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        (0xA700, ErrorCode.ARCHIVE_FULL),
        (0x0122, ErrorCode.ARCHIVE_FORMAT),
        (0x0124, ErrorCode.ARCHIVE_REFUSED),
        (0x0110, ErrorCode.ARCHIVE_NOT_STORED),
        (0x0111, None),  # a duplicate, which is read back
    ],
)
def test_a_reason_for_one_object_is_told(server, reason, code) -> None:
    def failed(answer: Dataset) -> Dataset:
        answer.FailedSOPSequence = answer.ReferencedSOPSequence
        answer.FailedSOPSequence[0].FailureReason = reason
        answer.ReferencedSOPSequence = []
        return answer

    server.told = failed
    assert codes(send(server, an_object())) == [code]


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (401, ErrorCode.ARCHIVE_REFUSED),
        (403, ErrorCode.ARCHIVE_REFUSED),
        (415, ErrorCode.ARCHIVE_FORMAT),
        (507, ErrorCode.ARCHIVE_FULL),
        (500, ErrorCode.ARCHIVE_FAILED),
        (503, ErrorCode.ARCHIVE_FAILED),
    ],
)
def test_a_status_concerns_all_that_is_left(server, status, code) -> None:
    server.status = status
    assert codes(send(server, an_object(1), an_object(2))) == [code, code]


def test_an_archive_that_does_not_answer_is_given_up(server) -> None:
    server.holds = threading.Event()
    (delivered,) = send(server, an_object(), wait_s=0.2)
    assert delivered.trouble is not None
    assert delivered.trouble.facts["status"] == "late"


def test_an_answer_that_breaks_off_is_no_answer(server) -> None:
    server.cuts = True
    (delivered,) = send(server, an_object())
    assert delivered.trouble is not None
    server.cuts = False
    again = replace(an_object(), known=(an_object().fingerprint.dataset,))
    assert codes(send(server, again)) == [None]
    assert len(server.sent) == 1  # it had arrived


def test_an_archive_that_is_away_loses_nothing(server) -> None:
    access = server.access()
    server.close()
    with courier_of(access, "") as courier:
        delivered = list(deliver(courier, [an_object(1), an_object(2)]))
    assert codes(delivered) == [ErrorCode.ARCHIVE_UNREACHABLE] * 2
