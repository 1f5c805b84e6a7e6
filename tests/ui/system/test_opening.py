"""A practice's film or page is opened exactly as set, and a film only if it exists."""

from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.ui.system import opening
from dermstation.workflow.how_to import LinkKind, OwnLink


class Opened(QObject):
    """A stand-in for the PC's own programs."""

    def __init__(self) -> None:
        super().__init__()
        self.urls: list[QUrl] = []

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        self.urls.append(url)


@pytest.fixture
def opened(qapp):
    taker = Opened()
    for scheme in ("https", "file"):
        QDesktopServices.setUrlHandler(scheme, taker, "take")
    yield taker.urls
    for scheme in ("https", "file"):
        QDesktopServices.unsetUrlHandler(scheme)


def test_a_page_is_opened_exactly_as_set(opened) -> None:
    opening.open_link(OwnLink("Ours", "https://practice.example/a?b=c", LinkKind.WEB))
    assert [url.toString() for url in opened] == ["https://practice.example/a?b=c"]


def test_a_film_is_opened_by_its_path(opened, tmp_path) -> None:
    film = tmp_path / "our scope.mp4"
    film.write_bytes(b"film")
    opening.open_link(OwnLink("Ours", str(film), LinkKind.FILE))
    assert [Path(url.toLocalFile()) for url in opened] == [film]


def test_a_missing_film_is_reported(opened, tmp_path) -> None:
    with pytest.raises(StationError) as refused:
        opening.open_link(OwnLink("Ours", str(tmp_path / "gone.mp4"), LinkKind.FILE))
    assert refused.value.code is ErrorCode.HOW_TO_FILE_ABSENT
    assert not opened


def test_a_folder_is_shown_only_if_it_is_there(opened, tmp_path) -> None:
    opening.open_folder(tmp_path)
    assert [Path(url.toLocalFile()) for url in opened] == [tmp_path]
    with pytest.raises(StationError) as refused:
        opening.open_folder(tmp_path / "gone")
    assert refused.value.code is ErrorCode.PACKAGE_FOLDER_NOT_OPENED
    assert len(opened) == 1


def test_a_pc_without_a_program_for_it_is_reported(monkeypatch) -> None:
    monkeypatch.setattr(opening.QDesktopServices, "openUrl", lambda _: False)
    with pytest.raises(StationError) as refused:
        opening.open_link(OwnLink("Ours", "https://practice.example", LinkKind.WEB))
    assert refused.value.code is ErrorCode.HOW_TO_NOT_OPENED
