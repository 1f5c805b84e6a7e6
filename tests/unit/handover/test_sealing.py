import dataclasses
import shutil
import subprocess
from pathlib import Path

import pytest

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.handover import writer
from dermstation.handover.file_types import SEALED_PDF
from dermstation.handover.findings import PackageFault
from dermstation.handover.options import PackageOptions
from dermstation.handover.sealing import new_passphrase
from dermstation.handover.verify import verify_package
from dermstation.handover.writer import write_package

PASSPHRASE = "six plain words for a test"


def sealed(contents):
    options = PackageOptions().as_one_pdf(sealed=True)
    return dataclasses.replace(contents, options=options)


@pytest.fixture
def package(made, tmp_path):
    return write_package(
        sealed(made["standard"]()),
        tmp_path,
        before_file=lambda path: None,
        passphrase=PASSPHRASE,
    )


def test_passphrases_are_different_words_short_enough_for_every_reader() -> None:
    made = {new_passphrase() for _ in range(50)}
    assert len(made) == 50
    for passphrase in made:
        assert len(passphrase.split()) == 6
        assert len(passphrase) <= 32


def test_a_sealed_package_is_one_encrypted_pdf(package) -> None:
    assert [(file.name, file.media_type) for file in package.files] == [
        ("referral-summary.pdf", SEALED_PDF)
    ]
    data = (Path(package.folder) / "referral-summary.pdf").read_bytes()
    for told in (
        b"PATIENT",
        b"Patient-One",
        b"999 000 0018",
        b"Referral summary",
        b"dermstation-man",
    ):
        assert told not in data
    assert b"/AESV3" in data
    assert data.startswith(b"%PDF-2.0")  # the first version with this encryption


def test_it_is_whole_by_its_manifest_and_not_for_ers_without_it(package) -> None:
    assert verify_package(Path(package.folder), package.files) == ()
    found = {one.fault for one in verify_package(Path(package.folder))}
    assert found == {PackageFault.PDF_ENCRYPTED, PackageFault.MANIFEST_ABSENT}


def test_another_reader_opens_it_only_with_the_passphrase(package) -> None:
    reader = shutil.which("pdftotext")
    if reader is None:
        pytest.skip("pdftotext is not installed")
    file = Path(package.folder) / "referral-summary.pdf"
    opened = subprocess.run(
        [reader, "-upw", PASSPHRASE, file, "-"], check=True, capture_output=True, text=True
    )
    assert "PATIENT-ONE, Test" in opened.stdout
    assert subprocess.run([reader, file, "-"], check=False, capture_output=True).returncode != 0


def test_a_package_that_does_not_open_is_not_handed_over(made, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(writer, "sealed_pdf", lambda pdf, _: pdf)
    with pytest.raises(StationError) as caught:
        write_package(
            sealed(made["standard"]()),
            tmp_path,
            before_file=lambda path: None,
            passphrase=PASSPHRASE,
        )
    assert caught.value.code is ErrorCode.PACKAGE_NOT_VERIFIED
    assert list(tmp_path.iterdir()) == []


def test_without_a_passphrase_nothing_is_sealed(made, tmp_path) -> None:
    with pytest.raises(ValueError, match="passphrase"):
        write_package(sealed(made["standard"]()), tmp_path, before_file=lambda path: None)
    assert list(tmp_path.iterdir()) == []
