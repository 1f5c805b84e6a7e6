"""Words for troubles with the patient's identity and with the record system's files."""

from dermstation.domain.errors import ErrorCode as E
from dermstation.workflow.words.message import ASIDE, NOTHING_LOST, Message

WORDS: dict[E, Message] = {
    E.NHS_NUMBER_EMPTY: Message("The NHS number is empty.", "", "Type its 10 digits."),
    E.NHS_NUMBER_CHARACTERS: Message(
        "An NHS number has digits only.", "", "Remove letters and other characters."
    ),
    E.NHS_NUMBER_LENGTH: Message(
        "This number has {digits} digits; an NHS number has 10.",
        "",
        "Compare it with the record.",
    ),
    E.NHS_NUMBER_CHECK_DIGIT: Message(
        "The last digit does not match the others.",
        "",
        "One digit is probably mistyped: compare it with the record.",
    ),
    E.NHS_NUMBER_REPEATED: Message(
        "Ten identical digits are not an NHS number.", "", "Type the number from the record."
    ),
    E.SCAN_NOT_KNOWN: Message(
        "This scan is in no known form.",
        "",
        "Type the details. IT: check the scanner\u2019s keyboard layout.",
    ),
    E.NAME_EMPTY: Message("The name is empty.", "", "Type the name as in the record."),
    E.NAME_TOO_LONG: Message(
        "The name is longer than {limit} characters.", "", "Type the name as in the record."
    ),
    E.NAME_CHARACTERS: Message(
        "A name has only letters, spaces, hyphens and apostrophes.",
        "",
        "Remove digits and other characters.",
    ),
    E.BIRTH_DATE_FORMAT: Message(
        "This is not a date.", "", "Type day, month and year: 03/09/1958."
    ),
    E.BIRTH_DATE_FUTURE: Message("This date is in the future.", "", "Check the year."),
    E.BIRTH_DATE_TOO_LONG_AGO: Message(
        "This is more than {years} years ago.", "", "Check the year."
    ),
    E.PATIENT_DIFFERS: Message(
        "This NHS number is already stored with another name or date of birth.",
        NOTHING_LOST,
        "Check the patient against the record, and correct what is wrong.",
    ),
    E.TEST_NUMBER: Message(
        "NHS numbers that begin with 999 are kept for tests.",
        NOTHING_LOST,
        "Type the number from the patient's record.",
    ),
    E.REAL_NUMBER: Message(
        "This station is for made-up patients only.",
        NOTHING_LOST,
        "Use a test number, for example 999 000 0018.",
    ),
    E.PATIENT_FILE_INVALID: Message(
        "The patient file from the record system cannot be used.",
        ASIDE,
        "Type the patient's details, and tell IT.",
    ),
    E.PATIENT_FILE_UNREADABLE: Message(
        "The patient file from the record system cannot be opened.",
        NOTHING_LOST,
        "Send the patient again from the record system, or type the details.",
    ),
    E.PATIENT_FILE_OTHER: Message(
        "The record system sent another patient. The station refused it.",
        "The open episode is unchanged.",
        "To continue with the other patient, press \u201cWork list\u201d first.",
    ),
    E.PATIENT_FILE_STAYS: Message(
        "The patient file from the record system could not be deleted.",
        "It is still there, unencrypted.",
        "Tell IT: the station needs permission to delete files in that folder.",
    ),
    E.PATIENT_FILE_FOREIGN: Message(
        "The file that was named to the station is no patient file.",
        "It was left as it is.",
        "Type the patient's details, and tell IT.",
    ),
    E.PATIENT_FOLDER_FULL: Message(
        "The folder for incoming patients holds more than 1,000 files, so none is read.",
        NOTHING_LOST,
        "Type the patient's details, and tell IT to empty the folder.",
    ),
    E.PATIENT_FOLDER_ABSENT: Message(
        "The folder for incoming patients cannot be found.",
        NOTHING_LOST,
        "Type the patient's details, and tell IT.",
    ),
}
