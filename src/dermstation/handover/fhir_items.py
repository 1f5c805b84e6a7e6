"""The items of a FHIR questionnaire's response, and the text that XML can carry. Pure functions."""

import unicodedata
from enum import StrEnum
from typing import Any

from dermstation.domain.consents import Answer
from dermstation.domain.lesion_facts import NOTE_WORDS, QUESTION_WORDS, Note, Question
from dermstation.domain.records import Lesion

SNOMED_CT = "http://snomed.info/sct"
SYSTEMS = {"SCT": SNOMED_CT, "DCM": "http://dicom.nema.org/resources/ontology/DCM"}
UCUM = "http://unitsofmeasure.org"
# the answers that a triage reads by themselves; the history has all of them in words
_ANSWERS = (Question.PIGMENTED, Question.PACEMAKER, Question.LIES_FLAT, Question.ANTICOAGULANTS)
_NOTES = (Note.SIZE_MM, Note.ELEVATION, Note.DURATION, Note.TEMPO, Note.ANTICOAGULANT)
BOOLEAN = {Answer.YES: True, Answer.NO: False}


def words(text: str) -> str:
    """Return text that XML can carry; any other character is replaced by its code point."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(one if _is_in_xml(one) else f"[U+{ord(one):04X}]" for one in lines)


def _is_in_xml(character: str) -> bool:
    """Return whether both XML 1.0 (production 2) and FHIR strings allow the character."""
    is_never = unicodedata.category(character) in {"Cc", "Cs"} or character in "\ufffe\uffff"
    return character in "\n\t" or not is_never


def single_items(lesion: Lesion) -> list[dict[str, Any]]:
    """Return single answers about a lesion; an item that was not asked has no answer."""
    asked, opinion, label = lesion.facts.history, lesion.facts.opinion, lesion.label
    items = [
        item(f"{label}.diagnosis", "Working diagnosis", words(opinion.diagnosis)),
        item(f"{label}.uncertain", "What is uncertain", words(opinion.uncertain)),
    ]
    for note in _NOTES:
        made = item(f"{label}.{_link(note)}", NOTE_WORDS[note], words(asked.notes.get(note, "")))
        if note is Note.SIZE_MM and "answer" in made:
            size = {"value": float(asked.notes[note]), "unit": "mm", "system": UCUM, "code": "mm"}
            made["answer"] = [{"valueQuantity": size}]
        items.append(made)
    for question in _ANSWERS:
        made = item(f"{label}.{_link(question)}", QUESTION_WORDS[question], "")
        if asked.answer(question).is_asked:
            made["answer"] = [{"valueBoolean": BOOLEAN[asked.answer(question)]}]
        items.append(made)
    return items


def _link(one: StrEnum) -> str:
    return one.value.replace("_", "-")


def item(link: str, text: str, answer: str) -> dict[str, Any]:
    """Return an item with its answer as text; an empty answer is left out."""
    made: dict[str, Any] = {"linkId": link, "text": text}
    return {**made, "answer": [{"valueString": answer}]} if answer else made
