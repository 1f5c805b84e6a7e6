"""Who is expected here today: asked of a real Orthanc, and of dcmtk's worklist server."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pydicom.dataset import Dataset
from pynetdicom import AE, evt
from pynetdicom.sop_class import ModalityWorklistInformationFind, Verification

from dermstation.archive.connection import ArchiveAccess
from dermstation.archive.dimse import echo
from dermstation.archive.worklist import MOST_ENTRIES, WorklistEntry, expected_on
from dermstation.domain.archive_place import DicomNode
from dermstation.domain.errors import ErrorCode, StationError
from tests.archive.certificates import Authority
from tests.archive.orthanc import TITLE, TRIES, Orthanc, free_port
from tests.archive.tls_proxy import TlsProxy
from tests.archive.worklists import write_entry

TODAY = date(2026, 11, 30)
DAY = timedelta(days=1)
write_entry_today = partial(write_entry, day=TODAY)


@dataclass
class Server:
    """A worklist server, and the folder of its entries."""

    access: ArchiveAccess
    folder: Path


@pytest.fixture
def of_orthanc(orthanc: Orthanc) -> Server:
    return Server(orthanc.access(), orthanc.worklists)


@pytest.fixture
def of_dcmtk(tmp_path: Path) -> Iterator[Server]:
    program = shutil.which("wlmscpfs")
    if program is None:
        pytest.skip("needs the Debian package dcmtk")
    authority = Authority(tmp_path / "tls")
    folder = tmp_path / "worklists" / "WORKLIST"
    folder.mkdir(parents=True)
    (folder / "lockfile").touch()
    proxy = TlsProxy(0, authority.issue("server"))
    node = DicomNode("WORKLIST", "localhost", proxy.port)
    access = ArchiveAccess(TITLE, worklist=node, ca_file=str(authority.file))
    process = None
    try:
        for _ in range(TRIES):
            proxy.target = free_port()
            command = [program, "--single-process", "-dfp", folder.parent, str(proxy.target)]
            process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
            if _answers(access, node, process):
                break
        yield Server(access, folder)
    finally:
        proxy.close()
        if process is not None:
            process.kill()
            process.wait()


def _answers(access: ArchiveAccess, node: DicomNode, process: subprocess.Popen[bytes]) -> bool:
    """Wait until it answers; one that ends did not get its port."""
    while process.poll() is None:
        with suppress(StationError):
            echo(access, node)
            return True
    return False


@pytest.fixture(params=["of_orthanc", "of_dcmtk"])
def server(request: pytest.FixtureRequest) -> Server:
    found: Server = request.getfixturevalue(request.param)
    return found


def test_today_of_this_station_is_listed_by_time(server: Server) -> None:
    write_entry_today(server.folder, "Wolfe^Ada^Mary", time="103000", sex="")
    write_entry_today(
        server.folder, "O'Brien^Bo", "9990000026", time="0915", born="19400101", sex="M"
    )
    write_entry(server.folder, "Yesterday^Y", day=TODAY - DAY)
    write_entry(server.folder, "Tomorrow^T", day=TODAY + DAY)
    write_entry_today(server.folder, "Elsewhere^E", title="ROOM2")
    what = "Lesion on the left arm"
    assert expected_on(server.access, TODAY) == (
        WorklistEntry("9990000026", "O'Brien", "Bo", "01/01/1940", "male", "09:15", what),
        WorklistEntry("9990000018", "Wolfe", "Ada Mary", "03/09/1958", "", "10:30", what),
    )


def test_an_empty_day_is_no_trouble(server: Server) -> None:
    assert expected_on(server.access, TODAY) == ()


@pytest.mark.parametrize(
    ("name", "charset"),
    [
        ("\u0141\u0105cka^Gra\u017cyna", "ISO_IR 192"),
        ("\u6b50\u967d^\u5c0f\u660e", "ISO_IR 192"),
        ("M\u00fcller^J\u00f6rg", "ISO_IR 100"),
    ],
)
def test_names_come_as_they_are_written(of_orthanc: Server, name: str, charset: str) -> None:
    write_entry_today(of_orthanc.folder, name, charset=charset)
    (entry,) = expected_on(of_orthanc.access, TODAY)
    assert f"{entry.family_name}^{entry.given_name}" == name


def test_a_title_that_the_server_does_not_know_is_named(orthanc: Orthanc) -> None:
    write_entry_today(orthanc.worklists)
    with pytest.raises(StationError) as raised:
        expected_on(orthanc.access(title="SOMEBODY"), TODAY)
    assert raised.value.code is ErrorCode.ARCHIVE_TITLE
    assert raised.value.facts == {"partner": "worklist server", "title": "SOMEBODY"}


def test_without_a_worklist_server_nobody_is_asked() -> None:
    with pytest.raises(StationError) as raised:
        expected_on(ArchiveAccess(TITLE), TODAY)
    assert raised.value.code is ErrorCode.ARCHIVE_NOT_SET


Answer = Callable[[evt.Event], Iterator[tuple[int, Dataset | None]]]


@pytest.fixture
def answering(tmp_path: Path) -> Iterator[Callable[..., ArchiveAccess]]:
    """Serve on loopback what a test wants a worklist server to answer."""
    authority = Authority(tmp_path / "tls")
    started: list[Any] = []

    def start(answer: Answer, *classes: str) -> ArchiveAccess:
        entity = AE("WORKLIST")
        for one in classes or (ModalityWorklistInformationFind,):
            entity.add_supported_context(one)
        handlers = [(evt.EVT_C_FIND, answer)]
        served = entity.start_server(("127.0.0.1", 0), block=False, evt_handlers=handlers)
        proxy = TlsProxy(served.socket.getsockname()[1], authority.issue("server"))
        started.extend((proxy.close, served.shutdown))
        node = DicomNode("WORKLIST", "localhost", proxy.port)
        return ArchiveAccess(TITLE, worklist=node, ca_file=str(authority.file))

    yield start
    for end in started:
        end()


def _trouble(access: ArchiveAccess) -> StationError:
    with pytest.raises(StationError) as raised:
        expected_on(access, TODAY)
    return raised.value


def _entry_of(name: str, **step: str) -> Dataset:
    entry = Dataset()
    entry.PatientName = name
    entry.ScheduledProcedureStepSequence = [Dataset()]
    for key, value in step.items():
        setattr(entry.ScheduledProcedureStepSequence[0], key, value)
    return entry


def test_a_server_that_does_not_filter_is_filtered(answering: Callable[..., ArchiveAccess]) -> None:
    def everything(_: evt.Event) -> Iterator[tuple[int, Dataset | None]]:
        yield 0xFF00, _entry_of("Ours^O", ScheduledStationAETitle=TITLE)
        yield 0xFF00, _entry_of("Anybody^A")
        yield 0xFF00, _entry_of("Elsewhere^E", ScheduledStationAETitle="ROOM2")
        yield 0xFF00, _entry_of("Old^O", ScheduledProcedureStepStartDate="20000101")
        yield 0xFF00, _entry_of("")

    found = [one.family_name for one in expected_on(answering(everything), TODAY)]
    assert found == ["", "Anybody", "Ours"]


def test_a_server_that_never_stops_is_stopped(answering: Callable[..., ArchiveAccess]) -> None:
    def endless(_: evt.Event) -> Iterator[tuple[int, Dataset | None]]:
        for _number in range(MOST_ENTRIES + 1):
            yield 0xFF00, _entry_of("Many^M")

    assert _trouble(answering(endless)).code is ErrorCode.ARCHIVE_ANSWER


@pytest.mark.parametrize(
    ("status", "code"), [(0xC001, ErrorCode.ARCHIVE_FAILED), (0xA700, ErrorCode.ARCHIVE_FULL)]
)
def test_a_failure_in_the_middle_is_no_list(
    answering: Callable[..., ArchiveAccess], status: int, code: ErrorCode
) -> None:
    def fail(_: evt.Event) -> Iterator[tuple[int, Dataset | None]]:
        yield 0xFF00, _entry_of("First^F")
        yield status, None

    assert _trouble(answering(fail)).code is code


def test_a_server_without_a_worklist_is_named_by_what_it_lacks(
    answering: Callable[..., ArchiveAccess],
) -> None:
    trouble = _trouble(answering(lambda _: iter(()), Verification))
    assert trouble.code is ErrorCode.ARCHIVE_FORMAT
    assert "Worklist" in str(trouble.facts["classes"])
