"""Show what goes where, and ask for the confirmations that the wipe needs. GUI thread."""

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QVBoxLayout

from dermstation.domain.records import Package, now
from dermstation.domain.routes import ROUTE_GUIDES, Confirmation, Route, confirmations_of
from dermstation.ui.hand_over.archive_card import ArchiveCard
from dermstation.ui.hand_over.copy_path import copy_path_button
from dermstation.ui.hand_over.package_files import PackageFiles
from dermstation.ui.parts.ask_first import AskFirst
from dermstation.ui.parts.button import button
from dermstation.ui.parts.folding import SideBySide
from dermstation.ui.parts.page import Page
from dermstation.ui.parts.text import (
    WrapLabel,
    card,
    count_words,
    day_words,
    label,
)
from dermstation.ui.theme import Space
from dermstation.workflow.archive_standing import Standing
from dermstation.workflow.messages import message_for

IN_RECORD = "The pictures are in the patient's record and I have seen them there"
SUMMARY_IN_RECORD = "The summary is in the patient's record and I have seen it there"
IN_ERS = "The files are attached in e-RS and shown there as Available"
SENT = "The package has been sent to where the surgery will be done"
_IMAGE = "image/"


@dataclass(frozen=True, slots=True)
class _Words:
    """The words for a route: what to do, where to check, and where the pictures then are."""

    title: str
    todo: str
    look: str
    remains: str


_BY_NEED: dict[tuple[Confirmation, ...], _Words] = {
    confirmations_of(Route.RADS): _Words(
        "Attach the package",
        "2. Attach these, in this order",
        "look at the record and at e-RS",
        "in the record and in e-RS",
    ),
    confirmations_of(Route.MINOR_SURGERY): _Words(
        "Send the package",
        "2. Send these, in this order",
        "look at the record and at what was sent",
        "in the record and where you sent it",
    ),
    confirmations_of(Route.RECORD_ONLY): _Words(
        "Save the package in the record",
        "2. Save these in the patient's record",
        "look at the record",
        "in the record",
    ),
}


# Local care pathway, RADS; e-RS code system eRS-Priority-1.
_IN_ERS_TODO = {
    Route.ADVICE: "Look in e-RS for the answer later.",
    Route.RADS: "In e-RS, set the priority to Urgent; look there for the answer.",
    Route.USC: "In e-RS, the priority is still called two-week wait.",
}
_REFUSED = (
    "If a file is refused, or a later check of it fails: withdraw the package, choose another"
    " destination or form, make it again, and hand over the new files."
)


class HandOverPage(Page):
    """The page with the folder, the files in order, and the confirmations that the wipe needs."""

    is_short = True
    confirmed = Signal(bool, bool, bool)  # in the record, in e-RS, sent

    def __init__(
        self,
        package: Package,
        route: Route | None = None,
        *,
        deadline: datetime | None = None,
        passphrase: str = "",
        has_archive: bool = False,
    ) -> None:
        """Show a package, either unencrypted until its `deadline` or newly sealed."""
        needs = confirmations_of(route)
        self._words = _BY_NEED[needs]
        super().__init__(self._words.title, _intro(route))
        self._folder_text = package.folder
        self.ticks: dict[Confirmation, QCheckBox] = {}
        self.archive = ArchiveCard() if has_archive else None
        self._waits = ""  # for the archive, and why
        across = SideBySide()
        left, right = QVBoxLayout(), QVBoxLayout()
        for column in (left, right):
            column.setSpacing(Space.M)
            across.addLayout(column, 1)
        left.addWidget(self._make_folder(deadline))
        if passphrase:
            left.addWidget(_passphrase(passphrase))
        files = PackageFiles(package, self._words.todo)
        left.addWidget(files)
        left.addStretch(1)
        right.addWidget(self._make_ticks(package, needs))
        if self.archive is not None:  # beside the wipe that waits for it
            right.addWidget(self.archive.frame)
        right.addWidget(self._make_helps())
        right.addStretch(1)
        self.content.addLayout(across)
        self.content.addStretch(1)
        primary = self.set_primary("&Wipe every local copy")
        primary.clicked.connect(self._on_primary)
        self.withdraw = self.add_secondary("Wi&thdraw and make again\u2026")
        self.ask = AskFirst(
            self.withdraw,
            f"Withdraw this package? Its {count_words(len(package.files), 'file is', 'files are')}"
            " removed from this PC. The pictures stay in the station.",
            keep="Keep it",
            confirm="Yes, withdraw it",
        )
        self.content.insertWidget(0, self.ask)
        self.set_back()
        self.set_first(self.open_folder)
        self._on_ticked()
        helps = (self.message, self.check, self.email)
        # what copies paths comes after the boxes, so that these are one press of Tab away
        sends = [] if self.archive is None else [self.archive.send]
        stops = [self.open_folder, *self.ticks.values(), *sends, self.copy, *helps, *files.copies]
        for before, after in pairwise(stops):
            self.setTabOrder(before, after)

    @property
    def in_record(self) -> QCheckBox:
        """Return the box that every route has."""
        return self.ticks[Confirmation.IN_RECORD]

    @property
    def in_ers(self) -> QCheckBox:
        """Return the box of the routes through e-RS. Raises KeyError for any other route."""
        return self.ticks[Confirmation.IN_ERS]

    def show_standing(self, standing: Standing | None) -> None:
        """Show how far the pictures are on their way to the archive; the wipe waits for them."""
        if self.archive is not None:
            self.archive.show_standing(standing)
        self._waits = "" if standing is None or standing.is_proven else _waiting(standing)
        self._on_ticked()

    def _make_folder(self, deadline: datetime | None) -> QFrame:
        frame, inside = card()
        self.open_folder = button("&Open folder")
        self.copy = copy_path_button(self._folder_text, "Copy the path of the folder")
        top = QHBoxLayout()
        top.addWidget(label("1. Open this folder", "heading"), 1)
        top.addWidget(self.open_folder)
        top.addWidget(self.copy)
        inside.addLayout(top)
        inside.addWidget(WrapLabel(self._folder_text, "mono"))
        if deadline is not None:
            inside.addWidget(WrapLabel(*_deadline_words(deadline)))
        return frame

    def _make_helps(self) -> QFrame:
        """Return the card with the message, the file check, the e-mail, and advice on refusals."""
        frame, inside = card()
        inside.addWidget(label("Help with this step", "heading"))
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        self.message = button("&Message text\u2026")
        self.check = button("Chec&k files\u2026")
        self.email = button("&E\u2011mail draft\u2026")
        for made in (self.message, self.check, self.email):
            row.addWidget(made, 1)
        inside.addLayout(row)
        inside.addWidget(WrapLabel(_REFUSED, "soft"))
        return frame

    def _make_ticks(self, package: Package, needs: tuple[Confirmation, ...]) -> QFrame:
        frame, inside = card()
        inside.addWidget(label("3. Confirm, then wipe", "heading"))
        inside.addWidget(
            WrapLabel(
                f"An upload can still fail after you have moved on: {self._words.look} before"
                " you tick.",
                "soft",
            )
        )
        for one in needs:
            tick, row = _tick(_tick_words(one, package))
            tick.toggled.connect(self._on_ticked)
            inside.addLayout(row)
            self.ticks[one] = tick
        self._lack = label(role="soft", wrap=True)
        inside.addWidget(self._lack)
        return frame

    def _on_ticked(self) -> None:
        ticked = all(tick.isChecked() for tick in self.ticks.values())
        ready = ticked and not self._waits
        waits = "the box" if len(self.ticks) == 1 else "both boxes"
        self._lack.setText(
            f"Ready. After the wipe it is {self._words.remains}; backups made earlier and a copy"
            " of the patient's keep what they hold."
            if ready
            else self._waits
            if ticked
            else f"Tick {waits} before the wipe."
        )
        if self.primary is not None:
            self.primary.setEnabled(ready)

    def _on_primary(self) -> None:
        ticked = {one for one, tick in self.ticks.items() if tick.isChecked()}
        self.confirmed.emit(*(one in ticked for one in Confirmation))


def _tick(words: str) -> tuple[QCheckBox, QHBoxLayout]:
    """Return a check box and its wrapping words; pressing the words ticks it too."""
    tick = QCheckBox()
    tick.setAccessibleName(words)
    tick.setProperty("bare", "true")  # its words are in a separate label, because they wrap
    text = _TickWords(words, tick)
    row = QHBoxLayout()
    row.setSpacing(0)
    row.addWidget(tick)
    row.addWidget(text, 1, Qt.AlignmentFlag.AlignVCenter)
    return tick, row


class _TickWords(WrapLabel):
    def __init__(self, words: str, tick: QCheckBox) -> None:
        super().__init__(words)
        self._tick = tick

    def mouseReleaseEvent(self, _event: object) -> None:
        """Toggle the box, as pressing it does."""
        self._tick.click()


def _tick_words(one: Confirmation, package: Package) -> str:
    if one is Confirmation.IN_ERS:
        return IN_ERS
    if one is Confirmation.SENT:
        return SENT
    has_pictures = any(file.media_type.startswith(_IMAGE) for file in package.files)
    return IN_RECORD if has_pictures else SUMMARY_IN_RECORD


def _waiting(standing: Standing) -> str:
    """Return why the wipe waits for the archive."""
    if standing.trouble is None:
        return "The wipe waits for the archive."
    what = message_for(standing.trouble).what
    return f"The wipe waits: {what[0].lower()}{what[1:]}"


def _passphrase(passphrase: str) -> QFrame:
    """Return the card that shows the passphrase of a sealed package once."""
    frame, inside = card("band-warn")
    inside.addWidget(label("Passphrase, shown only now", "heading"))
    words = WrapLabel(passphrase, "mono")
    words.setAccessibleName(f"Passphrase: {passphrase}")
    inside.addWidget(words)
    inside.addWidget(
        WrapLabel(
            "Write it down and give it to the recipient separately from the drive. Without it"
            " nobody can open the PDF, and the station does not keep it.",
            "soft",
        )
    )
    return frame


def _deadline_words(deadline: datetime) -> tuple[str, str]:
    """Return until when the files may stay there, and the style role of these words."""
    local = deadline.astimezone()
    when = f"{day_words(local.date())} {local:%H:%M}"
    if deadline < now():
        return f"Overdue since {when}: confirm that they arrived, or withdraw them.", "poor"
    return f"Unencrypted: confirm or withdraw by {when}.", "soft"


def _intro(route: Route | None) -> str:
    where = f" Route: {ROUTE_GUIDES[route].title}." if route is not None else ""
    todo = f" {_IN_ERS_TODO[route]}" if route in _IN_ERS_TODO else ""
    return f"Written and checked.{where}{todo}"
