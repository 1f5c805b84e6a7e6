"""How the station reaches an archive, and what it says when it does not let itself be reached."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from pydicom.dataset import Dataset
from pynetdicom.presentation import build_context
from pynetdicom.sop_class import ModalityWorklistInformationFind

from dermstation.archive.connection import ArchiveAccess, access_of
from dermstation.archive.dimse import associated, echo
from dermstation.archive.web import dicom_web, troubles_told, web_session
from dermstation.domain.archive_place import DicomNode
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.settings import Settings
from tests.archive.certificates import Authority
from tests.archive.orthanc import THEIR_TITLE, TOKEN, Orthanc, free_port
from tests.archive.tls_proxy import TlsProxy

LONG_AGO = datetime.now(UTC) - timedelta(days=365)
IN_A_YEAR = datetime.now(UTC) + timedelta(days=365)


def search(access: ArchiveAccess, token: str = TOKEN) -> object:
    with web_session(access, token) as session, troubles_told(access):
        return dicom_web(access, session).search_for_studies(limit=1)


def trouble_of(access: ArchiveAccess, token: str = TOKEN) -> StationError:
    with pytest.raises(StationError) as raised:
        search(access, token)
    return raised.value


def test_the_archive_answers_by_https_and_by_dicom(orthanc: Orthanc) -> None:
    access = orthanc.access()
    assert search(access) == []
    assert access.node is not None
    echo(access, access.node)


@pytest.mark.parametrize("token", ["", "station:wrong", "a-token-of-somebody"])
def test_a_wrong_token_is_refused(orthanc: Orthanc, token: str) -> None:
    assert trouble_of(orthanc.access(), token).code is ErrorCode.ARCHIVE_REFUSED


def test_variables_do_not_change_what_is_trusted(
    orthanc: Orthanc, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = Authority(tmp_path / "other")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(other.file))
    monkeypatch.setenv("CURL_CA_BUNDLE", str(other.file))
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    assert search(orthanc.access()) == []
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(orthanc.authority.file))
    trouble = trouble_of(orthanc.access(ca_file=str(other.file)))
    assert trouble.facts["fault"] == "issuer"


def test_verification_cannot_be_turned_off(orthanc: Orthanc, tmp_path: Path) -> None:
    access = orthanc.access(ca_file=str(Authority(tmp_path / "other").file))
    with web_session(access, TOKEN) as session, pytest.raises(StationError), troubles_told(access):
        session.get(f"{access.address}/studies", verify=False)


@pytest.mark.parametrize(
    ("begins", "hosts", "fault"),
    [
        (LONG_AGO, None, "expired"),
        (IN_A_YEAR, None, "not_yet"),
        (None, (x509.DNSName("archive.example"),), "name"),
    ],
)
def test_a_certificate_that_is_not_right_is_named(
    orthanc: Orthanc,
    begins: datetime | None,
    hosts: tuple[x509.GeneralName, ...] | None,
    fault: str,
) -> None:
    more = {} if hosts is None else {"hosts": hosts}
    identity = orthanc.authority.issue("wrong", begins=begins, **more)
    proxy = TlsProxy(orthanc.http, identity)
    try:
        access = orthanc.access(address=f"https://localhost:{proxy.port}/dicom-web")
        trouble = trouble_of(access)
        node = DicomNode(THEIR_TITLE, "localhost", proxy.port)
        with pytest.raises(StationError) as raised:
            echo(access, node)
    finally:
        proxy.close()
    for one in (trouble, raised.value):
        assert one.code is ErrorCode.ARCHIVE_CERTIFICATE
        assert one.facts["fault"] == fault


@contextmanager
def door(orthanc: Orthanc) -> Iterator[int]:
    """Listen on a port for certificates of the archive's authority, and shut the door on others."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(orthanc.server.certificate, orthanc.server.key)
    tls.load_verify_locations(orthanc.authority.file)
    tls.verify_mode = ssl.CERT_REQUIRED

    def stand() -> None:
        with suppress(OSError):
            while True:
                came, _ = listening.accept()
                with came, suppress(OSError):
                    tls.wrap_socket(came, server_side=True).close()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        standing = threading.Thread(target=stand)
        standing.start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)
    standing.join()


def test_a_station_without_the_right_certificate_is_told_so(
    orthanc: Orthanc, tmp_path: Path
) -> None:
    stranger = Authority(tmp_path / "other").issue("stranger")
    with door(orthanc) as port:
        for file in (str(stranger.both), ""):
            address = f"https://localhost:{port}/dicom-web"
            access = orthanc.access(address=address, certificate_file=file)
            assert trouble_of(access).code is ErrorCode.ARCHIVE_OWN_CERTIFICATE
            assert access.node is not None
            with pytest.raises(StationError) as raised:
                echo(access, access.node)
            assert raised.value.code is ErrorCode.ARCHIVE_OWN_CERTIFICATE


@pytest.mark.parametrize("name", ["ca_file", "certificate_file"])
def test_a_certificate_file_that_cannot_be_used_is_named(
    orthanc: Orthanc, tmp_path: Path, name: str
) -> None:
    broken = tmp_path / "broken.pem"
    broken.write_text("no certificate", encoding="utf-8")
    for file in (broken, tmp_path / "missing.pem"):
        trouble = trouble_of(orthanc.access(**{name: str(file)}))
        assert trouble.code is ErrorCode.ARCHIVE_OWN_CERTIFICATE
        assert trouble.facts["fault"] == "file"


def test_nobody_at_that_port_is_unreachable(orthanc: Orthanc) -> None:
    port = free_port()
    access = orthanc.access(address=f"https://localhost:{port}/dicom-web")
    assert trouble_of(access).code is ErrorCode.ARCHIVE_UNREACHABLE
    with pytest.raises(StationError) as raised:
        echo(access, DicomNode(THEIR_TITLE, "localhost", port))
    assert raised.value.code is ErrorCode.ARCHIVE_UNREACHABLE


def test_a_plain_port_is_never_spoken_to_in_the_clear(orthanc: Orthanc) -> None:
    access = orthanc.access(address=f"https://localhost:{orthanc.http}/dicom-web")
    assert trouble_of(access).code is ErrorCode.ARCHIVE_UNREACHABLE
    with web_session(access, TOKEN) as session, pytest.raises(StationError), troubles_told(access):
        session.get(f"http://localhost:{orthanc.http}/system")


def test_an_unknown_title_is_greeted_and_then_broken_off(orthanc: Orthanc) -> None:
    """The echo alone says nothing: only the question shows it."""
    access = orthanc.access(title="SOMEBODY")
    assert access.node is not None
    echo(access, access.node)
    contexts = [build_context(ModalityWorklistInformationFind)]
    query = Dataset()
    query.PatientName = ""
    with associated(access, access.node, contexts) as association:
        answers = list(association.send_c_find(query, ModalityWorklistInformationFind))
    assert [(status.get("Status"), found) for status, found in answers] == [(None, None)]


def test_a_wrong_title_of_theirs_is_named(orthanc: Orthanc) -> None:
    access = orthanc.access()
    with pytest.raises(StationError) as raised:
        echo(access, DicomNode("ANOTHER", "localhost", orthanc.dimse))
    assert raised.value.code is ErrorCode.ARCHIVE_TITLE
    assert raised.value.facts["title"] == "ANOTHER"


def test_without_an_address_there_is_no_archive() -> None:
    with pytest.raises(StationError) as raised:
        web_session(access_of(Settings()), "")
    assert raised.value.code is ErrorCode.ARCHIVE_NOT_SET


def test_tls_is_never_older_than_12_and_always_verifies() -> None:
    tls = access_of(Settings()).tls()
    assert tls.minimum_version is ssl.TLSVersion.TLSv1_2
    assert tls.verify_mode is ssl.CERT_REQUIRED
    assert tls.check_hostname
