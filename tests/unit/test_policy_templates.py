"""The templates for Group Policy, and the example for Linux, are those of the table of settings."""

import copy
import re
import runpy
import tomllib
from pathlib import Path

import pytest
from lxml import etree

from dermstation.machine_policy import POLICY_KEY, from_registry, policy_of
from dermstation.settings import SETTINGS

ROOT = Path(__file__).parents[2]
MADE = runpy.run_path(str(ROOT / "packaging" / "docs" / "policy_templates.py"))
SPACE = {"p": MADE["NAMESPACE"]}


@pytest.fixture(scope="module")
def template() -> etree._Element:
    return etree.fromstring(MADE["documents"]()[MADE["TEMPLATE"]].encode())


@pytest.fixture(scope="module")
def words() -> etree._Element:
    return etree.fromstring(MADE["documents"]()[MADE["WORDS"]].encode())


def test_the_files_agree_with_the_table() -> None:
    for file, text in MADE["documents"]().items():
        assert file.read_text("utf-8") == text, file.name


def test_template_and_words_are_in_the_form_that_group_policy_reads(
    template: etree._Element, words: etree._Element
) -> None:
    schema = etree.XMLSchema(file=str(Path(__file__).with_name("group_policy.xsd")))
    for document in (template, words):
        schema.assertValid(document)
    spoilt = copy.deepcopy(template)
    spoilt.find(".//p:policy", SPACE).attrib.pop("key")
    assert not schema.validate(spoilt)


def test_everything_that_the_template_names_is_there(
    template: etree._Element, words: etree._Element
) -> None:
    text = etree.tostring(template, encoding="unicode")
    for kind, element in (("string", "string"), ("presentation", "presentation")):
        named = re.findall(rf"\$\({kind}\.([\w.]+)\)", text)
        there = [one.get("id") for one in words.iterfind(f".//p:{element}", SPACE)]
        assert len(set(there)) == len(there)
        assert set(named) == set(there)
    categories = {one.get("name") for one in template.iterfind(".//p:category", SPACE)}
    parents = {one.get("ref") for one in template.iterfind(".//p:parentCategory", SPACE)}
    assert parents <= categories
    boxes = {one.get("refId") for one in words.iterfind(".//*[@refId]")}
    assert boxes == {one.get("id") for one in template.iterfind(".//*[@id]")}


@pytest.mark.parametrize("name", SETTINGS)
def test_each_value_that_group_policy_can_write_is_one_that_the_station_takes(
    name: str, template: etree._Element
) -> None:
    policy = template.find(f".//p:policy[@name='{name}']", SPACE)
    assert policy.get("key") == POLICY_KEY
    offered: list[object] = [one.text for one in policy.iterfind(".//p:string", SPACE)]
    offered += [int(one.get("value")) for one in policy.iterfind(".//p:decimal[@value]", SPACE)]
    for number in policy.iterfind(".//p:decimal[@maxValue]", SPACE):
        offered += [int(number.get("minValue")), int(number.get("maxValue"))]
    if policy.find(".//p:text", SPACE) is not None:
        offered.append(SETTINGS[name].default)
    assert offered
    for value in offered:
        found = policy_of("", [(name, from_registry(name, value))])
        assert name in found.values
        assert not found.faults
    written = policy.get("valueName") or policy.find(".//*[@valueName]").get("valueName")
    assert written == name


def test_the_example_for_linux_names_each_setting_with_its_default() -> None:
    text = MADE["EXAMPLE"].read_text("utf-8")
    assert not tomllib.loads(text)  # everything in it is a comment
    lines = "\n".join(line[1:] for line in text.splitlines() if re.match(r"#\w+ = ", line))
    assert tomllib.loads(lines) == {name: row.default for name, row in SETTINGS.items()}
