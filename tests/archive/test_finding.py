"""Earlier pictures of a patient: found in a real Orthanc, checked, and fetched."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
import pytest
from pydicom.dataset import Dataset

from dermstation.archive.connection import ArchiveAccess
from dermstation.archive.finding import ArchivedPicture, fetch_picture, find_pictures
from dermstation.archive.web import dicom_web, web_session
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.imaging.codec import decode
from tests.archive.objects import (
    DERMOSCOPIC,
    PHOTOGRAPHIC,
    Visit,
    as_file,
    jpeg,
    new_uid,
    picture,
    pixels,
    plain_picture,
)
from tests.archive.orthanc import TOKEN, Orthanc
from tests.archive.tls_proxy import TlsProxy

NUMBER, OTHER = "9990000018", "9990000026"


def put(orthanc: Orthanc, *datasets: Dataset) -> None:
    for one in datasets:
        orthanc.rest("/instances", as_file(one))


def test_the_pictures_of_a_patient_are_found_newest_first(orthanc: Orthanc) -> None:
    lesion = new_uid()
    old = picture(Visit(day=date(2025, 1, 7), tracking_uid=lesion))
    new = picture(Visit(day=date(2026, 5, 4), site="", laterality=""), PHOTOGRAPHIC)
    put(orthanc, old, new, picture(Visit(number=OTHER)))
    found = find_pictures(orthanc.access(), TOKEN, NUMBER, date(1958, 9, 3))
    assert [one.uid for one in found] == [new.SOPInstanceUID, old.SOPInstanceUID]
    assert found[1] == ArchivedPicture(
        study=old.StudyInstanceUID,
        series=old.SeriesInstanceUID,
        uid=old.SOPInstanceUID,
        is_dermoscopic=True,
        taken_at=datetime(2025, 1, 7, 10, 15, tzinfo=UTC),
        width=160,
        height=120,
        tracking_uid=lesion,
        site_code="368208006",
        laterality="L",
    )
    assert not found[0].is_dermoscopic


@pytest.mark.parametrize("name", ["\u0141\u0105cka^Gra\u017cyna", "O'Brien^\u5c0f\u660e"])
def test_names_of_every_script_come_back_as_they_were_sent(orthanc: Orthanc, name: str) -> None:
    one = picture(Visit())
    one.PatientName = name
    put(orthanc, one)
    access = orthanc.access()
    with web_session(access, TOKEN) as session:
        services = dicom_web(access, session)
        (told,) = services.search_for_studies(search_filters={"PatientID": NUMBER})
    assert str(Dataset.from_json(told).PatientName) == name
    assert len(find_pictures(access, TOKEN, NUMBER)) == 1


def test_a_patient_without_pictures_has_none(orthanc: Orthanc) -> None:
    put(orthanc, picture(Visit(number=OTHER)))
    assert find_pictures(orthanc.access(), TOKEN, NUMBER) == ()


def test_the_same_number_with_another_birth_date_is_somebody_else(orthanc: Orthanc) -> None:
    put(orthanc, picture(Visit(born_on=date(1990, 1, 1))))
    assert find_pictures(orthanc.access(), TOKEN, NUMBER, date(1958, 9, 3)) == ()


@pytest.mark.parametrize(
    ("asked", "is_it"),
    [
        (("2.25.1", "other", "R"), True),
        (("2.25.2", "368208006", "L"), True),
        (("2.25.2", "368208006", "R"), False),
        (("2.25.2", "other", "L"), False),
        (("", "", "L"), False),
    ],
)
def test_a_lesion_is_known_by_its_id_or_by_site_and_side(
    asked: tuple[str, str, str], is_it: bool
) -> None:
    one = ArchivedPicture("s", "e", "i", True, None, 1, 1, "2.25.1", "368208006", "L")
    assert one.is_of_lesion(*asked) is is_it


def test_a_jpeg_comes_back_as_it_is(orthanc: Orthanc) -> None:
    put(orthanc, picture(Visit(), seed=7))
    (found,) = find_pictures(orthanc.access(), TOKEN, NUMBER)
    image = fetch_picture(orthanc.access(), TOKEN, NUMBER, found)
    assert image.removesuffix(b"\0") == jpeg(160, 120, 7)


def test_plain_pixels_come_back_without_loss(orthanc: Orthanc) -> None:
    put(orthanc, plain_picture(Visit()))
    (found,) = find_pictures(orthanc.access(), TOKEN, NUMBER)
    image = fetch_picture(orthanc.access(), TOKEN, NUMBER, found)
    assert np.array_equal(decode(image)[:, :, ::-1], pixels(160, 120))


@pytest.mark.parametrize(
    "change",
    [
        {"PhotometricInterpretation": "MONOCHROME2", "SamplesPerPixel": 1},
        {"PlanarConfiguration": 1},
        {"BitsAllocated": 16, "BitsStored": 16, "HighBit": 15},
    ],
)
def test_pixels_of_another_kind_are_refused_in_words(
    orthanc: Orthanc, change: dict[str, Any]
) -> None:
    one = plain_picture(Visit())
    one.update(change)
    put(orthanc, one)
    (found,) = find_pictures(orthanc.access(), TOKEN, NUMBER)
    with pytest.raises(StationError) as raised:
        fetch_picture(orthanc.access(), TOKEN, NUMBER, found)
    assert raised.value.code is ErrorCode.ARCHIVE_FORMAT


@contextmanager
def lying(orthanc: Orthanc, answer: object, status: int = 200) -> Iterator[ArchiveAccess]:
    """Answer in the place of the archive; of two answers the second is a study's metadata."""

    class Liar(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            told = answer
            if isinstance(answer, tuple):
                told = answer[self.path.endswith("/metadata")]
            body = told if isinstance(told, bytes) else json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/dicom+json")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Location", "https://localhost/elsewhere")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Liar) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        proxy = TlsProxy(server.server_address[1], orthanc.server)
        try:
            yield orthanc.access(address=f"https://localhost:{proxy.port}/dicom-web")
        finally:
            proxy.close()
            server.shutdown()
            serving.join()


def _study(number: str) -> dict[str, Any]:
    return {
        "00100020": {"vr": "LO", "Value": [number]},
        "0020000D": {"vr": "UI", "Value": ["2.25.5"]},
    }


@pytest.mark.parametrize(
    ("answer", "status", "code"),
    [
        ([_study(OTHER)], 200, ErrorCode.ARCHIVE_ANSWER),
        ([{"00100020": {"vr": "LO", "Value": [NUMBER]}}, {}], 200, ErrorCode.ARCHIVE_ANSWER),
        ([{"00100020": 5}], 200, ErrorCode.ARCHIVE_ANSWER),
        (b"<html>", 200, ErrorCode.ARCHIVE_ANSWER),
        (b"", 302, ErrorCode.ARCHIVE_ANSWER),
        (b"", 403, ErrorCode.ARCHIVE_REFUSED),
        (b"", 500, ErrorCode.ARCHIVE_FAILED),
        (b"", 507, ErrorCode.ARCHIVE_FULL),
        (b"No required SSL certificate was sent", 400, ErrorCode.ARCHIVE_OWN_CERTIFICATE),
    ],
)
def test_an_answer_that_does_not_fit_is_not_used(
    orthanc: Orthanc, answer: object, status: int, code: ErrorCode
) -> None:
    with lying(orthanc, answer, status) as access, pytest.raises(StationError) as raised:
        find_pictures(access, TOKEN, NUMBER)
    assert raised.value.code is code


@pytest.mark.parametrize("told", [_study(OTHER), _study(NUMBER) | {"0020000D": {"vr": "UI"}}])
def test_metadata_of_somebody_else_is_not_used(orthanc: Orthanc, told: dict[str, Any]) -> None:
    with (
        lying(orthanc, ([_study(NUMBER)], [told])) as access,
        pytest.raises(StationError) as raised,
    ):
        find_pictures(access, TOKEN, NUMBER)
    assert raised.value.code is ErrorCode.ARCHIVE_ANSWER


def test_another_picture_than_the_one_asked_for_is_not_used(orthanc: Orthanc) -> None:
    put(orthanc, picture(Visit()), picture(Visit(number=OTHER), DERMOSCOPIC))
    (found,) = find_pictures(orthanc.access(), TOKEN, NUMBER)
    with pytest.raises(StationError) as raised:
        fetch_picture(orthanc.access(), TOKEN, OTHER, found)
    assert raised.value.code is ErrorCode.ARCHIVE_ANSWER
