"""Which questions of a history are about the patient and not about one lesion. Pure.

They are asked once: every lesion of an episode carries the same answers to them.
"""

from dataclasses import replace
from types import MappingProxyType

from dermstation.domain.lesion_facts import History, Note, Question

SOURCE = "DermNet and Sheffield: minimum data sets; urgent suspected cancer forms"
PATIENT_QUESTIONS = (
    Question.SKIN_CANCER,
    Question.FAMILY_SKIN_CANCER,
    Question.IMMUNOSUPPRESSED,
    Question.SUN_EXPOSED,
    Question.OUTDOOR_WORK,
    Question.MANY_NAEVI,
    Question.ANTICOAGULANTS,
    Question.PACEMAKER,
    Question.LIES_FLAT,
)
OPTIONAL_QUESTIONS = (Question.ANTICOAGULANTS, Question.PACEMAKER, Question.LIES_FLAT)
PATIENT_NOTES = (
    Note.SKIN_TYPE,
    Note.PERFORMANCE,
    Note.ANTICOAGULANT,
    Note.ALLERGIES,
    Note.MEDICINES,
    Note.CONDITIONS,
    Note.UNAVAILABLE,
)


def about_lesion(history: History) -> History:
    """Return a history without the answers and notes about the patient."""
    answers = {one: it for one, it in history.answers.items() if one not in PATIENT_QUESTIONS}
    notes = {note: text for note, text in history.notes.items() if note not in PATIENT_NOTES}
    return replace(history, answers=MappingProxyType(answers), notes=MappingProxyType(notes))


def about_patient(history: History) -> History:
    """Return the answers and notes of a history that are about the patient."""
    answers = {one: it for one, it in history.answers.items() if one in PATIENT_QUESTIONS}
    notes = {note: text for note, text in history.notes.items() if note in PATIENT_NOTES}
    return History(MappingProxyType(answers), MappingProxyType(notes))


def with_patient(history: History, other: History) -> History:
    """Return a history with the answers and notes about the patient of another one."""
    mine, theirs = about_lesion(history), about_patient(other)
    answers, notes = {**mine.answers, **theirs.answers}, {**mine.notes, **theirs.notes}
    return replace(
        history,
        answers=MappingProxyType({one: answers[one] for one in Question if one in answers}),
        notes=MappingProxyType({note: notes[note] for note in Note if note in notes}),
    )
