"""A question not asked is never a "no", and the sum of the seven points decides nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermstation.domain.consents import Answer
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.history_words import history_lines
from dermstation.domain.lesion_facts import (
    ELEVATIONS,
    NO_FACTS,
    PERFORMANCE,
    POINTS,
    QUESTION_WORDS,
    SKIN_TYPES,
    Chaperone,
    History,
    Identifiable,
    LesionFacts,
    Note,
    Point,
    Question,
    Safeguards,
    Spot,
    check_safeguards,
    made_history,
)
from dermstation.domain.opinion import NO_OPINION, Opinion, made_opinion
from dermstation.domain.text_limits import NOTE_MAX_CHARS
from dermstation.vault.lesion_facts import from_facts, to_facts

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
NOTES = st.fixed_dictionaries(
    {},
    optional={
        Note.DURATION: TEXTS,
        Note.MEDICINES: TEXTS,
        Note.SIZE_MM: st.sampled_from(["7", "0.5", "12", ""]),
        Note.TEMPO: TEXTS,
        Note.ANTICOAGULANT: TEXTS,
        Note.ELEVATION: st.sampled_from(["", *ELEVATIONS]),
        Note.SKIN_TYPE: st.sampled_from(["", *SKIN_TYPES]),
        Note.PERFORMANCE: st.sampled_from(["", *PERFORMANCE]),
    },
)
HISTORIES = st.builds(
    made_history,
    st.dictionaries(st.sampled_from(Question), st.sampled_from(Answer)),
    NOTES,
    st.none() | st.frozensets(st.sampled_from(Point)),
    acknowledged=st.booleans(),
)
FACTS = st.builds(
    LesionFacts,
    st.none()
    | st.builds(Spot, st.sampled_from(["front", "back"]), st.floats(0, 1), st.floats(0, 1)),
    st.builds(
        Safeguards,
        st.booleans(),
        st.sampled_from(Chaperone),
        TEXTS,
        st.sampled_from(Identifiable),
        st.booleans(),
    ),
    HISTORIES,
    st.none(),
    st.builds(Opinion, TEXTS, TEXTS),
)


@given(FACTS)
def test_facts_are_stored_and_read_back_whole(facts: LesionFacts) -> None:
    assert to_facts(from_facts(facts)) == facts


def test_a_lesion_of_an_earlier_station_has_nothing_asked() -> None:
    assert to_facts("{}") == NO_FACTS
    assert from_facts(NO_FACTS) == "{}"


@given(HISTORIES)
def test_every_question_is_listed_once_as_yes_no_or_not_asked(history: History) -> None:
    told = dict(history_lines(history))
    for question in Question:
        words = QUESTION_WORDS[question]
        words = words[0].lower() + words[1:]
        heading = {Answer.YES: "Yes", Answer.NO: "No", Answer.NOT_ASKED: "Not asked"}
        if question is Question.LIES_FLAT:  # its "no" is among what bears on an operation
            del heading[Answer.NO]
            said = "cannot lie flat" in told.get("For surgery", "").split("; ")
            assert said is (history.answer(question) is Answer.NO)
        for answer, title in heading.items():
            said = words in told.get(title, "").split("; ")
            is_of_it = history.answer(question) is answer
            if question is Question.TOLD_OF_CANCER:  # the episode says whether it was asked
                is_of_it = is_of_it and answer.is_asked
            assert said is is_of_it


@given(HISTORIES)
def test_an_answer_that_was_not_asked_leaves_no_trace(history: History) -> None:
    assert Answer.NOT_ASKED not in history.answers.values()
    assert all(text.strip() for text in history.notes.values())


@given(st.frozensets(st.sampled_from(Point)))
def test_the_sum_is_that_of_the_ticks(points: frozenset[Point]) -> None:
    history = History(points=points)
    major = {Point.SIZE, Point.SHAPE, Point.COLOUR}
    assert history.score == sum(2 if point in major else 1 for point in points)
    assert history.suggests_cancer_route is (history.score >= 3)
    pigmented = History({Question.PIGMENTED: Answer.YES}, points=points)
    assert pigmented.score == history.score


@given(st.frozensets(st.sampled_from(Point)))
def test_a_lesion_that_is_not_pigmented_is_not_scored(points: frozenset[Point]) -> None:
    other = {Question.PIGMENTED: Answer.NO}
    for history in (History(other, points=points), made_history(other, {}, points)):
        assert history.score is None
        assert not history.suggests_cancer_route
        assert "7-point" not in " ".join(title for title, _ in history_lines(history))
    assert made_history(other, {}, points, acknowledged=True).points is None
    assert not made_history(other, {}, points, acknowledged=True).acknowledged


def test_the_weights_are_those_of_nice() -> None:
    assert [weight for _, weight in POINTS.values()] == [2, 2, 2, 1, 1, 1, 1]


def test_a_checklist_that_was_not_opened_has_no_sum() -> None:
    assert History().score is None
    assert History(points=frozenset()).score == 0
    assert not History().suggests_cancer_route


def test_there_is_nothing_to_acknowledge_below_the_threshold() -> None:
    assert not made_history({}, {}, frozenset({Point.SIZE}), acknowledged=True).acknowledged
    both = frozenset({Point.SIZE, Point.SHAPE})
    assert made_history({}, {}, both, acknowledged=True).acknowledged


@pytest.mark.parametrize(
    ("note", "text"),
    [
        (Note.SIZE_MM, "big"),
        (Note.SIZE_MM, "-3"),
        (Note.SIZE_MM, "0"),
        (Note.SIZE_MM, "1000"),
        (Note.SIZE_MM, "7."),
        (Note.SIZE_MM, "\u0667"),
        (Note.SKIN_TYPE, "VII"),
        (Note.PERFORMANCE, "5"),
    ],
)
def test_an_impossible_note_is_refused(note: Note, text: str) -> None:
    with pytest.raises(StationError) as trouble:
        made_history({}, {note: text}, None)
    assert trouble.value.code is ErrorCode.NOTE_NOT_KNOWN


def test_a_note_that_is_too_long_is_refused() -> None:
    with pytest.raises(StationError) as trouble:
        made_history({}, {Note.MEDICINES: "x" * (NOTE_MAX_CHARS + 1)}, None)
    assert trouble.value.code is ErrorCode.TEXT_TOO_LONG


@given(st.booleans(), st.sampled_from(Chaperone))
def test_an_intimate_site_needs_an_offer_whatever_the_answer(
    is_intimate: bool, chaperone: Chaperone
) -> None:
    found = Safeguards(is_intimate, chaperone)
    if is_intimate and chaperone is Chaperone.NOT_ASKED:
        with pytest.raises(StationError) as trouble:
            check_safeguards(found)
        assert trouble.value.code is ErrorCode.CHAPERONE_NOT_ASKED
    else:
        check_safeguards(found)


@given(FACTS)
def test_no_repr_shows_an_answer(facts: LesionFacts) -> None:
    assert repr(facts) == "LesionFacts(...)"
    assert all(
        text not in repr(facts.history) for text in facts.history.notes.values() if len(text) > 2
    )


def test_what_a_consultant_reads_together_stands_together() -> None:
    notes = {
        Note.SIZE_MM: "7",
        Note.ELEVATION: "raised",
        Note.DURATION: "4 months",
        Note.TEMPO: "doubled in 6 weeks",
        Note.ANTICOAGULANT: "apixaban",
        Note.ALLERGIES: "latex",
        Note.SKIN_TYPE: "II",
    }
    lines = history_lines(made_history({Question.PACEMAKER: Answer.YES}, notes, None))
    assert lines[:4] == (
        ("Lesion", "7 mm; raised; for how long: 4 months; how fast: doubled in 6 weeks"),
        ("For surgery", "anticoagulant: apixaban; allergies: latex"),
        ("Background", "skin type II"),
        ("Yes", "pacemaker or ICD"),
    )


@given(HISTORIES)
def test_no_note_is_left_out_of_the_words(history: History) -> None:
    told = " ".join(words for _, words in history_lines(history))
    assert all(text in told for text in history.notes.values())


def test_an_opinion_is_one_line_and_silent_if_nothing_was_written() -> None:
    assert NO_OPINION.words == ""
    assert made_opinion(" ?BCC ", "").words == "Working diagnosis: ?BCC"
    found = made_opinion("?naevus", "the  blue edge")
    assert found.words == "Working diagnosis: ?naevus. Uncertain: the blue edge"
    assert made_opinion("", "all").words == "Working diagnosis: not recorded. Uncertain: all"
