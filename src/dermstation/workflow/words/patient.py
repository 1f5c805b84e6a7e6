"""Words for troubles with who the patient is, and the record system's files."""

from dermstation.domain.errors import ErrorCode as E
from dermstation.workflow.words.message import ASIDE, NOTHING_LOST, Message

WORDS: dict[E, Message] = {
    E.NHS_NUMBER_EMPTY: Message("The NHS number is empty.", "", "Type its 10 digits."),
    E.NHS_NUMBER_CHARACTERS: Message(
        "An NHS number has digits only.", "", "Remove letters and signs."
    ),
    E.NHS_NUMBER_LENGTH: Message(
        "This number has {digits} digits; an NHS number has 10.",
        "",
        "Compare it with the record.",
    ),
    E.NHS_NUMBER_CHECK_DIGIT: Message(
        "The last digit does not fit the others.",
        "",
        "One digit is probably mistyped: compare it with the record.",
    ),
    E.NHS_NUMBER_REPEATED: Message(
        "Ten equal digits are not an NHS number.", "", "Type the number from the record."
    ),
    E.NAME_EMPTY: Message("The name is empty.", "", "Type the name as in the record."),
    E.NAME_TOO_LONG: Message(
        "The name is longer than {limit} characters.", "", "Type the name as in the record."
    ),
    E.NAME_CHARACTERS: Message(
        "A name has letters, spaces, hyphens and apostrophes only.",
        "",
        "Remove digits and other signs.",
    ),
    E.BIRTH_DATE_FORMAT: Message(
        "This is not a date.", "", "Type day, month and year: 03/09/1958."
    ),
    E.BIRTH_DATE_FUTURE: Message("This date is still to come.", "", "Check the year."),
    E.BIRTH_DATE_TOO_LONG_AGO: Message(
        "This is more than {years} years ago.", "", "Check the year."
    ),
    E.PATIENT_DIFFERS: Message(
        "This NHS number is already here with another name or date of birth.",
        NOTHING_LOST,
        "Check the patient against the record, and correct what is wrong.",
    ),
    E.TEST_NUMBER: Message(
        "NHS numbers that begin with 999 are kept for tests.",
        NOTHING_LOST,
        "Type the number from the patient's record.",
    ),
    E.REAL_NUMBER: Message(
        "This station shows made-up patients only.",
        NOTHING_LOST,
        "Use a test number, 999 000 0018 for example.",
    ),
    E.PATIENT_FILE_INVALID: Message(
        "The patient file of the record system cannot be used.",
        ASIDE,
        "Type the patient's details, and tell IT.",
    ),
    E.PATIENT_FILE_UNREADABLE: Message(
        "The patient file of the record system cannot be opened.",
        NOTHING_LOST,
        "Hand the patient over again, or type the details.",
    ),
    E.PATIENT_FILE_OTHER: Message(
        "The record system handed over another patient. It was refused.",
        "The open episode is unchanged.",
        "To go on with the other patient, press \u201cChange patient\u201d first.",
    ),
    E.PATIENT_FILE_STAYS: Message(
        "The patient file of the record system could not be deleted.",
        "It lies there unencrypted.",
        "Tell IT: the station needs the right to delete there.",
    ),
    E.PATIENT_FOLDER_ABSENT: Message(
        "The folder from which patients are handed over is not there.",
        NOTHING_LOST,
        "Type the patient's details, and tell IT.",
    ),
}
