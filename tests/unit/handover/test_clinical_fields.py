"""What the consultant asks for reaches every form of the package; what is unknown is left out."""

import dataclasses
import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import pydicom
import pytest
from lxml import etree
from pypdf import PdfReader

from dermstation.domain.consents import Answer
from dermstation.domain.identity import Sex
from dermstation.domain.lesion_facts import LesionFacts, Note, Question, made_history
from dermstation.domain.opinion import Opinion
from dermstation.domain.sites import SOLE
from dermstation.domain.text_limits import NOTE_MAX_CHARS
from dermstation.handover.assembly import assemble
from dermstation.handover.contents import Referrer
from dermstation.handover.message_text import message_text
from dermstation.handover.options import DeviceData, PackageOptions
from dermstation.handover.plan import _fhir_bytes, _text_bytes

SPACE = "{http://hl7.org/fhir}"
DEVICE = DeviceData("Test Maker", "Test Scope", "TS-1")
ANSWERS = {
    Question.PIGMENTED: Answer.YES,
    Question.PACEMAKER: Answer.YES,
    Question.LIES_FLAT: Answer.NO,
    Question.ANTICOAGULANTS: Answer.YES,
}
NOTES = {
    Note.SIZE_MM: "7.5",
    Note.ELEVATION: "raised",
    Note.DURATION: "4 months",
    Note.TEMPO: "doubled in 6 weeks",
    Note.ANTICOAGULANT: "apixaban",
    Note.ALLERGIES: "latex",
}
FACTS = LesionFacts(
    history=made_history(ANSWERS, NOTES, None),
    opinion=Opinion("?melanoma", "the blue edge"),
)


def with_facts(contents, facts: LesionFacts = FACTS):
    lesions = tuple(
        dataclasses.replace(one, lesion=dataclasses.replace(one.lesion, facts=facts))
        for one in contents.lesions
    )
    return dataclasses.replace(contents, lesions=lesions)


def files_of(contents) -> dict[str, bytes]:
    options = PackageOptions(dicom=True, fhir=True)
    return dict(assemble(dataclasses.replace(contents, options=options, device=DEVICE)).data)


def pdf_words(data: bytes) -> str:
    return " ".join(
        " ".join(page.extract_text().split()) for page in PdfReader(BytesIO(data)).pages
    )


def answers_of(xml: bytes) -> dict[str, str | None]:
    """Map the link of each item to its answer, or to None."""
    found = {}
    for item in etree.fromstring(xml).iter(f"{SPACE}item"):
        answer = item.find(f"{SPACE}answer")
        told = None
        if answer is not None:
            value = answer[0]
            inside = value.find(f"{SPACE}value")  # of a quantity
            told = value.get("value") if inside is None else inside.get("value")
        found[item.find(f"{SPACE}linkId").get("value")] = told
    return found


@pytest.fixture(scope="module")
def told(made) -> dict[str, bytes]:
    referrer = Referrer("clinician", "GMC 1234567", "01632 960001")
    return files_of(dataclasses.replace(with_facts(made["standard"]()), referrer=referrer))


def test_the_referrer_s_role_number_and_line_are_told(made) -> None:
    referrer = Referrer("clinician", "GMC 1234567", "01632 960001")
    files = files_of(dataclasses.replace(made["standard"](), referrer=referrer))
    words = pdf_words(files["referral-summary.pdf"])
    assert "Dr Test, clinician, GMC 1234567" in words
    assert "Direct line: 01632 960001" in words
    xml = files["referral.xml"].decode()
    for told in ('value="1234567"', 'value="GMC"', 'value="01632 960001"', 'value="clinician"'):
        assert xml.count(told) == 1
    picture = pydicom.dcmread(BytesIO(files["L1-closeup.dcm"]))
    assert picture.ReferringPhysicianTelephoneNumbers == "01632 960001"


def test_a_referrer_without_number_and_line_is_told_without(untold) -> None:
    assert "Direct line: not recorded" in pdf_words(untold["referral-summary.pdf"])
    assert b"telecom" not in untold["referral.xml"]
    bare = pydicom.dcmread(BytesIO(untold["L1-closeup.dcm"]))
    assert "ReferringPhysicianTelephoneNumbers" not in bare


@pytest.mark.parametrize(
    ("sex", "in_pdf", "in_fhir", "in_dicom"),
    [
        (Sex.FEMALE, "age 66, female", "female", "F"),
        (Sex.MALE, "age 66, male", "male", "M"),
        (Sex.OTHER, "age 66, sex other or indeterminate", "other", "O"),
        (Sex.NOT_RECORDED, "age 66, sex not recorded", None, ""),
    ],
)
def test_the_sex_is_told_in_each_form_s_own_words(made, sex, in_pdf, in_fhir, in_dicom) -> None:
    contents = made["standard"]()
    patient = dataclasses.replace(contents.patient, sex=sex)
    files = files_of(dataclasses.replace(contents, patient=patient))
    assert in_pdf in pdf_words(files["referral-summary.pdf"])
    xml = etree.fromstring(files["referral.xml"])
    genders = [one.get("value") for one in xml.iter(f"{SPACE}gender")]
    assert genders == ([in_fhir] if in_fhir else [])
    assert pydicom.dcmread(BytesIO(files["L1-closeup.dcm"])).PatientSex == in_dicom


@pytest.fixture(scope="module")
def untold(made) -> dict[str, bytes]:
    return files_of(made["standard"]())


def test_the_summary_begins_with_the_working_diagnosis(told) -> None:
    words = pdf_words(told["referral-summary.pdf"])
    opinion = "GP thinks L1: ?melanoma; uncertain: the blue edge"
    assert words.index(opinion) < words.index("Asks: Is excision needed?")
    for expected in (
        "7.5 mm; raised; pigmented; for how long: 4 months; how fast: doubled in 6 weeks",
        "YES: anticoagulants (apixaban); pacemaker or ICD; cannot lie flat allergies: latex",
        "Not asked: 13.",
    ):
        assert expected in words


def test_the_summary_says_in_one_line_what_nobody_recorded(untold) -> None:
    words = pdf_words(untold["referral-summary.pdf"])
    assert "Not recorded: working diagnosis, size in mm, flat or raised." in words
    assert "polarised or not: not recorded" in words
    assert "thinks" not in words


def test_the_message_has_the_working_diagnosis_and_the_history(made) -> None:
    contents = with_facts(made["standard"]())
    text = message_text(contents.episode, [(one.lesion, []) for one in contents.lesions], ())
    assert "\nWorking diagnosis: ?melanoma. Uncertain: the blue edge.\n" in text
    assert "anticoagulant: apixaban" in text


def test_the_referral_as_fhir_has_each_as_an_answer_of_its_own(told) -> None:
    answers = answers_of(told["referral.xml"])
    expected = {
        "diagnosis": "?melanoma",
        "uncertain": "the blue edge",
        "size-mm": "7.5",
        "elevation": "raised",
        "duration": "4 months",
        "tempo": "doubled in 6 weeks",
        "anticoagulant": "apixaban",
        "pigmented": "true",
        "pacemaker": "true",
        "lies-flat": "false",
    }
    assert {link: answers[f"L1.{link}"] for link in expected} == expected
    reasons = [
        one.find(f"{SPACE}text").get("value")
        for one in etree.fromstring(told["referral.xml"]).iter(f"{SPACE}reasonCode")
        if one.find(f"{SPACE}text") is not None
    ]
    assert reasons == ["L1: Working diagnosis: ?melanoma. Uncertain: the blue edge"]


def test_what_was_not_asked_has_no_answer_in_fhir(untold) -> None:
    answers = answers_of(untold["referral.xml"])
    for link in ("diagnosis", "size-mm", "pigmented", "pacemaker", "lies-flat", "anticoagulant"):
        assert answers[f"L1.{link}"] is None


def test_dicom_has_what_its_standard_has_a_place_for(told, untold) -> None:
    picture = pydicom.dcmread(BytesIO(told["L1-closeup.dcm"]))
    assert picture.AdmittingDiagnosesDescription == "L1 ?melanoma"
    assert list(picture.MedicalAlerts) == ["Pacemaker or ICD", "Anticoagulant: apixaban"]
    assert picture.Allergies == "latex"
    bare = pydicom.dcmread(BytesIO(untold["L1-closeup.dcm"]))
    for name in ("AdmittingDiagnosesDescription", "MedicalAlerts", "Allergies"):
        assert name not in bare


def test_another_program_finds_no_error_in_these_places(told, tmp_path: Path) -> None:
    checker = shutil.which("dciodvfy")
    if checker is None:
        pytest.skip("dciodvfy is not installed")
    for name in (one for one in told if one.endswith(".dcm")):
        file = tmp_path / name
        file.write_bytes(told[name])
        found = subprocess.run([checker, "-new", file], check=False, capture_output=True, text=True)
        assert "Error" not in found.stdout + found.stderr
        assert found.returncode == 0


def test_the_bytes_reserved_hold_the_longest_answers(made) -> None:
    long = (Note.DURATION, Note.TEMPO, Note.ANTICOAGULANT, Note.ALLERGIES, Note.MEDICINES)
    notes = dict.fromkeys(long, "\N{GREEK SMALL LETTER OMEGA}" * NOTE_MAX_CHARS)
    opinion = Opinion("d" * 200, "\N{BLACK SQUARE}" * 200)
    facts = LesionFacts(history=made_history(ANSWERS, notes, None), opinion=opinion)
    contents = dataclasses.replace(
        with_facts(made["standard"](), facts), options=PackageOptions(fhir=True)
    )
    files = assemble(contents).data
    assert len(files["referral.xml"]) <= _fhir_bytes(contents, 3)
    copies = sum(len(data) for name, data in files.items() if name.endswith(".jpg"))
    assert len(files["referral-summary.pdf"]) <= _text_bytes(contents, 3) + copies


def test_the_sole_keeps_its_own_code_in_every_form(made) -> None:
    contents = made["standard"]()
    lesions = tuple(
        dataclasses.replace(one, lesion=dataclasses.replace(one.lesion, site_code=SOLE))
        for one in contents.lesions
    )
    files = files_of(dataclasses.replace(contents, lesions=lesions))
    assert "Sole (left)" in pdf_words(files["referral-summary.pdf"])
    assert files["referral.xml"].decode().count('value="http://dicom.nema.org/resources/ont') == 2
    region = pydicom.dcmread(BytesIO(files["L1-closeup.dcm"])).AnatomicRegionSequence[0]
    assert (region.CodeValue, region.CodingSchemeDesignator) == (SOLE, "DCM")
    dermoscopic = pydicom.dcmread(BytesIO(files["L1-dermoscopic.dcm"]))
    assert dermoscopic.RecognizableVisualFeatures == "YES"  # its prints


def test_a_side_that_nobody_recorded_is_said_wherever_the_site_is_told(made) -> None:
    contents = made["standard"]()
    one = contents.lesions[0]
    lesion = dataclasses.replace(one.lesion, side=None)
    files = files_of(
        dataclasses.replace(contents, lesions=(dataclasses.replace(one, lesion=lesion),))
    )
    where = "Forearm, back (side not recorded)"
    assert f"L1 \u00b7 {where}" in pdf_words(files["referral-summary.pdf"])
    assert f"L1: {where}" in message_text(contents.episode, [(lesion, [])], ())
    assert files["referral.xml"].decode().count(where) >= 3  # request, history, each picture
    assert pydicom.dcmread(BytesIO(files["L1-closeup.dcm"])).SeriesDescription == f"L1 {where}"
