"""A certificate is found by its day, its month, or its number."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from dermstation.domain.errors import ErrorCode
from dermstation.domain.records import Certificate
from dermstation.workflow.certificates import MOST_SHOWN, find_certificates
from tests.unit.workflow.conftest import NURSE
from tests.unit.workflow.packing import code_of

AT = datetime(2026, 9, 4, 12, tzinfo=UTC)
ONE = Certificate("4f1c" + "0" * 28, "ab12" + "0" * 28, (), None, AT, AT, "1" * 32, "handed over")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        *((one, 1) for one in ("04-Sep-2026", "04/09/2026", "2026-09-04", "4f1c", "AB120000")),
        *((one, 1) for one in ("Sep 2026", "september 2026", "2026-09")),
        *((one, 2) for one in ("", "  ")),
        *((one, 0) for one in ("5 Oct 2026", "Oct 2026", "beef", "Patient", "4f")),
    ],
)
def test_a_certificate_is_found(signed_in, text: str, found: int) -> None:
    later = datetime(2025, 1, 2, 12, tzinfo=UTC)
    other = replace(ONE, id="9" * 32, episode_id="8" * 32, started_at=later, finished_at=later)
    for one in (ONE, other):
        signed_in.vault.certificates.save(one)
    seen = find_certificates(signed_in.vault, signed_in.operator, text)
    assert seen.count == found
    assert found == 0 or ONE in seen.shown


def test_no_more_are_shown_than_anybody_reads_and_a_nurse_sees_none(signed_in) -> None:
    for number in range(MOST_SHOWN + 2):
        made = f"{number:032x}"
        signed_in.vault.certificates.save(replace(ONE, id=made, episode_id=made))
    seen = find_certificates(signed_in.vault, signed_in.operator)
    assert (len(seen.shown), seen.count) == (MOST_SHOWN, MOST_SHOWN + 2)
    assert seen.names == {signed_in.operator.id: signed_in.operator.name}
    assert code_of(find_certificates, signed_in.vault, NURSE) is ErrorCode.RIGHT_MISSING
