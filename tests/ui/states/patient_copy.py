"""States of the patient's copy: on paper, as a file, given and refused."""

from typing import Any

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.patient_copies import CopyForm
from dermstation.ui.parts.notice import Level
from dermstation.ui.parts.page import Page
from dermstation.ui.patient_copy.page import SHEET_PX, PatientCopyPage
from dermstation.ui.patient_copy.printing import sheet_image
from dermstation.workflow.messages import message_for
from dermstation.workflow.patient_copy import OUR_WORDS, CopySheet, offered
from tests.ui.framing import named

LINES = (
    ("What it is", "A picture through a dermatoscope, a magnifying lens with a light"),
    ("Where", "Forearm, front, on your left side"),
    ("Taken", "24 Nov 2026, 14:05 GMT"),
)
PASSWORD = "abstract chest magnet owner few zoo"


def copy_printed(made: Any, **over: Any) -> PatientCopyPage:
    view = made.episode(**over)
    pictures = {capture.id: made.skin[::4, ::4] for capture in view.captures}
    page = PatientCopyPage(offered(view), pictures, lambda: PASSWORD)
    sheet = CopySheet("Test Practice, 1 Example Road", LINES, OUR_WORDS, made.skin)
    page.show_sheet(sheet_image(sheet, SHEET_PX))
    return page


def copy_pdf(made: Any) -> Page:
    page = copy_printed(made)
    page.forms[CopyForm.PDF].setChecked(True)
    return page


def copy_saved(made: Any) -> Page:
    page = copy_pdf(made)
    page.show_given(("L1 close-up, as a PDF with a password, 24 Nov 2026, 14:05 GMT",))
    page.show_notice(
        Level.GOOD, "The copy has been saved and recorded. Give the patient the password now."
    )
    return page


def copy_of_many_long(made: Any) -> Page:
    return copy_printed(made, lesions=3)


def copy_no_printer(made: Any) -> Page:
    page = copy_printed(made)
    words = message_for(StationError(ErrorCode.PRINTER_ABSENT))
    page.show_notice(Level.ERROR, words.what, words.safe, words.todo)
    return page


STATES = named("Summary", copy_printed, copy_pdf, copy_saved, copy_of_many_long, copy_no_printer)
