"""Which points of the weighted 7-point list follow from a lesion's history. Pure.

They are a start that the clinician sees and may change; they decide nothing.
"""

from collections.abc import Mapping

from dermstation.domain.consents import Answer
from dermstation.domain.lesion_facts import Note, Point, Question

SOURCE = "NICE NG12, 1.7.1"
LEAST_MM = 7.0
_OF_ANSWERS: dict[Question, Point] = {
    Question.SIZE_CHANGED: Point.SIZE,
    Question.SHAPE_CHANGED: Point.SHAPE,
    Question.COLOUR_CHANGED: Point.COLOUR,
    Question.ITCHES: Point.SENSATION,
}


def points_from(answers: Mapping[Question, Answer], notes: Mapping[Note, str]) -> frozenset[Point]:
    """Return the points that a "yes" or a diameter among the answers speaks for."""
    found = {point for one, point in _OF_ANSWERS.items() if answers.get(one) is Answer.YES}
    try:
        is_large = float(notes.get(Note.SIZE_MM, "")) >= LEAST_MM
    except ValueError:  # not typed, or not a number yet
        is_large = False
    return frozenset(found | {Point.DIAMETER} if is_large else found)
