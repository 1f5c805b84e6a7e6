import pytest
from pydicom.sr.codedict import codes

from dermstation.domain.sites import BODY_SITES, BodySite, Side, body_site

CID_4029 = {
    (concept.scheme_designator, concept.value): concept.meaning
    for concept in codes.CID4029.concepts.values()
}


def shown(site: BodySite) -> str:
    return site.words


@pytest.mark.parametrize("site", BODY_SITES, ids=shown)
def test_code_and_meaning_are_those_of_dicom_cid_4029(site: BodySite) -> None:
    assert CID_4029[("SCT", site.code)] == site.meaning


@pytest.mark.parametrize("site", BODY_SITES, ids=shown)
def test_a_site_is_found_by_its_code(site: BodySite) -> None:
    assert body_site(site.code) is site


def test_no_two_sites_share_a_code_or_words() -> None:
    assert len({site.code for site in BODY_SITES}) == len(BODY_SITES)
    assert len({site.words for site in BODY_SITES}) == len(BODY_SITES)


def test_a_code_outside_the_vocabulary_is_refused() -> None:
    with pytest.raises(KeyError):
        body_site("73211009")  # diabetes mellitus


def test_sites_without_a_side_are_those_of_the_middle() -> None:
    assert {site.words for site in BODY_SITES if not site.has_side} == {
        "Neck, back",
        "Navel",
        "External genitalia",
        "Perineum",
        "Around the anus",
    }
    assert set(Side) == {Side.LEFT, Side.RIGHT, Side.MIDLINE}
