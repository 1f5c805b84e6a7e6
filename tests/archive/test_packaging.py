"""What packaging/archive ships does what its page says."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.archive_scale import store
from dermstation.archive.connection import ArchiveAccess, access_of
from dermstation.archive.finding import fetch_picture, find_pictures
from dermstation.archive.web import troubles_told, web_session
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.settings import Settings
from tests.archive.objects import Visit, as_file, picture
from tests.archive.orthanc import TOKEN, Orthanc
from tests.archive.server import NGINX, PACKAGING, Archive, site_of, why_no_server

NUMBER = "9990000018"


@pytest.fixture
def behind_nginx(orthanc: Orthanc, tmp_path: Path) -> Iterator[ArchiveAccess]:
    """The archive as it is reached through the site that is shipped."""
    if NGINX is None:
        pytest.skip("needs the Debian package nginx-light")
    with site_of(orthanc, tmp_path) as access:
        yield access


def test_a_station_stores_finds_and_reads_and_nothing_else(
    behind_nginx: ArchiveAccess, orthanc: Orthanc
) -> None:
    one = picture(Visit())
    orthanc.rest("/instances", as_file(one))
    (found,) = find_pictures(behind_nginx, TOKEN, NUMBER)
    root = behind_nginx.address.removesuffix("/dicom-web")
    with web_session(behind_nginx, TOKEN) as session:
        for method, path in (
            ("DELETE", f"/dicom-web/studies/{found.study}"),
            ("PUT", "/dicom-web/studies"),
            ("POST", "/dicom-web/series"),
            ("GET", "/dicom-web/servers"),
            ("GET", "/system"),
            ("POST", "/tools/shutdown"),
            ("DELETE", "/patients/1"),
        ):
            assert session.request(method, root + path).status_code == 403, (method, path)
    assert orthanc.count() == 1


def test_a_station_without_a_certificate_or_a_token_is_told_which(
    behind_nginx: ArchiveAccess, orthanc: Orthanc
) -> None:
    without = orthanc.access(address=behind_nginx.address, certificate_file="")
    for access, token, code in (
        (without, TOKEN, ErrorCode.ARCHIVE_OWN_CERTIFICATE),
        (behind_nginx, "", ErrorCode.ARCHIVE_REFUSED),
    ):
        with pytest.raises(StationError) as raised:
            find_pictures(access, token, NUMBER)
        assert raised.value.code is code


def test_no_log_names_a_patient(
    behind_nginx: ArchiveAccess, orthanc: Orthanc, tmp_path: Path
) -> None:
    orthanc.rest("/instances", as_file(picture(Visit())))
    find_pictures(behind_nginx, TOKEN, NUMBER)
    with web_session(behind_nginx, TOKEN) as session, troubles_told(behind_nginx):
        session.get(f"{behind_nginx.address}/studies/{NUMBER}/nothing")
        session.delete(f"{behind_nginx.address}/studies?PatientID={NUMBER}")
    for log in (*tmp_path.glob("*.log"), orthanc.folder / "orthanc.log"):
        text = log.read_text(encoding="utf-8", errors="replace")
        assert "Wolfe" not in text
        assert NUMBER not in text


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that PostgreSQL's account can pass through, which pytest's own is not."""
    with tempfile.TemporaryDirectory() as made:
        Path(made).chmod(0o711)
        yield Path(made)


def server(what: str, folder: Path) -> None:
    command = [sys.executable, "-m", "tests.archive.server", what, folder]
    variables = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run(command, cwd=PACKAGING.parents[1], env=variables, check=True)


@pytest.mark.slow
def test_a_backup_brings_a_lost_archive_back(open_folder: Path) -> None:
    if missing := why_no_server():
        pytest.skip(missing)
    archive = Archive(open_folder / "archive")
    storage, backup = archive.folder / "orthanc" / "storage", open_folder / "backup"
    variables = {
        **archive.postgres.variables,
        "STORAGE": str(storage),
        "AS_POSTGRES": "",
        "PATH": "/usr/local/bin:/usr/bin:/bin",
    }
    try:
        server("up", archive.folder)
        access = access_of(Settings(**archive.settings))
        with web_session(access, TOKEN) as session:
            for seed in range(20):
                store(session, access, [as_file(picture(Visit(), seed=seed))])
        held = find_pictures(access, TOKEN, NUMBER)
        assert len(held) == 20
        subprocess.run([PACKAGING / "backup", backup], env=variables, check=True)
        server("down", archive.folder)
        shutil.rmtree(storage)
        archive.postgres.start()
        archive.postgres.run("dropdb", "orthanc")
        subprocess.run([PACKAGING / "restore", backup], env=variables, check=True)
        server("up", archive.folder)
        assert find_pictures(access_of(Settings(**archive.settings)), TOKEN, NUMBER) == held
        assert archive.rest("/statistics")["CountInstances"] == 20
        fetch_picture(access_of(Settings(**archive.settings)), TOKEN, NUMBER, held[0])
    finally:
        server("down", archive.folder)
