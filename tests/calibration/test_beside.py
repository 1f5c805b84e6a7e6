"""Figures of two versions of the libraries are held beside one another."""

from calibration.beside import difference

OURS = {"a score": 91.5, "a verdict": "good", "b score": 12.0, "b verdict": "poor"}


def test_what_is_equal_differs_in_nothing() -> None:
    assert difference(OURS, dict(OURS)) == (
        "4 figures, 0 in one of the two alone. Numbers that differ: 0, the most by 0. "
        "Verdicts and causes that differ: 0"
    )


def test_the_largest_step_and_each_word_are_told() -> None:
    others = {"a score": 91.25, "a verdict": "fair", "b score": 12.5, "c score": 1.0}
    assert difference(OURS, others).splitlines() == [
        (
            "3 figures, 2 in one of the two alone. Numbers that differ: 2, the most by 0.5. "
            "Verdicts and causes that differ: 1"
        ),
        "a verdict: good, fair",
    ]
