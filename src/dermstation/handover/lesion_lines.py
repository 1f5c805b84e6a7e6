"""What a triaging consultant reads of a lesion: what it is like, signs, risks, for theatre.

An answer of "yes" is apart, to be set in bold. Questions that were asked and answered with "no" are
named; the others are only counted, so that nobody takes them for "no". Pure functions.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dermstation.domain.consents import Answer
from dermstation.domain.lesion_facts import (
    HISTORY_QUESTIONS,
    POINTS,
    QUESTION_WORDS,
    SEVEN_POINT_THRESHOLD,
    History,
    Note,
    Point,
    Question,
)

SOURCE = "As in `lesion_facts`: minimum data sets of DermNet and Sheffield; NICE NG12, 1.7.1"
_CANNOT_LIE_FLAT = "cannot lie flat"  # a "no" that matters
# in the order of urgency; what is asked of each lesion, its risks, and what theatre must know
_GROUPS: dict[str, tuple[tuple[Question, ...], dict[Note, str]]] = {
    "Signs": (
        (
            Question.BLEEDS,
            Question.CRUSTS,
            Question.SIZE_CHANGED,
            Question.ITCHES,
            Question.SHAPE_CHANGED,
            Question.COLOUR_CHANGED,
            Question.SEVERAL,
        ),
        {},
    ),
    "Risks": (
        (
            Question.SKIN_CANCER,
            Question.FAMILY_SKIN_CANCER,
            Question.IMMUNOSUPPRESSED,
            Question.SUN_EXPOSED,
            Question.OUTDOOR_WORK,
            Question.MANY_NAEVI,
        ),
        {Note.SKIN_TYPE: "skin type {}"},
    ),
    "For theatre": (
        (Question.ANTICOAGULANTS, Question.PACEMAKER, Question.LIES_FLAT),
        {
            Note.ALLERGIES: "allergies: {}",
            Note.PERFORMANCE: "WHO performance status {}",
            Note.UNAVAILABLE: "cannot come: {}",
        },
    ),
    "Told": ((Question.TOLD_OF_CANCER,), {}),
}
_LESION = {
    Note.SIZE_MM: "{} mm",
    Note.ELEVATION: "{}",
    Note.DURATION: "for how long: {}",
    Note.TEMPO: "how fast: {}",
}
_BACKGROUND = {Note.MEDICINES: "medicines: {}", Note.CONDITIONS: "conditions: {}"}
_COLOUR = {Answer.YES: "pigmented", Answer.NO: "not pigmented"}


@dataclass(frozen=True, slots=True, repr=False)
class LesionLine:
    """One line: its name, what is answered with "yes", and the rest."""

    name: str
    yes: str
    rest: str

    def __repr__(self) -> str:
        return f"LesionLine({self.name})"


def lesion_line(history: History) -> str:
    """Return what the lesion is like: "8 mm; raised; not pigmented; how fast: slow"."""
    noted = _noted(history, _LESION)
    look = [noted.pop(note) for note in (Note.SIZE_MM, Note.ELEVATION) if note in noted]
    pigmented = history.answer(Question.PIGMENTED)
    look += [_COLOUR[pigmented]] if pigmented in _COLOUR else []
    return "; ".join([*look, *noted.values(), *_score(history)])


def answer_lines(history: History) -> tuple[LesionLine, ...]:
    """Return a lesion's answers and notes, without lines that would say nothing."""
    lines = []
    for name, (questions, notes) in _GROUPS.items():
        yes = [_yes(one, history) for one in questions if _is_yes(one, history)]
        if Question.ANTICOAGULANTS in questions and not _is_yes(Question.ANTICOAGULANTS, history):
            yes += [f"anticoagulant: {one}" for one in _anticoagulant(history)]
        rest = list(_noted(history, notes).values())
        no = [_said(one) for one in questions if _is_no(one, history)]
        if Question.LIES_FLAT in questions and _is_no(Question.LIES_FLAT, history):
            no.remove(_said(Question.LIES_FLAT))
            rest.append(_said(Question.LIES_FLAT))
        said = ["; ".join(rest)] if rest else []
        said += [f"No: {'; '.join(no)}"] if no else []
        if yes or said:
            bold = f"YES: {'; '.join(yes)}" if yes else ""
            lines.append(LesionLine(name, bold, ". ".join(said)))
    return tuple(lines)


def background(history: History) -> str:
    """Return the patient's medicines and conditions, or an empty text."""
    return "; ".join(_noted(history, _BACKGROUND).values())


def not_asked(history: History) -> int:
    """Return how many questions were not asked."""
    return sum(not history.answer(one).is_asked for one in HISTORY_QUESTIONS)


def _noted(history: History, words: Mapping[Note, str]) -> dict[Note, str]:
    """Return what was noted, in words, in their order."""
    notes = history.notes
    return {note: said.format(notes[note]) for note, said in words.items() if note in notes}


def _score(history: History) -> Iterator[str]:
    if history.points is None or history.score is None:
        return
    ticked = [POINTS[point][0].lower() for point in Point if point in history.points]
    yield (
        f"NICE 7-point list {history.score} of 10 ({', '.join(ticked) or 'none ticked'}; "
        f"suspected cancer from {SEVEN_POINT_THRESHOLD})"
    )


def _is_yes(question: Question, history: History) -> bool:
    wanted = Answer.NO if question is Question.LIES_FLAT else Answer.YES
    return history.answer(question) is wanted


def _is_no(question: Question, history: History) -> bool:
    return history.answer(question).is_asked and not _is_yes(question, history)


def _yes(question: Question, history: History) -> str:
    if question is Question.LIES_FLAT:
        return _CANNOT_LIE_FLAT
    named = _anticoagulant(history) if question is Question.ANTICOAGULANTS else []
    return f"{_said(question)} ({named[0]})" if named else _said(question)


def _anticoagulant(history: History) -> list[str]:
    name = history.notes.get(Note.ANTICOAGULANT)
    return [name] if name else []


def _said(question: Question) -> str:
    """Return a question's words within a line: "bleeding", "pacemaker or ICD"."""
    words = QUESTION_WORDS[question]
    return words[0].lower() + words[1:]
