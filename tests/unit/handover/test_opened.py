"""A sample of `tests/opened`: packages as Python's other libraries read and draw them."""

import shutil
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pypdf
import pytest
import typst
from pypdf.generic import NameObject

from dermstation.domain.presets import Preset
from dermstation.domain.sites import Side
from dermstation.handover.dicom_pdf import summary_dicom
from dermstation.handover.fhir import referral_xml
from dermstation.handover.options import PackageOptions
from dermstation.handover.pdf import summary_pdf
from dermstation.handover.plan import plan_package
from dermstation.handover.writer import write_package
from tests.opened import boxes, mail, readers
from tests.opened.looking import differences, wrong_sides
from tests.opened.people import NAMES, SIDED, Case
from tests.opened.renderers import RENDERERS

PLAIN = PackageOptions(Preset.ERS_WEB)
PDFIUM = RENDERERS[0]


@pytest.fixture(scope="module")
def everything(tmp_path_factory):
    contents = Case("all", "accents", replace(PLAIN, dicom=True, fhir=True)).contents()
    folder = tmp_path_factory.mktemp("package")
    return contents, write_package(contents, folder, before_file=lambda _: None)


def summary_of(contents) -> bytes:
    return summary_pdf(contents, plan_package(contents), [])


@pytest.mark.parametrize("name", ["pydicom", "expat", "PDFium's text", "fhir.resources"])
def test_other_libraries_read_a_package_as_it_is_meant(everything, name) -> None:
    contents, package = everything
    (reader,) = (one for one in readers.READERS if one.name == name)
    files = [one for one in Path(package.folder).iterdir() if one.suffix == reader.suffix]
    assert files
    assert [one for file in files for one in reader.complaints(file, contents)] == []


def test_a_mail_program_finds_each_file_once(everything) -> None:
    contents, package = everything
    assert list(mail.complaints(package, contents)) == []


@pytest.mark.parametrize("script", NAMES)
def test_a_name_is_read_back_from_dicom_and_fhir(script, tmp_path: Path) -> None:
    contents = Case(script, script, PLAIN, with_pictures=False).contents()
    dicom, fhir = tmp_path / "referral-summary.dcm", tmp_path / "referral.xml"
    dicom.write_bytes(summary_dicom(contents, b"%PDF-1.7"))
    fhir.write_bytes(referral_xml(contents, (), {}))
    assert list(readers.by_pydicom(dicom, contents)) == []
    assert list(readers.by_expat(fhir, contents)) == []


@pytest.mark.parametrize("script", NAMES)
def test_a_name_and_the_number_are_copied_from_the_summary(script, tmp_path: Path) -> None:
    contents = Case(script, script, PLAIN, with_pictures=False).contents()
    pdf = tmp_path / "summary.pdf"
    pdf.write_bytes(summary_of(contents))
    assert list(readers.by_pdfium(pdf, contents)) == []


def test_the_summary_is_tagged_and_each_picture_has_a_text(everything) -> None:
    contents, package = everything
    assert list(readers.by_structure(Path(package.folder) / readers.SUMMARY, contents)) == []


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext is not installed")
def test_words_stand_where_others_find_them_and_never_on_one_another(everything, tmp_path) -> None:
    contents, package = everything
    assert list(boxes.complaints(Path(package.folder) / readers.SUMMARY, contents)) == []
    pdf = tmp_path / "overprinted.pdf"
    pdf.write_bytes(typst.compile(b"#place[under]#place[over]", format="pdf"))
    found = list(boxes.complaints(pdf, contents))
    assert found[0] == "only 2 words can be compared"
    assert "stand on one another" in found[1]


def forearms():
    first = 2 * next(number for number, one in enumerate(SIDED) if one.code == "41550009")
    return Case("arms", "accents", PLAIN, 2, first, with_pictures=False).contents()


def drawn(pdf: bytes, folder: Path) -> list:
    file = folder / "summary.pdf"
    file.write_bytes(pdf)
    return PDFIUM.pages(file, folder)


def without_clips(pdf: bytes) -> bytes:
    """Return the document as a program sees it that does not heed clips."""
    writer = pypdf.PdfWriter(clone_from=BytesIO(pdf))
    for page in writer.pages:
        content = page.get_contents()
        kept = [one for one in content.operations if one[1] not in (b"W", b"W*")]
        content.operations = kept
        page[NameObject("/Contents")] = writer._add_object(content)
    made = BytesIO()
    writer.write(made)
    return made.getvalue()


def test_the_body_map_shades_the_named_side_alone_with_and_without_clips(tmp_path: Path) -> None:
    contents = forearms()
    pdf = summary_of(contents)
    assert wrong_sides(drawn(pdf, tmp_path), contents) == []
    assert wrong_sides(drawn(without_clips(pdf), tmp_path), contents) == []


def test_a_wrong_side_is_found(tmp_path: Path) -> None:
    contents = forearms()
    pages = drawn(summary_of(contents), tmp_path)
    for side in (Side.LEFT, Side.RIGHT):
        lesions = [replace(one, lesion=replace(one.lesion, side=side)) for one in contents.lesions]
        other = replace(contents, lesions=tuple(lesions))
        assert len(wrong_sides(pages, other)) == 1
    assert wrong_sides(pages[:0], contents) == ["0 body maps for 2 lesions"]


def test_drawings_that_differ_are_found(tmp_path: Path) -> None:
    contents = forearms()
    pages = drawn(summary_of(contents), tmp_path)
    lacking = [page.copy() for page in pages]
    lacking[0][:400] = 255
    assert differences(pages, pages, 0, 0) == []
    assert len(differences(pages, lacking, 6, 0.01)) == 2
    assert differences(pages, [], 6, 0.01) == [f"0 pages, not {len(pages)}"]
