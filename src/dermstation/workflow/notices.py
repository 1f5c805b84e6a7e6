"""Words for the person at the screen that do not report a failure.

The words for troubles are in `workflow.messages`.
"""

from dataclasses import astuple
from pathlib import Path

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import CaptureDetails, Polarisation
from dermstation.domain.shots import SHOT_GUIDES
from dermstation.paths import StationPaths
from dermstation.security.pin_policy import PinRule
from dermstation.vault.restore import BackupStanding
from dermstation.workflow.home_check import home_words
from dermstation.workflow.messages import MESSAGES, Message, message_for
from dermstation.workflow.outstanding import Reminder
from dermstation.workflow.unlocking import TakenOver

_SAVED = "Everything saved so far is safe."

WIPE_RESUMED = Message(
    "A wipe that was interrupted has now been finished.", "", "This is its certificate."
)

OLD_COPY = Message(
    "An older copy of the store, or of its key files, was put back on this PC.",
    "Nothing was removed.",
    "Anything done since that copy is missing from the list: tell IT before you continue.",
)

KEY_FILE_EXCHANGED = Message(
    "A key file of the station was exchanged for one that is not its own.",
    "That file is set aside, and the station\u2019s own is written again.",
    "Tell IT: the audit says which file, and what is wrong with it.",
)

OTHER_STORE = Message(
    "This is not the store that was used on this PC before.",
    "Nothing was removed.",
    "If nobody replaced it on purpose, tell IT before you continue.",
)

KEY_CHANGE_WAITS = Message(
    "The last step of a wipe waits: the disk is full, or cannot be written.",
    "What was wiped is removed and cannot be opened.",
    "Free some space, then lock and sign in: the station finishes it.",
)

_PIN_TODO = "Choose a passphrase: press Station, then \u201cChange mine\u201d."
_PIN_WORDS = {
    PinRule.NO_KEYSTORE: Message(
        "Your PIN is not safe enough on this PC: a passphrase is.", "", _PIN_TODO
    ),
    PinRule.DISK_OPEN: Message(
        "Your PIN is not safe enough any more: the disk of this PC is not encrypted, and whoever"
        " steals it could try every PIN.",
        "",
        _PIN_TODO,
    ),
    PinRule.DISK_NOT_KNOWN: Message(
        "Your PIN may not be safe enough: this PC does not say whether its disk is encrypted, and"
        " if it is not, whoever steals it could try every PIN.",
        "",
        _PIN_TODO,
    ),
}

NOT_SAVED_YET = Message(
    "A picture that was taken is not saved yet.",
    "It is still held.",
    "Use it or take it again, then close. To discard it, close once more.",
)


EPISODE_LEFT = Message(
    "The previous patient's episode is closed.",
    _SAVED,
    "Continue it from this list at any time.",
)

PACKAGE_WITHDRAWN = Message(
    "The package is withdrawn; its files are removed.",
    "The pictures stay in the station.",
    "Make it again when everything is right.",
)

REVIEW_ASKED = Message(
    "The episode has been sent for review.", _SAVED, "It is in the clinicians\u2019 list."
)

SAVE_FIRST = Message(
    "The picture on the screen is not saved yet.",
    "It is still held.",
    "Use it or take it again, then change the patient.",
)

CONSENT_WITHDRAWN = Message(
    "The pictures have been wiped: the patient withdrew consent.",
    "The texts and lesions are kept.",
    "The referral goes ahead without pictures.",
)

CONSENT_WITHDRAWN_WAITS = Message(
    "The patient withdrew consent: the pictures are not used any more.",
    "They are not shown and go into no package. Others took or reviewed them, so you may not wipe"
    " them.",
    "Ask a clinician to open this episode, choose Consent and confirm: that wipes them.",
)

COPY_SAVED = Message("The copy is saved.", "", "")


def copy_not_saved(trouble: StationError) -> Message:
    """Return a message that the copy was not saved, and that drawing and original are safe."""
    words = message_for(trouble)
    safe = "The original is safe, and the drawing is still here."
    return Message(words.what, safe, words.todo)


DRAWING_TAKEN_UP = Message(
    "Your earlier drawing is shown again.",
    "It is kept, but it has not been saved as a copy yet.",
    "Go on, then save the copy.",
)

_ORIGINAL_NOT_WIPED = Message(
    "The original of a covered picture could not be wiped yet.",
    "The covered copy is safe, and only that goes into the package.",
    "The station tries again each time the summary is opened. Free some space if the disk is full.",
)

_ORIGINAL_WAITS = Message(
    "The original of a covered picture has not been wiped yet.",
    "The covered copy is safe, and only that goes into the package.",
    "The station wipes the original when a clinician opens the summary.",
)


def original_stays(trouble: StationError) -> Message:
    """Return a message about the original of a covered picture that could not be wiped."""
    return _ORIGINAL_WAITS if trouble.code is ErrorCode.RIGHT_MISSING else _ORIGINAL_NOT_WIPED


SAME_PATIENT = Message("The record system sent this same patient again.", "", "Go on.")

PATIENT_WAITS = Message(
    "The record system has sent a patient.",
    "What you typed here is kept.",
    "Press \u201cBack\u201d to see who it is.",
)


def outstanding_words(
    files_left: int,
    damaged: int,
    *,
    files_aside: int = 0,
    on_cards: int = 0,
    overdue: int = 0,
    is_old_copy: bool = False,
    is_other_store: bool = False,
    is_key_file_exchanged: bool = False,
    key_change_waits: bool = False,
    pin_rule: PinRule = PinRule.ENOUGH,
) -> Message | None:
    """Return a message about unfinished work other than episodes, or None if there is none."""
    told = (
        (is_old_copy, OLD_COPY),
        (is_other_store, OTHER_STORE),
        (is_key_file_exchanged, KEY_FILE_EXCHANGED),
        (key_change_waits, KEY_CHANGE_WAITS),
    )
    parts = [words for is_so, words in told if is_so]
    if pin_rule is not PinRule.ENOUGH:
        parts.append(_PIN_WORDS[pin_rule])
    if files_left:
        parts.append(MESSAGES[ErrorCode.WIPE_INCOMPLETE])
    if damaged:
        parts.append(
            Message(
                "Episodes whose file of pictures is missing or damaged: {damaged}.",
                "They are marked below. The other episodes are safe.",
                "Abandon each of them, take the pictures in a new episode, and tell IT.",
            )
        )
    if files_aside:
        parts.append(
            Message(
                "Files of pictures that this store does not know: {aside}.",
                "They are kept apart, and stay encrypted.",
                "IT can put the newest copy of the store back; its pictures then come back too.",
            )
        )
    if on_cards:
        parts.append(
            Message(
                "Imported pictures and their other files still on a memory card: {on_cards}.",
                "They are also stored here.",
                "Continue the episode and erase them under \u201cFrom a memory card\u201d.",
            )
        )
    if overdue:
        parts.append(
            Message(
                "Packages left unencrypted for longer than they should be: {overdue}.",
                "",
                "Continue each one: confirm that it arrived, or withdraw it.",
            )
        )
    if not parts:
        return None
    lines = (" ".join(filter(None, lines)) for lines in zip(*map(astuple, parts), strict=True))
    facts = {
        "left": files_left,
        "damaged": damaged,
        "aside": files_aside,
        "on_cards": on_cards,
        "overdue": overdue,
    }
    return Message(*(line.format(**facts) for line in lines))


def taken_over_words(found: TakenOver) -> Message:
    """Return a message that says what was moved, and who needs a new secret."""
    todo = "Each account of this PC can sign in here now."
    if found.without_secret:
        names = ", ".join(found.without_secret)
        todo += f" These people need a new passphrase first, under Station, Operators: {names}."
    what = f"The store is moved. Pictures moved and checked: {found.pictures}."
    return Message(what, "The old place in this account is wiped.", todo)


def own_store_words(home: Path) -> Message:
    """Return a message for an account that has a store of its own beside the shared one."""
    return Message(
        "This account has a store of its own, from before the PC\u2019s accounts shared one. Its"
        " pictures are not in the list here.",
        "Nothing in it was changed.",
        f"Ask IT to start dermstation --home {home}, and finish its episodes there.",
    )


def shared_home_message(paths: StationPaths) -> Message | None:
    """Return a message if the home that accounts share is not as it was made."""
    words = home_words(paths)
    return Message(words, _SAVED, "Tell IT: dermstation doctor says the same.") if words else None


def restored_words(count: int, standing: BackupStanding) -> Message:
    """Return a message that says what was restored, and how to sign in on a new PC."""
    what = f"The backup is restored. Pictures restored and checked: {count}."
    return Message(
        " ".join((what, *standing_words(standing))),
        "",
        "A PIN works only on the PC where it was set: on a new PC, use the recovery key.",
    )


def standing_words(standing: BackupStanding) -> tuple[str, ...]:
    """Return words if the backup is of another store, or older than the one that was here."""
    words = []
    if standing.is_of_another_vault:
        words.append("It is a backup of another store than the one used on this PC before.")
    if standing.entries_since:
        words.append(
            "The store on this PC was used after this backup was begun;"
            " what was done since is not in it."
        )
    if standing.newer is not None:
        words.append(f"The same folder has a newer backup of this store: {standing.newer.name}.")
    return tuple(words)


BACKUP_RUNS_ON = Message(
    "The backup continues behind the locked screen.",
    "",
    "You can leave. Signing in is possible once it is made.",
)


def closing_words(left: Reminder) -> Message | None:
    """Return a reminder for whoever closes the window, or None; a second close is not stopped."""
    words = reminder_words(left, leaving=True)
    if words is None:
        return None
    return Message(words.what, _SAVED, "Finish them before you leave, or close once more.")


def _backup_words(left: Reminder) -> str:
    if left.backup_failed:
        return "The backup could not be made: make it again."
    return "The backup is made." if left.backup_made else ""


def reminder_words(left: Reminder, *, leaving: bool) -> Message | None:
    """Return a reminder of what is not finished, or None. It names no patient.

    `leaving` is for whoever locks or closes the station; otherwise it is for whoever signs in.
    """
    parts = [_backup_words(left)] if _backup_words(left) else []
    if left.not_handed_over:
        parts.append(f"Episodes not handed over yet: {left.not_handed_over}.")
    if left.folders_in_the_clear:
        parts.append(f"Packages left unencrypted: {len(left.folders_in_the_clear)}.")
    if left.reviews_due:
        parts.append(f"Kept episodes due for another look: {left.reviews_due}.")
    if not parts:
        return None
    todo = "Sign in and finish them before you leave." if leaving else "They are in the list."
    is_open = left.not_handed_over or left.folders_in_the_clear or left.reviews_due
    return Message(" ".join(parts), "", todo if is_open else "")


def held_before_lock(operator_name: str, *, is_other: bool) -> Message:
    """Return a message about the picture that stayed in memory while the station was locked."""
    name = f" It is saved as taken by {operator_name}." if is_other else ""
    return Message(
        f"This picture was taken before the station was locked.{name}",
        "It is held, and not saved yet.",
        "Look at it, then use it or take it again.",
    )


_POLARISATION_WORDS = {
    Polarisation.POLARISED: "polarised light",
    Polarisation.NON_POLARISED: "non-polarised light",
}


def details_words(details: CaptureDetails) -> str:
    """Return in a few words what is noted with a held picture, or an empty text."""
    parts = []
    if (offset_ms := details.press_offset_ms) is not None:
        when = "before" if offset_ms < 0 else "after"
        parts.append(f"{abs(offset_ms)} ms {when} the press" if offset_ms else "at the press")
    if details.pressed_as is not None:
        parts.append(f"taken as {SHOT_GUIDES[details.pressed_as].title.lower()}")
    if details.polarisation is not None:
        parts.append(_POLARISATION_WORDS[details.polarisation])
    if details.mm_per_px is not None and details.scale_error is not None:
        parts.append(f"scale \u00b1 {max(1, round(details.scale_error * 100))} %")
    return ", ".join(parts)


def withheld_words(count: int, *, may_wipe: bool) -> Message:
    """Return a message about the pictures that were taken before the patient declined."""
    return Message(
        f"The patient declined. Pictures taken before: {count}.",
        "They are not shown, do not go into the package, and are wiped with this episode.",
        "To wipe them now, choose Consent, then Continue."
        if may_wipe
        else "A clinician can wipe them sooner.",
    )
