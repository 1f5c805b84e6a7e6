"""The rules for pictures say what their sources ask for; a practice's policy is checked."""

import pytest

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.resources import resource_text
from dermstation.workflow.guidance import Guidance, read_guidance
from dermstation.workflow.how_to import LinkKind, read_policy

LINE_MAX_WORDS = 35
# Per part, from "Use of images for clinical purposes" and "Improving Patient Care".
SAID = {
    "Why a good picture matters": ("surer", "reassure", "clinic", "surgery", "pacemaker", "flat"),
    "Who could be recognised": ("tattoo", "cover", "without pictures", "not delayed"),
    "Intimate areas: what to say": ("risk", "sooner", "say no", "chaperone"),
    "A phone or tablet as camera": ("PIN", "Bluetooth", "location", "cloud", "social media"),
    "Where camera and pictures stay": ("Lock camera", "record", "wipe", "clinical need"),
    "Sending, and who answers for it": ("secure", "subject line", "policy", "DPIA", "DCB0160"),
}


@pytest.fixture(scope="module")
def guidance() -> Guidance:
    return read_guidance(resource_text("guidance", "pictures.toml"))


def test_each_part_says_what_its_source_asks_for(guidance: Guidance) -> None:
    assert [part.title for part in guidance.parts] == list(SAID)
    for part in guidance.parts:
        words = " ".join(part.lines)
        assert [one for one in SAID[part.title] if one not in words] == [], part.title
        assert part.source.startswith("G-care")
        assert all(len(line.split()) <= LINE_MAX_WORDS for line in part.lines)
    assert "policy" in guidance.about
    assert "ICB" in guidance.about


@pytest.mark.parametrize("text", ["", "title = 1", "[[part]]\ntitle = 'x'", "part = 3"])
def test_a_text_without_rules_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not the rules"):
        read_guidance(text)


def test_the_policy_of_the_practice_is_a_page_or_a_file() -> None:
    assert read_policy(" ") is None
    page, file = read_policy("https://practice.example/policy"), read_policy("C:\\Docs\\policy.pdf")
    assert page is not None
    assert file is not None
    assert (page.kind, file.kind) == (LinkKind.WEB, LinkKind.FILE)
    assert page.title == "Our policy on pictures"


@pytest.mark.parametrize(
    ("setting", "fault"),
    [
        ("http://practice.example", "address"),
        ("policy.pdf", "path"),
        ("\\\\server\\policy.pdf", "share"),
        ("/srv/policy.exe", "type"),
    ],
)
def test_any_other_policy_is_refused(setting: str, fault: str) -> None:
    with pytest.raises(StationError) as refused:
        read_policy(setting)
    assert refused.value.code is ErrorCode.PICTURE_POLICY_INVALID
    assert refused.value.facts == {"fault": fault}
