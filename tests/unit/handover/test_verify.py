import dataclasses
import json
import os
import sys
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from dermstation.domain.presets import Limits
from dermstation.domain.records import Package
from dermstation.handover.options import DeviceData, PackageOptions
from dermstation.handover.removal import BROWSER_FILES
from dermstation.handover.verify import PackageFault, findings_json, verify_package
from dermstation.handover.writer import write_package

CLOSEUP, SUMMARY = "L1-closeup.jpg", "referral-summary.pdf"


def faults(folder: Path | str, expected=None) -> set[tuple[str, str]]:
    return {(found.fault, found.file) for found in verify_package(Path(folder), expected)}


@pytest.fixture
def folder(package: Package) -> Path:
    return Path(package.folder)


@pytest.mark.parametrize("name", [CLOSEUP, SUMMARY])
@pytest.mark.parametrize("place", [0.2, 0.5, 0.9])
def test_one_changed_byte_is_found_with_and_without_the_manifest(
    package, folder, name, place
) -> None:
    data = bytearray((folder / name).read_bytes())
    data[int(len(data) * place)] ^= 0x20
    (folder / name).write_bytes(data)
    assert (PackageFault.HASH_DIFFERS, name) in faults(folder, package.files)
    outside = {fault for fault, file in faults(folder) if file == name}
    assert outside & {PackageFault.HASH_DIFFERS, PackageFault.PDF_DAMAGED}


def test_swapped_pictures_are_found(package, folder) -> None:
    other = folder / "L1-general.jpg"
    first, second = (folder / CLOSEUP).read_bytes(), other.read_bytes()
    (folder / CLOSEUP).write_bytes(second)
    other.write_bytes(first)
    assert (PackageFault.HASH_DIFFERS, CLOSEUP) in faults(folder)
    assert (PackageFault.HASH_DIFFERS, other.name) in faults(folder, package.files)


def test_a_missing_and_an_added_file_are_found(package, folder, made) -> None:
    (folder / CLOSEUP).rename(folder / "L2-closeup.jpg")
    expected = {
        (PackageFault.FILE_MISSING, CLOSEUP),
        (PackageFault.FILE_UNEXPECTED, "L2-closeup.jpg"),
    }
    assert expected <= faults(folder)
    assert expected <= faults(folder, package.files)


@pytest.mark.parametrize("name", BROWSER_FILES)
def test_what_a_file_browser_leaves_beside_the_pictures_is_no_fault(package, folder, name) -> None:
    (folder / name).write_bytes(b"small pictures")
    assert verify_package(folder, package.files) == ()
    assert verify_package(folder) == ()


def test_a_missing_summary_leaves_no_list_to_check_by(folder) -> None:
    (folder / SUMMARY).unlink()
    assert (PackageFault.MANIFEST_ABSENT, SUMMARY) in faults(folder)


def test_another_pdf_in_the_summarys_place_is_found(folder) -> None:
    writer, buffer = PdfWriter(), BytesIO()
    writer.add_blank_page(200, 200)
    writer.write(buffer)
    (folder / SUMMARY).write_bytes(buffer.getvalue())
    assert (PackageFault.MANIFEST_ABSENT, SUMMARY) in faults(folder)


def test_a_pdf_with_a_script_is_found(folder) -> None:
    writer, buffer = PdfWriter(), BytesIO()
    writer.append(PdfReader(BytesIO((folder / SUMMARY).read_bytes())))
    script = DictionaryObject(
        {
            NameObject("/S"): NameObject("/JavaScript"),
            NameObject("/JS"): TextStringObject("app.alert('hello');"),
        }
    )
    writer.pages[0][NameObject("/AA")] = DictionaryObject({NameObject("/O"): script})
    writer.write(buffer)
    (folder / SUMMARY).write_bytes(buffer.getvalue())
    assert (PackageFault.PDF_ACTIVE, SUMMARY) in faults(folder)


def test_a_cut_jpeg_is_found(folder) -> None:
    data = (folder / CLOSEUP).read_bytes()
    (folder / CLOSEUP).write_bytes(data[: len(data) // 2])
    assert (PackageFault.IMAGE_DAMAGED, CLOSEUP) in faults(folder)


def test_place_owner_and_serial_number_in_a_picture_are_found(folder, made) -> None:
    data = made["with_segment"](made["jpeg"](made["picture"]()), 0xE1, made["leaky_exif"]())
    (folder / CLOSEUP).write_bytes(data)
    found = {fault for fault, file in faults(folder) if file == CLOSEUP}
    assert {
        PackageFault.METADATA_LOCATION,
        PackageFault.METADATA_OWNER,
        PackageFault.METADATA_SERIAL,
        PackageFault.METADATA_OTHER,
    } <= found


@pytest.mark.parametrize(
    ("marker", "body"),
    [
        (0xFE, b"taken by"),
        (0xE1, b"http://ns.adobe.com/xap/1.0/\0<x/>"),
        (0xED, b"Photoshop 3.0\0"),
        (0xE1, b"Exif\0\0garbage"),
    ],
)
def test_other_metadata_is_found(folder, made, marker, body) -> None:
    data = made["with_segment"](made["jpeg"](made["picture"]()), marker, body)
    (folder / CLOSEUP).write_bytes(data)
    assert (PackageFault.METADATA_OTHER, CLOSEUP) in faults(folder)


def test_bytes_after_a_picture_are_found(folder) -> None:
    with (folder / CLOSEUP).open("ab") as file:
        file.write(b"a second picture")
    assert (PackageFault.METADATA_OTHER, CLOSEUP) in faults(folder)


@pytest.mark.parametrize(
    ("name", "data", "fault"),
    [
        ("L1-empty.jpg", b"", PackageFault.FILE_EMPTY),
        ("L1-picture.jpg", b"%PDF-1.4", PackageFault.TYPE_DIFFERS),
        ("notes.zip", b"PK\3\4", PackageFault.TYPE_NOT_ALLOWED),
        ("notes.json", b"{}", PackageFault.TYPE_NOT_ALLOWED),
        ("L1-photo.heic", b"ftyp", PackageFault.TYPE_NOT_ALLOWED),
        ("9990000018.txt", b"x", PackageFault.NAME_IDENTITY),
        ("born-03-09-1958.txt", b"x", PackageFault.NAME_IDENTITY),
        ("two words.txt", b"x", PackageFault.NAME_NOT_ALLOWED),
        ("big.txt", b"x" * 5_242_881, PackageFault.FILE_TOO_BIG),
        ("broken.pdf", b"%PDF-1.4 nothing", PackageFault.PDF_DAMAGED),
    ],
)
def test_files_that_may_not_be_handed_over_are_found(folder, name, data, fault) -> None:
    (folder / name).write_bytes(data)
    assert (fault, name) in faults(folder)
    assert (PackageFault.FILE_UNEXPECTED, name) in faults(folder)


def test_more_than_5_megabytes_in_all_are_found(folder) -> None:
    (folder / "more.txt").write_bytes(b"x" * 5_100_000)
    assert (PackageFault.PACKAGE_TOO_BIG, "") in faults(folder)


def test_a_folder_within_is_found(folder) -> None:
    (folder / "inner").mkdir()
    assert (PackageFault.NOT_A_FILE, "inner") in faults(folder)


def test_a_link_within_is_found_and_not_followed(folder) -> None:
    (folder / "link.txt").symlink_to("/dev/zero")
    assert (PackageFault.NOT_A_FILE, "link.txt") in faults(folder)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes in folders")
def test_pipes_within_are_not_waited_for(folder) -> None:
    os.mkfifo(folder / "pipe.pdf")
    assert (PackageFault.NOT_A_FILE, "pipe.pdf") in faults(folder)


def test_a_folder_of_thousands_of_files_is_not_read(folder) -> None:
    for number in range(1_001):
        (folder / f"more-{number}.txt").touch()
    assert faults(folder) == {(PackageFault.TOO_MANY_FILES, "")}


def test_identity_in_the_folders_name_is_found(folder) -> None:
    moved = folder.rename(folder.with_name("referral-9990000018"))
    assert (PackageFault.NAME_IDENTITY, "") in faults(moved)


def test_a_png_with_text_in_it_is_found(folder, made) -> None:
    data = made["png"](made["picture"](64, 64))
    at = 33  # after signature and IHDR
    chunk = b"\0\0\0\4tEXtk\0vv" + (0).to_bytes(4, "big")
    (folder / "L1-extra.png").write_bytes(data[:at] + chunk + data[at:])
    assert (PackageFault.METADATA_OTHER, "L1-extra.png") in faults(folder)


def test_an_absent_folder_is_a_finding(tmp_path) -> None:
    assert faults(tmp_path / "gone") == {(PackageFault.FOLDER_ABSENT, "")}


def test_the_json_form_is_plain_and_says_ok(package, folder) -> None:
    assert findings_json(verify_package(folder)) == {"ok": True, "findings": []}
    (folder / "x.zip").write_bytes(b"PK")
    listed = json.loads(json.dumps(findings_json(verify_package(folder))))
    assert listed["ok"] is False
    assert {"fault": "type_not_allowed", "file": "x.zip"} in listed["findings"]


def test_the_vaults_manifest_is_checked_against_its_own_hashes(package, folder) -> None:
    changed = dataclasses.replace(package.files[0], sha256="0" * 64)
    assert (PackageFault.HASH_DIFFERS, changed.name) in faults(
        folder, [changed, *package.files[1:]]
    )


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    suffix=st.sampled_from(["jpg", "png", "tif", "pdf", "txt", "xml", "dcm"]),
    start=st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\0", b"%PDF-1.4\n", b""]),
    rest=st.binary(max_size=300),
)
def test_no_content_makes_verification_fail(tmp_path, suffix, start, rest) -> None:
    (tmp_path / f"hostile.{suffix}").write_bytes(start + rest)
    findings = verify_package(tmp_path)
    assert any(found.fault is PackageFault.MANIFEST_ABSENT for found in findings)
    (tmp_path / f"hostile.{suffix}").unlink()


def test_progressive_and_cmyk_pictures_are_read(tmp_path, made) -> None:
    progressive = made["jpeg"](made["picture"](300, 200), 90, cv2.IMWRITE_JPEG_PROGRESSIVE, 1)
    (tmp_path / "a.jpg").write_bytes(progressive)
    pil = pytest.importorskip("PIL.Image")
    pil.fromarray(np.zeros((40, 60, 4), np.uint8), "CMYK").save(tmp_path / "b.jpg", "JPEG")
    assert not {file for fault, file in faults(tmp_path) if fault is PackageFault.IMAGE_DAMAGED}


EXTRAS = {"dicom": True, "fhir": True}


@pytest.fixture
def with_extras(made, tmp_path: Path) -> Path:
    contents = dataclasses.replace(
        made["standard"](),
        options=PackageOptions(**EXTRAS),
        device=DeviceData("Test Maker", "Test Scope", "TS-1"),
    )
    package = write_package(contents, tmp_path, before_file=lambda path: None)
    assert verify_package(Path(package.folder)) == ()
    return Path(package.folder)


def changed_file(folder: Path, name: str, change) -> set[tuple[PackageFault, str]]:
    file = folder / name
    file.write_bytes(change(file.read_bytes()))
    return {(one.fault, one.file) for one in verify_package(folder)}


def test_a_changed_xml_file_is_found_by_its_hash_and_its_content(with_extras) -> None:
    found = changed_file(
        with_extras, "referral.xml", lambda data: data.replace(b"<Patient>", b"<Person>")
    )
    assert (PackageFault.XML_DAMAGED, "referral.xml") in found
    assert (PackageFault.HASH_DIFFERS, "referral.xml") in found


def test_a_swapped_dicom_file_is_found(with_extras) -> None:
    other = (with_extras / "L1-general.dcm").read_bytes()
    found = changed_file(with_extras, "L1-closeup.dcm", lambda _: other)
    assert found == {(PackageFault.HASH_DIFFERS, "L1-closeup.dcm")}


def test_the_summary_inside_dicom_must_be_the_one_beside_it(with_extras) -> None:
    name = "referral-summary.dcm"
    found = changed_file(with_extras, name, lambda data: data.replace(b"/Title", b"/Titel", 1))
    assert (PackageFault.HASH_DIFFERS, name) in found


def test_a_picture_named_dicom_is_found(with_extras) -> None:
    other = (with_extras / "L1-general.jpg").read_bytes()
    found = changed_file(with_extras, "L1-general.dcm", lambda _: other)
    assert (PackageFault.TYPE_DIFFERS, "L1-general.dcm") in found


def test_limits_of_the_destination_hold_without_the_manifest(with_extras) -> None:
    narrow = Limits(file_bytes=190_000, total_bytes=500_000, files_most=4)
    found = {one.fault for one in verify_package(with_extras, limits=narrow)}
    assert found == {
        PackageFault.FILE_TOO_BIG,
        PackageFault.PACKAGE_TOO_BIG,
        PackageFault.TOO_MANY_FILES,
    }


def test_limits_in_the_summary_are_those_it_was_made_for(made, tmp_path: Path) -> None:
    own = Limits(file_bytes=3_000_000, total_bytes=1_000_000)
    contents = dataclasses.replace(made["standard"](), options=PackageOptions(own_limits=own))
    package = write_package(contents, tmp_path, before_file=lambda path: None)
    extra = Path(package.folder) / "L1-extra.txt"
    extra.write_bytes(b"x" * 700_000)
    found = {one.fault for one in verify_package(Path(package.folder))}
    assert found == {PackageFault.FILE_UNEXPECTED, PackageFault.PACKAGE_TOO_BIG}


def test_a_pdf_without_embedded_fonts_is_found(tmp_path: Path) -> None:
    font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
    named = {NameObject(name): NameObject(value) for name, value in font.items()}
    writer = PdfWriter()
    page = writer.add_blank_page(200, 200)
    fonts = DictionaryObject({NameObject("/F1"): DictionaryObject(named)})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    writer.write(tmp_path / "plain.pdf")
    found = {(one.fault, one.file) for one in verify_package(tmp_path)}
    assert (PackageFault.PDF_FONT_MISSING, "plain.pdf") in found
