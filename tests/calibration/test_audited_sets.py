"""The station's score of a set agrees with an auditor's."""

from calibration.audited_sets import agreement, audited_sets

SETS_LEAST = 60


def test_the_score_agrees_with_an_auditor() -> None:
    sets = audited_sets()
    assert len(sets) >= SETS_LEAST
    assert {one.label for one in sets} == set(range(6))
    figure = agreement(sets)
    apart = [one for one in sets if one.score != one.label]
    assert figure.holds, apart
    assert apart, "the labels are not made of the rules: some must differ"
