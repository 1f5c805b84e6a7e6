"""The patient's PDF opens only with its password, and is written only to allowed places."""

from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.handover import patient_pdf
from dermstation.handover.patient_pdf import write_patient_pdf
from dermstation.handover.places import FolderPlace, PlaceKind
from dermstation.handover.sealing import new_passphrase

PASSWORD = "six plain words for a test"


@pytest.fixture
def pdf() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    written = BytesIO()
    writer.write(written)
    return written.getvalue()


def test_it_opens_only_with_its_password_and_is_aes_256(pdf: bytes, tmp_path: Path) -> None:
    place = write_patient_pdf(pdf, tmp_path / "picture", PASSWORD, network_allowed=False)
    assert place == tmp_path / "picture.pdf"
    assert [one.name for one in tmp_path.iterdir()] == ["picture.pdf"]
    reader = PdfReader(place)
    assert reader.is_encrypted
    assert not reader.decrypt("")
    assert not reader.decrypt(new_passphrase())
    assert reader.decrypt(PASSWORD)
    assert len(reader.pages) == 1
    encryption = reader.trailer["/Encrypt"].get_object()
    assert (encryption["/V"], encryption["/R"]) == (5, 6)  # AES-256, ISO 32000-2


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (PlaceKind.SYNCED, ErrorCode.PLACE_SYNCED),
        (PlaceKind.NETWORK, ErrorCode.PLACE_NETWORK),
    ],
)
def test_synced_and_network_folders_are_refused_before_anything_is_written(
    kind, code, pdf, tmp_path, monkeypatch
) -> None:
    from dermstation.handover import places

    monkeypatch.setattr(places, "place_of", lambda folder: FolderPlace(kind, "a service"))
    with pytest.raises(StationError) as refused:
        write_patient_pdf(pdf, tmp_path / "picture.pdf", PASSWORD, network_allowed=False)
    assert refused.value.code is code
    assert not list(tmp_path.iterdir())


def test_a_removable_drive_is_allowed(pdf, tmp_path, monkeypatch) -> None:
    from dermstation.handover import places

    monkeypatch.setattr(places, "place_of", lambda folder: FolderPlace(PlaceKind.REMOVABLE))
    write_patient_pdf(pdf, tmp_path / "picture.pdf", PASSWORD, network_allowed=False)


def test_a_missing_folder_is_reported(pdf, tmp_path) -> None:
    with pytest.raises(StationError) as refused:
        write_patient_pdf(pdf, tmp_path / "gone" / "p.pdf", PASSWORD, network_allowed=False)
    assert refused.value.code is ErrorCode.COPY_NOT_SAVED


def test_a_copy_that_does_not_read_back_is_removed(pdf, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(patient_pdf, "opens_to", lambda *_: False)
    with pytest.raises(StationError) as refused:
        write_patient_pdf(pdf, tmp_path / "picture.pdf", PASSWORD, network_allowed=False)
    assert refused.value.code is ErrorCode.COPY_NOT_SAVED
    assert not list(tmp_path.iterdir())
