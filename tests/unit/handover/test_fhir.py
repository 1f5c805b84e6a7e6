import dataclasses

import pytest
from fhir.resources.R4B.bundle import Bundle
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from dermstation.domain.consents import Answer
from dermstation.domain.routes import ROUTE_GUIDES, Route
from dermstation.handover.assembly import assemble
from dermstation.handover.fhir import is_valid_bundle, referral_xml
from dermstation.handover.findings import PackageFault
from dermstation.handover.options import DeviceData, PackageOptions
from dermstation.handover.xml_checks import xml_faults

SPACE = "{http://hl7.org/fhir}"
XHTML = "{http://www.w3.org/1999/xhtml}"


def xml_of(contents) -> bytes:
    asked = dataclasses.replace(contents, options=PackageOptions(fhir=True))
    return assemble(asked).data["referral.xml"]


def values(xml: bytes, tag: str) -> list[str]:
    return [one.get("value") for one in etree.fromstring(xml).iter(SPACE + tag)]


def kinds(xml: bytes) -> list[str]:
    return [
        one[0].tag.removeprefix(SPACE) for one in etree.fromstring(xml).iter(f"{SPACE}resource")
    ]


def test_the_document_holds_each_resource(made) -> None:
    found = kinds(xml_of(made["standard"]()))
    assert found[0] == "Composition"
    assert set(found) == {
        "Composition",
        "Patient",
        "Organization",
        "Practitioner",
        "ServiceRequest",
        "QuestionnaireResponse",
        "DocumentReference",
        "Consent",
    }
    assert found.count("DocumentReference") == 4  # three pictures and the summary
    assert found.count("Practitioner") == 2


def test_it_names_the_patient_the_request_and_the_urgency(made) -> None:
    xml = xml_of(made["standard"]())
    text = xml.decode()
    for told in (
        'value="9990000018"',
        'value="1958-09-03"',
        'value="Patient-One"',
        'value="Is excision needed?"',
        'value="Changed over three months. No itch."',
        'value="https://fhir.nhs.uk/Id/nhs-number"',
        'value="L1-dermoscopic.jpg"',
    ):
        assert told in text
    assert {"URGENT", "95324001", "446078004", "41550009"} <= set(values(xml, "code"))


def test_every_code_is_a_verified_one(made) -> None:
    systems = set()
    for coding in etree.fromstring(xml_of(made["standard"]())).iter(SPACE + "coding"):
        systems.add(coding.find(SPACE + "system").get("value"))
    assert systems == {
        "http://snomed.info/sct",
        "https://fhir.nhs.uk/STU3/CodeSystem/eRS-Priority-1",
        "http://terminology.hl7.org/CodeSystem/consentscope",
    }


@pytest.mark.parametrize("route", Route)
def test_every_route_is_written(made, route) -> None:
    contents = made["contents_of"]()
    episode = dataclasses.replace(contents.episode, route=route)
    xml = xml_of(dataclasses.replace(contents, episode=episode))
    assert ROUTE_GUIDES[route].title in values(xml, "text")


def test_a_refusal_is_a_rejected_consent_and_no_consent_is_no_resource(made) -> None:
    contents = made["contents_of"]()
    given_no = dataclasses.replace(contents.episode.consent, given=False)
    refused = dataclasses.replace(contents.episode, consent=given_no)
    none = dataclasses.replace(contents.episode, consent=None)
    assert "deny" in values(xml_of(dataclasses.replace(contents, episode=refused)), "type")
    assert "Consent" not in kinds(xml_of(dataclasses.replace(contents, episode=none)))


def test_what_was_not_asked_has_no_answer(made) -> None:
    lesion = made["lesion_of"](history="")
    from dermstation.handover.contents import LesionContents

    xml = xml_of(made["contents_of"](LesionContents(lesion, ())))
    items = {
        one.find(SPACE + "linkId").get("value"): one.find(SPACE + "answer")
        for one in etree.fromstring(xml).iter(SPACE + "item")
    }
    assert items["L1.history"] is None
    assert items["L1.side"] is not None


def test_it_reads_back_as_it_was_and_is_the_same_each_time(made) -> None:
    contents = made["standard"]()
    xml = xml_of(contents)
    again = Bundle.model_validate_xml(xml).model_dump_xml(pretty_print=True)
    assert again == xml == xml_of(contents)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.text(max_size=300))
def test_any_text_can_be_carried(made, text) -> None:
    contents = made["contents_of"](question=text, practice_name=text[:50])
    assert list(xml_faults(referral_xml(contents, (), {}))) == []


def texts(xml: bytes) -> dict[str, str]:
    """Return the text of the patient and of each section of a document."""
    root = etree.fromstring(xml)
    sections = root.iter(SPACE + "section")
    found = {one.find(SPACE + "title").get("value"): one for one in sections}
    found["Patient"] = next(root.iter(SPACE + "Patient"))
    return {
        title: "\n".join(one.find(f"{SPACE}text/{XHTML}div").itertext())
        for title, one in found.items()
    }


def test_each_section_and_the_patient_have_a_text_for_people(made) -> None:
    question = 'Is <b>this</b> & that "urgent"?\nSecond line'
    xml = xml_of(made["standard"](question=question, family_name="O'Neill & <Test>"))
    assert list(xml_faults(xml)) == []
    found = texts(xml)
    assert list(found) == ["Request", "History", "Pictures", "Summary", "Consent", "Patient"]
    assert 'Is <b>this</b> & that "urgent"?' in found["Request"]
    assert "RADS" in found["Request"]
    assert "Not recorded" in found["Request"]  # whether the patient was told
    assert "O'NEILL & <TEST>, Test" in found["Patient"]
    assert "999 000 0018" in found["Patient"]
    assert "Changed over three months" in found["History"]
    assert "L1-closeup.jpg" in found["Pictures"]
    assert "Kept although poor: Tremor of the arm" in found["Pictures"]
    tags = {one.tag for one in etree.fromstring(xml).iter() if XHTML in str(one.tag)}
    assert tags == {XHTML + "div", XHTML + "p", XHTML + "br"}


def test_the_reviewer_attests_and_nobody_else(made) -> None:
    contents = made["standard"]()
    assert "attester" not in xml_of(contents).decode()
    reviewed = dataclasses.replace(
        contents, reviewed_by="r1", operators={**contents.operators, "r1": "Dr Reviewer-Test"}
    )
    root = etree.fromstring(xml_of(reviewed))
    (attester,) = root.iter(SPACE + "attester")
    who = attester.find(f"{SPACE}party/{SPACE}reference").get("value")
    entry = next(
        one
        for one in root.iter(SPACE + "entry")
        if (url := one.find(SPACE + "fullUrl")) is not None and url.get("value") == who
    )
    assert entry.find(f".//{SPACE}name/{SPACE}text").get("value") == "Dr Reviewer-Test"


@pytest.mark.parametrize(
    ("route", "told", "answer"),
    [
        (Route.RADS, Answer.YES, "true"),
        (Route.USC, Answer.NO, "false"),
        (Route.USC, Answer.NOT_ASKED, None),
        (Route.ROUTINE, Answer.YES, "no item"),
    ],
)
def test_what_the_patient_was_told_is_an_answer_of_its_own(made, route, told, answer) -> None:
    contents = made["contents_of"]()
    episode = dataclasses.replace(contents.episode, route=route)
    root = etree.fromstring(xml_of(dataclasses.replace(contents, episode=episode, told=told)))
    items = {one.find(SPACE + "linkId").get("value"): one for one in root.iter(SPACE + "item")}
    if answer == "no item":
        assert "told" not in items
        return
    found = items["told"].find(f"{SPACE}answer/{SPACE}valueBoolean")
    assert (found.get("value") if found is not None else None) == answer


def test_every_file_of_the_package_is_described_with_its_verdict(made) -> None:
    contents = dataclasses.replace(
        made["standard"](),
        options=PackageOptions(fhir=True, dicom=True),
        device=DeviceData("Test Maker", "Test Scope", "TS-1"),
    )
    data = assemble(contents).data
    root = etree.fromstring(data["referral.xml"])
    described = {}
    for one in root.iter(SPACE + "DocumentReference"):
        for attached in one.iter(SPACE + "attachment"):
            name = attached.find(SPACE + "url").get("value")
            described[name] = one.find(SPACE + "description").get("value")
    assert set(described) == set(data) - {"referral.xml"}
    for name in ("L1-closeup.jpg", "L1-closeup.dcm"):
        assert "Quality poor: shaken. Kept although poor: Tremor of the arm." in described[name]
    assert described["L1-general.jpg"].endswith("Quality good.")


def test_a_changed_document_is_found(made) -> None:
    xml = xml_of(made["standard"]())
    assert is_valid_bundle(xml)
    assert not is_valid_bundle(xml.replace(b'value="document"', b'value="batch"'))
    assert not is_valid_bundle(xml.replace(b"<ServiceRequest>", b"<Nonsense>"))
    first = values(xml, "reference")[0].encode()
    assert not is_valid_bundle(xml.replace(b'reference value="' + first, b'reference value="urn:x'))


@pytest.mark.parametrize(
    ("xml", "fault"),
    [
        (b"<a><b></a>", PackageFault.XML_DAMAGED),
        (b"", PackageFault.XML_DAMAGED),
        (b"<a>" * 200, PackageFault.XML_DAMAGED),
        (b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', PackageFault.XML_ACTIVE),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', PackageFault.XML_ACTIVE),
        (b'<?xml-stylesheet href="x.xsl"?><a/>', PackageFault.XML_ACTIVE),
        (b'<h xmlns="http://www.w3.org/1999/xhtml"><script/></h>', PackageFault.XML_ACTIVE),
        (b'<Bundle xmlns="http://hl7.org/fhir"/>', PackageFault.FHIR_WRONG),
    ],
)
def test_harmful_and_broken_xml_is_found(xml, fault) -> None:
    assert list(xml_faults(xml)) == [fault]


def test_plain_xml_without_fhir_is_no_fault() -> None:
    assert list(xml_faults(b"<letter>text</letter>")) == []
