import pytest
from pydicom.sr.codedict import codes

from dermstation.domain.sites import BODY_SITES, BodySite, Side, body_site

CID_4029 = {
    (concept.scheme_designator, concept.value): concept.meaning
    for concept in codes.CID4029.concepts.values()
}


def shown(site: BodySite) -> str:
    return site.words


# in the context group since 2024, not in pydicom's copy of it
CID_4029[("SCT", "82038008")] = "Skin of breast"
# it has no shoulder; a SNOMED CT body structure extends it
CID_4029[("SCT", "76552005")] = "Skin structure of shoulder"


@pytest.mark.parametrize("site", BODY_SITES, ids=shown)
def test_code_and_meaning_are_those_of_dicom_cid_4029(site: BodySite) -> None:
    assert CID_4029[(site.scheme, site.code)] == site.meaning


@pytest.mark.parametrize("site", BODY_SITES, ids=shown)
def test_a_site_is_found_by_its_code(site: BodySite) -> None:
    assert body_site(site.code) is site


def test_no_two_sites_share_a_code_or_words() -> None:
    assert len({site.code for site in BODY_SITES}) == len(BODY_SITES)
    assert len({site.words for site in BODY_SITES}) == len(BODY_SITES)


def test_a_code_outside_the_vocabulary_is_refused() -> None:
    with pytest.raises(KeyError):
        body_site("73211009")  # diabetes mellitus


@pytest.mark.parametrize(
    "words",
    [
        *("Breast", "Shoulder", "Eyelid, upper", "Eyelid, lower", "Mouth, inside"),
        *("Sole", "Palm", "Fingernail", "Toenail"),
    ],
)
def test_a_site_that_matters_by_itself_has_a_place_of_its_own(words) -> None:
    assert words in {site.words for site in BODY_SITES}


def test_breast_groin_buttock_and_genitals_are_intimate_to_everybody() -> None:
    assert {site.words for site in BODY_SITES if site.is_intimate} == {
        *("Breast", "Nipple", "Buttock", "Groin"),
        *("External genitalia", "Perineum", "Around the anus"),
    }


def test_sites_without_a_side_are_those_of_the_middle() -> None:
    assert {site.words for site in BODY_SITES if not site.has_side} == {
        "Neck, back",
        "Navel",
        "External genitalia",
        "Perineum",
        "Around the anus",
    }
    assert set(Side) == {Side.LEFT, Side.RIGHT, Side.MIDLINE}
