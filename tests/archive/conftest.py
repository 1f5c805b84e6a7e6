"""The archive of the tests: a real Orthanc behind TLS, one for each module."""

from collections.abc import Iterator

import pytest

from tests.archive.orthanc import Orthanc, orthanc_in, why_missing


@pytest.fixture(scope="module")
def started_orthanc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Orthanc]:
    """Start an Orthanc with what `packaging/archive` ships; skip if there is none here."""
    if missing := why_missing():
        pytest.skip(missing)
    made = orthanc_in(tmp_path_factory.mktemp("orthanc"))
    try:
        made.start()
        yield made
    finally:
        made.close()


@pytest.fixture
def orthanc(started_orthanc: Orthanc) -> Orthanc:
    """Return the module's Orthanc without any object or worklist entry."""
    started_orthanc.empty()
    for entry in started_orthanc.worklists.iterdir():
        entry.unlink()
    return started_orthanc
