from datetime import UTC, datetime, timedelta

import pytest

from dermstation.domain.records import Certificate, Lesion, WipedItem, new_id, now
from dermstation.domain.sites import Side

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


def lesion(side: Side | None) -> Lesion:
    return Lesion(new_id(), new_id(), 2, "41550009", side)


def certificate(*removed: bool) -> Certificate:
    items = tuple(WipedItem("capture", new_id(), "0" * 64, "key destroyed", one) for one in removed)
    return Certificate(new_id(), new_id(), items, None, AT, AT, new_id(), "abandoned")


def test_ids_are_32_hexadecimal_digits_and_never_the_same() -> None:
    ids = {new_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert all(len(one) == 32 and set(one) <= set("0123456789abcdef") for one in ids)


def test_the_present_is_aware_and_in_utc() -> None:
    assert now().utcoffset() == timedelta(0)


def test_a_lesion_is_labelled_by_its_number() -> None:
    assert lesion(None).label == "L2"


def test_a_site_is_named_in_plain_words_with_its_side() -> None:
    assert lesion(Side.LEFT).site_words == "Forearm, back (left)"
    assert lesion(None).site_words == "Forearm, back"


@pytest.mark.parametrize(
    ("removed", "complete"), [((), True), ((True, True), True), ((True, False), False)]
)
def test_a_certificate_is_complete_only_when_everything_could_be_removed(
    removed: tuple[bool, ...], complete: bool
) -> None:
    assert certificate(*removed).complete is complete
