"""A lesion's history in words, for screen and print: what matters first, each in one line. Pure."""

from dermstation.domain.consents import Answer
from dermstation.domain.lesion_facts import (
    HISTORY_QUESTIONS,
    POINTS,
    QUESTION_WORDS,
    History,
    Note,
    Point,
    Question,
)

SOURCE = "Referral criteria and forms as in `lesion_facts`: NICE NG12, 1.7; DermNet; G-care"
# NICE NG12, 1.7: the list scores pigmented lesions; other suspicions need no score
SEVEN_POINT_TITLE = "7-point list: pigmented lesions only (NICE NG12)"
LOW_SCORE = (
    "A low score does not rule out cancer; suspected SCC and nodular melanoma are not scored."
)
NOT_SCORED = "Not pigmented: not scored. Suspected SCC and nodular melanoma need no score."
# what a triaging consultant reads together: the lesion, what bears on an operation, the rest
_SURGERY = "For surgery"
_CANNOT_LIE_FLAT = "cannot lie flat"  # a "no" that matters, so not among the others
_GROUPS: dict[str, dict[Note, str]] = {
    "Lesion": {
        Note.SIZE_MM: "{} mm",
        Note.ELEVATION: "{}",
        Note.DURATION: "for how long: {}",
        Note.TEMPO: "how fast: {}",
    },
    _SURGERY: {
        Note.ANTICOAGULANT: "anticoagulant: {}",
        Note.ALLERGIES: "allergies: {}",
        Note.PERFORMANCE: "WHO performance status {}",
        Note.UNAVAILABLE: "cannot come: {}",
    },
    "Background": {
        Note.SKIN_TYPE: "skin type {}",
        Note.MEDICINES: "medicines: {}",
        Note.CONDITIONS: "conditions: {}",
    },
}


def history_lines(history: History) -> tuple[tuple[str, str], ...]:
    """Return a history for screen and print, as headings and texts, what is noted first.

    Questions not asked are listed as such, so that no reader takes them for "no".
    """
    lines = []
    for heading, phrases in _GROUPS.items():
        noted = [
            phrase.format(history.notes[note])
            for note, phrase in phrases.items()
            if note in history.notes
        ]
        if heading == _SURGERY and history.answer(Question.LIES_FLAT) is Answer.NO:
            noted.append(_CANNOT_LIE_FLAT)
        if noted:
            lines.append((heading, "; ".join(noted)))
    given = {
        answer: [_said(one) for one in Question if history.answer(one) is answer]
        for answer in (Answer.YES, Answer.NO)
    }
    given[Answer.NO] = [one for one in given[Answer.NO] if one != _said(Question.LIES_FLAT)]
    given[Answer.NOT_ASKED] = [
        _said(one) for one in HISTORY_QUESTIONS if not history.answer(one).is_asked
    ]
    if given[Answer.YES]:
        lines.append(("Yes", "; ".join(given[Answer.YES])))
    if given[Answer.NO]:
        lines.append(("No", "; ".join(given[Answer.NO])))
    if given[Answer.NOT_ASKED]:
        lines.append(("Not asked", "; ".join(given[Answer.NOT_ASKED])))
    if history.points is not None and history.score is not None:
        ticked = [POINTS[point][0].lower() for point in Point if point in history.points]
        words = f"{history.score} of 10 ({', '.join(ticked) or 'none ticked'})"
        lines.append(("NICE weighted 7-point list, for pigmented lesions", words))
    return tuple(lines)


def _said(question: Question) -> str:
    """Return a question's words within a line: "bleeding", "pacemaker or ICD"."""
    words = QUESTION_WORDS[question]
    return words[0].lower() + words[1:]
