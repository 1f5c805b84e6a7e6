"""The facts of a lesion besides site, side and free text; questions not asked are left out.

The questions are those of the minimum data sets (DermNet, Sheffield) and of the urgent suspected
cancer forms; the seven points are NICE NG12's weighted list. Nothing here comes from pixels.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from dermstation.domain.consents import Answer
from dermstation.domain.dermoscopy_gap import DermoscopyGap
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.opinion import NO_OPINION, Opinion
from dermstation.domain.text_limits import NOTE_MAX_CHARS, check_length

SEVEN_POINT_THRESHOLD = 3  # NICE NG12 1.7.1: refer on the suspected-cancer pathway from 3


class Question(StrEnum):
    """A question that is answered by yes or no."""

    PIGMENTED = "pigmented"
    SEVERAL = "several"
    SIZE_CHANGED = "size_changed"
    SHAPE_CHANGED = "shape_changed"
    COLOUR_CHANGED = "colour_changed"
    BLEEDS = "bleeds"
    CRUSTS = "crusts"
    ITCHES = "itches"
    SKIN_CANCER = "skin_cancer"
    FAMILY_SKIN_CANCER = "family_skin_cancer"
    IMMUNOSUPPRESSED = "immunosuppressed"
    SUN_EXPOSED = "sun_exposed"
    OUTDOOR_WORK = "outdoor_work"
    MANY_NAEVI = "many_naevi"
    ANTICOAGULANTS = "anticoagulants"
    PACEMAKER = "pacemaker"
    LIES_FLAT = "lies_flat"
    TOLD_OF_CANCER = "told_of_cancer"


# of the questions, notes, points and safeguards below
SOURCE = (
    "DermNet and Sheffield: minimum data sets; urgent suspected cancer forms; NICE NG12, 1.7.1;"
    " G-care and GMC: safeguards"
)
QUESTION_WORDS: dict[Question, str] = {
    Question.PIGMENTED: "Pigmented",
    Question.SEVERAL: "More than one",
    Question.SIZE_CHANGED: "Change in size",
    Question.SHAPE_CHANGED: "Change in shape",
    Question.COLOUR_CHANGED: "Change in colour",
    Question.BLEEDS: "Bleeding",
    Question.CRUSTS: "Ulcer or crust",
    Question.ITCHES: "Itch, pain or other symptom",
    Question.SKIN_CANCER: "Skin cancer before",
    Question.FAMILY_SKIN_CANCER: "Skin cancer in the family",
    Question.IMMUNOSUPPRESSED: "Immune suppression",
    Question.SUN_EXPOSED: "High sun or sunbed use",
    Question.OUTDOOR_WORK: "Outdoor work",
    Question.MANY_NAEVI: "Many moles",
    Question.ANTICOAGULANTS: "Anticoagulants",
    Question.PACEMAKER: "Pacemaker or ICD",
    Question.LIES_FLAT: "Can lie flat",
    Question.TOLD_OF_CANCER: "Told of possible cancer",
}


# without the one that is asked once for the episode; an older lesion may have an answer to it
HISTORY_QUESTIONS = tuple(one for one in Question if one is not Question.TOLD_OF_CANCER)


class Note(StrEnum):
    """A question that is answered by a few words."""

    DURATION = "duration"
    TEMPO = "tempo"
    SIZE_MM = "size_mm"
    ELEVATION = "elevation"
    SKIN_TYPE = "skin_type"  # Fitzpatrick, I to VI
    PERFORMANCE = "performance"  # WHO, 0 to 4
    ANTICOAGULANT = "anticoagulant"  # by name
    ALLERGIES = "allergies"
    MEDICINES = "medicines"
    CONDITIONS = "conditions"
    UNAVAILABLE = "unavailable"


NOTE_WORDS: dict[Note, str] = {
    Note.DURATION: "How long it has been there",
    Note.TEMPO: "How fast it changes",
    Note.SIZE_MM: "Largest diameter in mm",
    Note.ELEVATION: "Flat or raised",
    Note.SKIN_TYPE: "Skin type (Fitzpatrick)",
    Note.PERFORMANCE: "WHO performance status",
    Note.ANTICOAGULANT: "Anticoagulant, by name",
    Note.ALLERGIES: "Allergies",
    Note.MEDICINES: "Medicines",
    Note.CONDITIONS: "Other conditions",
    Note.UNAVAILABLE: "Dates patient cannot come",
}
SKIN_TYPES = ("I", "II", "III", "IV", "V", "VI")
PERFORMANCE = ("0", "1", "2", "3", "4")
ELEVATIONS = ("flat", "raised", "partly raised")


CHOICES: Mapping[Note, tuple[str, ...]] = MappingProxyType(
    {
        Note.SKIN_TYPE: SKIN_TYPES,
        Note.PERFORMANCE: PERFORMANCE,
        Note.ELEVATION: ELEVATIONS,
    }
)


class Point(StrEnum):
    """One feature of the weighted seven-point checklist."""

    SIZE = "size"
    SHAPE = "shape"
    COLOUR = "colour"
    DIAMETER = "diameter"
    INFLAMMATION = "inflammation"
    OOZING = "oozing"
    SENSATION = "sensation"


# words and weight (NICE NG12 1.7.1)
POINTS: dict[Point, tuple[str, int]] = {
    Point.SIZE: ("Size changed", 2),
    Point.SHAPE: ("Irregular shape", 2),
    Point.COLOUR: ("Irregular colour", 2),
    Point.DIAMETER: ("7 mm or more", 1),
    Point.INFLAMMATION: ("Inflammation", 1),
    Point.OOZING: ("Oozing", 1),
    Point.SENSATION: ("Sensation changed", 1),
}


@dataclass(frozen=True, slots=True)
class Spot:
    """An exact place on one picture of the body map, from 0 to 1 across and down."""

    view: str
    x: float
    y: float


class Chaperone(StrEnum):
    """The answer to the offer of a chaperone for an intimate site."""

    NOT_ASKED = "not_asked"
    PRESENT = "present"
    DECLINED = "declined"


class Identifiable(StrEnum):
    """A feature of the pictures that could identify the patient."""

    NOT_ASKED = "not_asked"
    NOTHING = "nothing"
    FACE = "face"
    TATTOO = "tattoo"
    OTHER = "other"


NAMES_SOMEBODY = (Identifiable.FACE, Identifiable.TATTOO, Identifiable.OTHER)
IDENTIFIABLE_WORDS: dict[Identifiable, str] = {
    Identifiable.FACE: "the face",
    Identifiable.TATTOO: "a tattoo",
    Identifiable.OTHER: "another feature",
}


@dataclass(frozen=True, slots=True, repr=False)
class Safeguards:
    """The safeguards settled before the pictures: intimacy, chaperone, identifying features.

    `is_intimate` is None until somebody has asked.
    """

    is_intimate: bool | None = None
    chaperone: Chaperone = Chaperone.NOT_ASKED
    chaperone_name: str = ""
    identifiable: Identifiable = Identifiable.NOT_ASKED
    without_pictures: bool = False

    def __repr__(self) -> str:
        return f"Safeguards({self.identifiable.value})"


NO_SAFEGUARDS = Safeguards()


@dataclass(frozen=True, slots=True, repr=False)
class History:
    """The answers and notes that were given, and the ticks of the seven-point checklist.

    `points` is None until somebody has opened the checklist; before that, no empty box means "no".
    A lesion that is not pigmented has no score, whatever was ticked before.
    """

    answers: Mapping[Question, Answer] = field(default_factory=lambda: MappingProxyType({}))
    notes: Mapping[Note, str] = field(default_factory=lambda: MappingProxyType({}))
    points: frozenset[Point] | None = None
    acknowledged: bool = False  # that the sum suggests urgent suspected cancer

    def answer(self, question: Question) -> Answer:
        """Return the answer to a question, which may be "not asked"."""
        return self.answers.get(question, Answer.NOT_ASKED)

    @property
    def score(self) -> int | None:
        """Return the sum of the ticked points, or None if nobody scored a pigmented lesion."""
        if self.points is None or self.answer(Question.PIGMENTED) is Answer.NO:
            return None
        return sum(POINTS[point][1] for point in self.points)

    @property
    def suggests_cancer_route(self) -> bool:
        """Return whether the ticks reach NICE's threshold for the suspected-cancer pathway."""
        return (self.score or 0) >= SEVEN_POINT_THRESHOLD

    def __repr__(self) -> str:
        return f"History(answers={len(self.answers)}, notes={len(self.notes)})"


@dataclass(frozen=True, slots=True, repr=False)
class LesionFacts:
    """Everything recorded about a lesion besides site, side and free text."""

    spot: Spot | None = None
    safeguards: Safeguards = NO_SAFEGUARDS
    history: History = field(default_factory=History)
    no_dermoscopy: DermoscopyGap | None = None
    opinion: Opinion = NO_OPINION

    def __repr__(self) -> str:
        return "LesionFacts(...)"


NO_FACTS = LesionFacts()


def made_history(
    answers: Mapping[Question, Answer],
    notes: Mapping[Note, str],
    points: frozenset[Point] | None,
    *,
    acknowledged: bool = False,
) -> History:
    """Return a history without the questions not asked, and with white space folded.

    Raises StationError TEXT_TOO_LONG, NOTE_NOT_KNOWN for an impossible choice or size.
    """
    kept = {note: " ".join(text.split()) for note, text in notes.items() if text.strip()}
    for text in kept.values():
        check_length(text, NOTE_MAX_CHARS)
    for note, known in CHOICES.items():
        if note in kept and kept[note] not in known:
            raise StationError(ErrorCode.NOTE_NOT_KNOWN, note=NOTE_WORDS[note])
    if Note.SIZE_MM in kept and not _is_size(kept[Note.SIZE_MM]):
        raise StationError(ErrorCode.NOTE_NOT_KNOWN, note=NOTE_WORDS[Note.SIZE_MM])
    asked = {one: answers[one] for one in Question if answers.get(one, Answer.NOT_ASKED).is_asked}
    ordered = {note: kept[note] for note in Note if note in kept}
    if asked.get(Question.PIGMENTED) is Answer.NO:
        points = None
    reaches = History(points=points).suggests_cancer_route
    return History(
        MappingProxyType(asked), MappingProxyType(ordered), points, acknowledged and reaches
    )


def _is_size(text: str) -> bool:
    whole, _, part = text.partition(".")
    digits = (whole + part).isascii() and whole.isdigit() and (part.isdigit() or "." not in text)
    return digits and 0 < float(text) < 1000  # noqa: PLR2004 - mm


def check_safeguards(found: Safeguards) -> None:
    """Refuse an intimate site for which no chaperone was offered. Raises CHAPERONE_NOT_ASKED."""
    if found.is_intimate and found.chaperone is Chaperone.NOT_ASKED:
        raise StationError(ErrorCode.CHAPERONE_NOT_ASKED)


def safeguard_words(found: Safeguards) -> str:
    """Return the safeguards agreed before the pictures, for screen and print, or an empty text."""
    words = []
    if found.is_intimate:
        name = f" ({found.chaperone_name})" if found.chaperone_name else ""
        words.append(
            {
                Chaperone.PRESENT: f"Intimate site: a chaperone was offered and present{name}.",
                Chaperone.DECLINED: "Intimate site: a chaperone was offered and declined.",
                Chaperone.NOT_ASKED: "Intimate site: no chaperone is recorded.",
            }[found.chaperone]
        )
    if found.without_pictures:
        words.append("Without pictures: they could identify the patient.")
    return " ".join(words)
