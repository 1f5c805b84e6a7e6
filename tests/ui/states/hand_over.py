"""States from the check of the package to the certificate."""

from dataclasses import replace
from typing import Any

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Package
from dermstation.domain.routes import Route
from dermstation.ui.hand_over.certificate_page import CertificatePage
from dermstation.ui.hand_over.check_page import CheckPage
from dermstation.ui.hand_over.email_page import EmailPage
from dermstation.ui.hand_over.message_page import MessagePage
from dermstation.ui.hand_over.moved_page import MovedFilesPage
from dermstation.ui.hand_over.page import HandOverPage
from dermstation.ui.parts.page import Page
from dermstation.workflow.archive_standing import Standing
from dermstation.workflow.drafting import DraftSize
from dermstation.workflow.messages import message_for
from tests.ui.framing import named


def hand_over(made: Any) -> Page:
    return HandOverPage(made.package(4), Route.RADS)


def hand_over_withdrawing(made: Any) -> Page:
    page = hand_over(made)
    page.withdraw.click()
    return page


def hand_over_overdue(made: Any) -> Page:
    return HandOverPage(made.package(4), Route.RADS, deadline=made.opened_at)


def hand_over_sealed(made: Any) -> Page:
    words = "river copper lunch tiny hat oak"
    return HandOverPage(made.package(1), Route.MINOR_SURGERY, passphrase=words)


def hand_over_archive(made: Any) -> Page:
    return HandOverPage(made.package(4), Route.RADS, has_archive=True)


def hand_over_archive_waits(made: Any) -> Page:
    page = HandOverPage(made.package(4), Route.RADS, has_archive=True)
    trouble = StationError(ErrorCode.ARCHIVE_UNREACHABLE, partner="archive")
    page.show_standing(Standing("e" * 32, 9, 4, 0, trouble, made.opened_at))
    for tick in page.ticks.values():
        tick.setChecked(True)
    return page


def message(made: Any) -> Page:
    return MessagePage("Is this lesion suspicious?\n\nL1: Forearm, front (left)\nItchy. " * 3)


def message_too_long(made: Any) -> Page:
    return MessagePage("A long story. " * 600)


def email_refused(made: Any) -> Page:
    page = EmailPage(["nhs.net"], DraftSize(4, 3_900_000, 20_000_000))
    page.address.edit.setText("someone@example.org")
    words = message_for(
        StationError(ErrorCode.EMAIL_DOMAIN, domain="example.org", allowed="nhs.net")
    )
    page.address.show_error(f"{words.what} {words.todo}")
    return page


def email_too_big(_made: Any) -> Page:
    return EmailPage(["nhs.net"], DraftSize(19, 38_400_000, 20_000_000))


def files_moved(_made: Any) -> Page:
    return MovedFilesPage("1-L1-General.jpg, 2-L1-Dermoscopic.jpg, summary.pdf")


def check_files(made: Any) -> Page:
    package = made.package(4)
    return CheckPage(package, {file.name: made.skin[::2, ::2] for file in package.files[1:]})


def _with_copies(made: Any) -> Package:
    package = made.package(4)
    notes = ("", "covered copy", "marked and covered copy", "")
    files = (replace(one, note=note) for one, note in zip(package.files, notes, strict=True))
    return replace(package, files=tuple(files))


def hand_over_copies(made: Any) -> Page:
    return HandOverPage(_with_copies(made), Route.RADS)


def check_copies(made: Any) -> Page:
    package = _with_copies(made)
    return CheckPage(package, {one.name: made.skin[::4, ::4] for one in package.files[1:]})


def check_one_pdf(made: Any) -> Page:
    return CheckPage(made.package(1), {})


def hand_over_ticked_long(made: Any) -> Page:
    page = HandOverPage(made.package(9, "/home/test/" + "x" * 90), Route.ADVICE)
    page.in_record.setChecked(True)
    page.in_ers.setChecked(True)
    return page


def certificate_complete(made: Any) -> Page:
    return CertificatePage(made.certificate(), "Test Nurse-One")


def certificate_incomplete(made: Any) -> Page:
    return CertificatePage(made.certificate(left=12), "Test Nurse-One " * 4)


STATES = {
    **named(
        "Hand-over",
        hand_over,
        hand_over_withdrawing,
        hand_over_overdue,
        hand_over_sealed,
        hand_over_archive,
        hand_over_archive_waits,
        message,
        message_too_long,
        email_refused,
        email_too_big,
        check_files,
        files_moved,
        check_one_pdf,
        hand_over_copies,
        check_copies,
        hand_over_ticked_long,
    ),
    **named("Done", certificate_complete, certificate_incomplete),
}
