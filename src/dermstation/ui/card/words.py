"""The words of the memory card pages about pictures, times and outcomes. Pure functions."""

from datetime import datetime
from pathlib import PurePath

from dermstation.camera.card.ejecting import Ejected
from dermstation.camera.card.pictures import Companion, EraseOutcome, ExifFacts, Listing
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.local_time import local
from dermstation.domain.records import TimeSource
from dermstation.ui.card.picture_grid import Tone
from dermstation.ui.parts.text import count_words, day_words
from dermstation.workflow.camera_clock import OLD_FROM, instant_of, span_words
from dermstation.workflow.importing import Candidate, Known
from dermstation.workflow.messages import Message

MARKS: dict[Known, tuple[str, Tone]] = {
    Known.HERE: ("Imported", Tone.GOOD),
    Known.ELSEWHERE: ("In another episode", Tone.BAD),
    Known.WIPED: ("From an earlier episode", Tone.WARN),
}
_REFUSALS = {
    "small": "Too small to use",
    "no jpeg": "Not a JPEG picture",
    "colours": "Not taken by a camera",
    "kind": "Not taken by a camera",
    "cut short": "Incomplete or empty",
    "damaged": "Damaged",
    "time": "Takes too long to read",
    "effort": "Takes too long to read",
    "memory": "Too large",
}
_SOURCES = {
    TimeSource.CAMERA: "by the camera's clock",
    TimeSource.FILE: "by the file's time on the card",
    TimeSource.IMPORT: "is not known; the time of the import is recorded instead",
}
ERASE_OUTCOMES: dict[EraseOutcome | None, str] = {
    EraseOutcome.ERASED: "Overwritten and deleted",
    EraseOutcome.DELETED: "Deleted, but it could not be overwritten",
    EraseOutcome.GONE: "No longer on the card",
    EraseOutcome.CHANGED: "Another picture has this name now, so it was left alone",
    EraseOutcome.PROTECTED: "Locked on the card or in the camera: unlock it and try again",
    EraseOutcome.FAILED: "Could not be erased: the card was taken out or has a fault",
    None: "Not erased, because the stored picture could not be read back",
}
LEFT = "Left on the card; the certificate says so"
EJECT_OUTCOMES: dict[Ejected, Message] = {
    Ejected.SAFE: Message("The card can be taken out now.", "", ""),
    Ejected.IN_USE: Message(
        "The card is still in use.",
        "Do not take it out yet.",
        "Close other programs that show its files, then try again.",
    ),
    Ejected.NOT_KNOWN: Message(
        "The station cannot eject this card.",
        "Do not take it out yet.",
        "Use the computer's own \u201cSafely remove\u201d or \u201cEject\u201d.",
    ),
    Ejected.TAKEN_OUT: Message(
        "The card was taken out before it was ejected.",
        "Pictures listed as erased are off the card.",
        "Put it in again and eject it, so that it can be checked.",
    ),
}


def counts(listing: Listing) -> str:
    """Return the counts of pictures and other files on a card."""
    lines = [f"{count_words(len(listing.files), 'picture', 'pictures')}, newest first."]
    if listing.not_listed:
        lines.append(f"{listing.not_listed} older ones are not shown.")
    if listing.others:
        lines.append(f"{count_words(listing.others, 'other file', 'other files')}, not shown.")
    if not listing.is_whole:
        lines.append("Part of the card could not be read.")
    return " ".join(lines)


def when(exif: ExifFacts) -> str:
    """Return when a picture was taken, by the camera's own clock."""
    moment = instant_of(exif.taken_at)
    return _moment(moment) if moment is not None else "No time in the picture"


def taken(chosen: Candidate) -> str:
    """Return when a picture was taken, where that time comes from, and the camera."""
    source = chosen.time_source
    if source is TimeSource.IMPORT:
        words = f"When it was taken {_SOURCES[source]}."
    else:
        words = f"Taken {_moment(chosen.captured_at)}, {_SOURCES[source]}."
    camera = chosen.picture.exif.camera
    return f"{words} Camera: {camera}." if camera else words


def beware(chosen: Candidate, known: Known | None, at: datetime) -> str:
    """Return a warning about using a picture, or "" if there is none."""
    if known is Known.ELSEWHERE:
        return "This picture is in another episode, perhaps of another patient."
    if known is Known.WIPED:
        return (
            "This picture was imported earlier, in an episode that has been wiped. Is it of"
            " this patient?"
        )
    age = at - chosen.captured_at
    if age > OLD_FROM:
        return f"Taken {span_words(age)} ago. Make sure that it is of this patient."
    return ""


def refusal(trouble: StationError) -> str:
    """Return in a few words why a picture cannot be used."""
    if trouble.code is ErrorCode.IMAGE_TOO_LARGE:
        return "Too large"
    if kind := trouble.facts.get("kind"):
        return f"{kind}, not JPEG"
    return _REFUSALS.get(str(trouble.facts.get("reason")), "Cannot be read")


def companion_name(companion: Companion) -> str:
    """Return the name of another file of a picture, with its folder if that is another one."""
    folder, own = PurePath(companion.path).parent, PurePath(companion.picture).parent
    name = companion.file.shown_name
    if folder == own:
        return name
    shown = "".join(sign if sign.isprintable() else "\ufffd" for sign in folder.as_posix())
    return f"{shown}/{name}" if folder.parts else f"{name} in the top folder"


def companion_facts(companion: Companion) -> str:
    """Return the size and time of another file of a picture."""
    file = companion.file
    size = f"{max(file.size_bytes / 1e6, 0.1):.1f} MB"
    return f"{size}, {_moment(file.modified_at)}" if file.modified_at else size


def _moment(moment: datetime) -> str:
    here = local(moment)
    return f"{day_words(here.date())} {here:%H:%M}"
