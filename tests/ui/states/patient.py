"""States of the patient and consent pages."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from dermstation.archive.worklist import WorklistEntry
from dermstation.domain.character_sets import CharacterSet
from dermstation.domain.consents import Answer, ConsentCircumstances, Giver
from dermstation.domain.errors import StationError
from dermstation.domain.identity import NhsNumber
from dermstation.ui.parts.notice import Level
from dermstation.ui.parts.page import Page
from dermstation.ui.patient.consent_page import ConsentPage
from dermstation.ui.patient.page import PatientPage
from dermstation.ui.patient.readings_page import ReadingsPage
from dermstation.ui.patient.unread_page import UnreadPage
from dermstation.ui.patient.worklist_page import WorklistPage
from dermstation.workflow.episodes import TypedPatient
from dermstation.workflow.messages import message_for
from dermstation.workflow.patient_file import PatientReading, PatientReadings
from dermstation.workflow.unread_files import UnreadFile
from dermstation.workflow.worklist import expected
from tests.ui.framing import LONG, LONG_PATIENT, named


def words_of(error: StationError) -> str:
    return str(message_for(error))


def _patient(given: str, family: str, number: str = "999 000 0018") -> PatientPage:
    page = PatientPage(words_of, lambda: date(2026, 9, 4))
    page.load_draft(
        {
            "nhs_number": number,
            "family_name": family,
            "given_name": given,
            "born_on": "03/09/1958",
        }
    )
    return page


def patient_empty(made: Any) -> Page:
    return PatientPage(words_of)


def patient_unfinished(made: Any) -> Page:
    page = PatientPage(words_of)
    page.unfinished.show_entry("Test Nurse", datetime(2026, 9, 4, 1, 24, tzinfo=UTC))
    return page


def patient_errors(made: Any) -> Page:
    page = _patient("T3st", "", "999 000 0019")
    page.primary.click()
    return page


def patient_confirm(made: Any) -> Page:
    page = _patient("Test", "Patient-One")
    page.primary.click()
    return page


def patient_incoming(made: Any) -> Page:
    page = PatientPage(words_of, lambda: date(2026, 9, 4))
    one = made.patient
    page.ask_about_incoming(
        TypedPatient(one.nhs_number, one.family_name, one.given_name, one.born_on)
    )
    page._arm()
    return page


def readings_two(made: Any) -> Page:
    return ReadingsPage(_readings("Siobh\u00e1n", "Siobh\u00dfn"))


def readings_four_long(made: Any) -> Page:
    return ReadingsPage(_readings(*(f"{LONG_PATIENT.family_name[:60]}-{n}" for n in "ABCD")))


def _readings(*families: str) -> PatientReadings:
    born_on, number = date(1958, 9, 3), NhsNumber("9990000018")
    typed = [TypedPatient(number, family, "Test", born_on) for family in families]
    return PatientReadings(
        tuple(PatientReading(*one) for one in zip(typed, CharacterSet, strict=False))
    )


def unread_none(made: Any) -> Page:
    return UnreadPage([])


def unread_two_long(made: Any) -> Page:
    folder = Path("C:/Program Files/Record System of the Practice/Exchange/Devices/Outgoing")
    at = datetime(2026, 9, 4, 9, 30, tzinfo=UTC)
    files = [folder / f"patient-{number}.gdt.not-read" for number in range(2)]
    return UnreadPage([UnreadFile(one, at, at + timedelta(days=7), one) for one in files])


def worklist_asking(made: Any) -> Page:
    return WorklistPage()


def worklist_nobody(made: Any) -> Page:
    page = WorklistPage()
    page.show_patients(())
    return page


def worklist_three(made: Any) -> Page:
    entries = (
        WorklistEntry("9990000018", "Wolfe", "Ada", "03/09/1958", "female", "09:30", "Left arm"),
        WorklistEntry("H-7", "Okafor", "Bo", "01/02/1990", "", "", "Skin lesion"),
        WorklistEntry(
            "9990000026",
            LONG_PATIENT.family_name,
            LONG_PATIENT.given_name,
            "04/05/1971",
            "",
            "11:15",
            "Pictures of a skin lesion",
        ),
    )
    page = WorklistPage()
    page.show_patients([expected(one, date(2026, 9, 4)) for one in entries])
    return page


def patient_confirm_long(made: Any) -> Page:
    page = _patient(LONG_PATIENT.given_name, LONG_PATIENT.family_name)
    page.primary.click()
    page.show_notice(
        Level.ERROR,
        "This NHS number is already stored with another name or date of birth.",
        "Nothing is lost.",
        "Check the patient against the record, and correct what is wrong.",
    )
    return page


def patient_confirm_unbroken_long(made: Any) -> Page:
    page = _patient(LONG, LONG)
    page.primary.click()
    return page


def consent_empty(made: Any) -> Page:
    return ConsentPage()


def consent_missing(made: Any) -> Page:
    page = ConsentPage()
    page.primary.click()
    return page


def consent_declined(made: Any) -> Page:
    page = ConsentPage()
    page.declined.setChecked(True)
    return page


def consent_withdrawn_long(made: Any) -> Page:
    page = ConsentPage(3)
    page.declined.setChecked(True)
    page.answers.show_circumstances(
        ConsentCircumstances(
            Giver.ATTORNEY, "Test " * 16, Answer.NO, Answer.YES, "Interpreter service 12345"
        )
    )
    return page


def consent_withdrawn_by_nurse(made: Any) -> Page:
    page = ConsentPage(3, may_wipe=False)
    page.declined.setChecked(True)
    return page


def consent_best_interests(made: Any) -> Page:
    page = ConsentPage()
    page.verbal.setChecked(True)
    page.answers.show_circumstances(
        ConsentCircumstances(
            Giver.BEST_INTERESTS, "Test Decider", Answer.NO, Answer.YES, "Interpreter 7", "GP"
        )
    )
    return page


def consent_giver_missing(made: Any) -> Page:
    page = ConsentPage()
    page.verbal.setChecked(True)
    page.answers.show_circumstances(ConsentCircumstances(Giver.PARENT))
    page.primary.click()
    return page


STATES = {
    **named(
        "Patient",
        patient_empty,
        patient_unfinished,
        patient_errors,
        patient_confirm,
        patient_incoming,
        patient_confirm_long,
        patient_confirm_unbroken_long,
    ),
    **named("Patient", readings_two, readings_four_long),
    **named("", unread_none, unread_two_long),
    **named("", worklist_asking, worklist_nobody, worklist_three),
    **named(
        "Consent",
        consent_empty,
        consent_missing,
        consent_declined,
        consent_withdrawn_long,
        consent_withdrawn_by_nurse,
        consent_giver_missing,
        consent_best_interests,
    ),
}
