"""What other programs read in the files of a package, and what they find wrong with them.

Each check is given the package's folder and returns its complaints; a program that is not installed
is told by `LACKING`, never by silence.
"""

import importlib.util
import json
import re
import shutil
import subprocess
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from dermstation.domain.identity import Patient
from dermstation.domain.shots import SHOT_GUIDES
from dermstation.handover.contents import PackageContents
from dermstation.handover.dicom_text import patient_name
from tests.opened import boxes
from tests.opened.people import REASON

SUMMARY = "referral-summary.pdf"
NHS_NUMBER = re.compile(r"999[\s\u00a0]?000[\s\u00a0]?0018")
_FHIR = "{http://hl7.org/fhir}"
_MARKS = frozenset({b"BMC", b"BDC"})  # PDF operators: marked content, and what shows something
_SHOWS = frozenset(b"Tj TJ ' \" f F f* B B* b b* S s sh Do EI".split())


@dataclass(frozen=True)
class Reader:
    """A check by another program: what it needs, and the files of which kind it reads."""

    name: str
    needs: str  # a command, or a Python library
    suffix: str
    complaints: Callable[[Path, PackageContents], Iterator[str]]

    @property
    def lack(self) -> str:
        """Return why the check cannot be made here, or an empty text if it can."""
        found = shutil.which(self.needs) or importlib.util.find_spec(self.needs)
        return "" if found else f"{self.needs} is not installed"


def said_by(*command: object) -> tuple[int, str]:
    """Run a program and return its exit status and all that it said."""
    words = [str(one) for one in command]
    done = subprocess.run(words, check=False, capture_output=True)
    return done.returncode, (done.stdout + done.stderr).decode(errors="replace")


# the summary


def told_in_text(text: str, patient: Patient) -> Iterator[str]:
    """Compare the text that somebody would copy with the patient's number and name."""
    if not NHS_NUMBER.search(text):
        yield "the NHS number cannot be copied"
    letters = _letters(text)
    for word in patient.full_name.replace(",", " ").split():
        if _letters(word) not in letters:
            yield f"the name cannot be copied: {word!r}"


def _letters(text: str) -> str:
    """Return what a search sees: without spaces, signs of direction, and hyphens.

    PDFium writes U+FFFE for a hyphen at the end of a line.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(
        one for one in folded if unicodedata.category(one) not in {"Cf", "Cc", "Cn", "Zs", "Pd"}
    )


def _by_pdftotext(pdf: Path, contents: PackageContents) -> Iterator[str]:
    yield from told_in_text(said_by("pdftotext", pdf, "-")[1], contents.patient)


def _by_mutool(pdf: Path, contents: PackageContents) -> Iterator[str]:
    """Look for the number and each letter of the name.

    MuPDF tells letters as they stand on the page, and those of several glyphs more than once.
    """
    text = said_by("mutool", "draw", "-q", "-F", "txt", pdf)[1]
    if not NHS_NUMBER.search(text):
        yield "the NHS number cannot be copied"
    if lacking := set(_letters(contents.patient.full_name)) - set(_letters(text)):
        yield f"letters of the name cannot be copied: {sorted(lacking)}"


def by_pdfium(pdf: Path, contents: PackageContents) -> Iterator[str]:
    """Copy everything as a browser does."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        text = "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()
    yield from told_in_text(text, contents.patient)


def _by_qpdf(pdf: Path, _: PackageContents) -> Iterator[str]:
    status, words = said_by("qpdf", "--check", pdf)
    if status:
        yield words


def _by_pdfinfo(pdf: Path, _: PackageContents) -> Iterator[str]:
    if not re.search(r"^Tagged:\s+yes", said_by("pdfinfo", pdf)[1], re.MULTILINE):
        yield "pdfinfo: not tagged"


def by_structure(pdf: Path, contents: PackageContents) -> Iterator[str]:
    """Check what a screen reader needs: all is tagged, and each picture and map has a text."""
    from pypdf import PdfReader

    document = PdfReader(pdf)
    root: Any = document.root_object
    if not root.get("/MarkInfo", {}).get("/Marked"):
        yield "not marked as tagged"
    if "/StructTreeRoot" not in root:
        yield "no structure"
        return
    found = list(_elements(root["/StructTreeRoot"]))
    yield from _figures([one for one in found if one["/S"] == "/Figure"], contents)
    levels = [int(one["/S"][2]) for one in found if re.fullmatch(r"/H[1-6]", one["/S"])]
    if any(later > earlier + 1 for earlier, later in zip([0, *levels], levels, strict=False)):
        yield f"headings of the levels {levels}"
    for number, page in enumerate(document.pages, start=1):
        if untagged := _untagged(page.get_contents().operations):
            yield f"page {number}: neither tagged nor an artifact: {untagged}"
        for name, font in page["/Resources"].get("/Font", {}).items():
            if "/ToUnicode" not in font.get_object():
                yield f"page {number}: nobody can tell the letters of font {name}"


def _figures(figures: list[Any], contents: PackageContents) -> Iterator[str]:
    texts = [str(one.get("/Alt", "")) for one in figures]
    if not all(texts):
        yield f"{texts.count('')} of {len(texts)} figures have no alternative text"
    for one in contents.lesions:
        for held in one.captures:
            title = SHOT_GUIDES[held.capture.shot].title
            if not any(f"{one.lesion.label} {title}".lower() in words.lower() for words in texts):
                yield f"no figure is called {one.lesion.label} {title}"
    if len(texts) < len(contents.captures):
        yield f"{len(texts)} figures for {len(contents.captures)} pictures"


def _untagged(operations: list[tuple[Any, bytes]]) -> set[bytes]:
    """Return what is shown outside of all marked content."""
    depth, found = 0, set()
    for _, what in operations:
        depth += (what in _MARKS) - (what == b"EMC")
        if not depth and what in _SHOWS:
            found.add(what)
    return found


def _elements(element: Any) -> Iterator[Any]:
    """Yield the elements of a structure tree; numbers in it are marks on a page."""
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        found = kid.get_object()
        if isinstance(found, dict) and "/S" in found:
            yield found
            yield from _elements(found)


# DICOM


def by_pydicom(file: Path, contents: PackageContents) -> Iterator[str]:
    """Read name and number, and the verdict of a picture that was kept although poor."""
    import pydicom

    dataset = pydicom.dcmread(file)
    if str(dataset.PatientName) != patient_name(contents.patient):
        yield f"the name is {dataset.PatientName!r}"
    if any(len(group) > 64 for group in str(dataset.PatientName).split("=")):
        yield "the name has more than 64 characters"
    if dataset.PatientID != contents.patient.nhs_number.digits:
        yield "another NHS number"
    whole = " ".join([str(dataset.PatientName), str(dataset.get("PatientComments", ""))])
    for word in contents.patient.full_name.replace(",", " ").split():
        if word.casefold() not in whole.casefold():
            yield f"the name lacks {word!r}"
    if "closeup" in file.name and REASON not in dataset.ImageComments:
        yield "the reason is lacking"


def _by_dcmdump(file: Path, contents: PackageContents) -> Iterator[str]:
    text = said_by("dcmdump", "+L", "+P", "PatientName", file)[1]
    if f"[{patient_name(contents.patient)}]" not in text:
        yield f"dcmdump reads another name: {text}"


def by_dciodvfy(file: Path, _: PackageContents) -> Iterator[str]:
    """List the errors, but for lengths: it counts bytes where PS3.5, 6.2 counts characters."""
    for line in said_by("dciodvfy", "-new", file)[1].splitlines():
        if line.startswith("Error") and "Length invalid for this VR" not in line:
            yield line
        if "Retired" in line:
            yield line


def _by_dcmj2pnm(file: Path, _: PackageContents) -> Iterator[str]:
    if file.name == "referral-summary.dcm":
        return
    status, words = said_by("dcmj2pnm", "+cn", file, file.with_suffix(".ppm"))
    file.with_suffix(".ppm").unlink(missing_ok=True)
    if status:
        yield words


# JPEG


def _by_exiftool(file: Path, _: PackageContents) -> Iterator[str]:
    tags = json.loads(said_by("exiftool", "-json", "-n", file)[1])[0]
    if tags.get("ColorSpace") != 1:
        yield f"ColorSpace {tags.get('ColorSpace')}"
    if "closeup" in file.name and REASON not in tags.get("ImageDescription", ""):
        yield "the reason is lacking"
    yield from (f"exiftool: {tags[one]}" for one in ("Error", "Warning") if one in tags)


def _by_jpeginfo(file: Path, _: PackageContents) -> Iterator[str]:
    status, words = said_by("jpeginfo", "-c", file)
    if status or " OK" not in words:
        yield words


# FHIR


def by_expat(file: Path, contents: PackageContents) -> Iterator[str]:
    """Read the patient's name and number with Python's own XML reader."""
    root = ET.parse(file).getroot()
    patient = next(root.iter(f"{_FHIR}Patient"))

    def value(path: str) -> str:
        found = patient.find(path.replace("f:", _FHIR))
        return found.get("value", "") if found is not None else ""

    who = contents.patient
    if (value("f:name/f:family"), value("f:name/f:given")) != (who.family_name, who.given_name):
        yield "another name"
    if value("f:identifier/f:value") != who.nhs_number.digits:
        yield "another NHS number"
    for section in root.iter(f"{_FHIR}section"):
        if section.find(f"{_FHIR}text") is None:
            yield "a section without a text for people"
    told = [one.get("value", "") for one in root.iter(f"{_FHIR}description")]
    if contents.captures and not any(REASON in one for one in told):
        yield "the reason is lacking"


def _by_fhir_resources(file: Path, contents: PackageContents) -> Iterator[str]:
    from fhir.resources.R4B.bundle import Bundle

    bundle = Bundle.model_validate_xml(file.read_bytes())
    names = [
        one.resource.name[0]
        for one in bundle.entry
        if one.resource.get_resource_type() == "Patient"
    ]
    who = contents.patient
    if [(one.family, one.given) for one in names] != [(who.family_name, [who.given_name])]:
        yield "another name"


READERS = (
    Reader("pdftotext", "pdftotext", ".pdf", _by_pdftotext),
    Reader("MuPDF's text", "mutool", ".pdf", _by_mutool),
    Reader("PDFium's text", "pypdfium2", ".pdf", by_pdfium),
    Reader("text boxes", "pdftotext", ".pdf", boxes.complaints),
    Reader("qpdf", "qpdf", ".pdf", _by_qpdf),
    Reader("pdfinfo", "pdfinfo", ".pdf", _by_pdfinfo),
    Reader("structure", "pypdf", ".pdf", by_structure),
    Reader("pydicom", "pydicom", ".dcm", by_pydicom),
    Reader("dcmdump", "dcmdump", ".dcm", _by_dcmdump),
    Reader("dciodvfy", "dciodvfy", ".dcm", by_dciodvfy),
    Reader("dcmj2pnm", "dcmj2pnm", ".dcm", _by_dcmj2pnm),
    Reader("exiftool", "exiftool", ".jpg", _by_exiftool),
    Reader("jpeginfo", "jpeginfo", ".jpg", _by_jpeginfo),
    Reader("expat", "xml", ".xml", by_expat),
    Reader("fhir.resources", "fhir", ".xml", _by_fhir_resources),
)
