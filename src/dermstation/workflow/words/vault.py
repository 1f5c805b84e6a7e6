"""Words for troubles with the vault, its copies and its audit."""

from dermstation.domain.errors import ErrorCode as E
from dermstation.workflow.words.message import NOTHING_LOST, SAVED, Message

WORDS: dict[E, Message] = {
    E.VAULT_ABSENT: Message(
        "The station is not set up on this PC.", "", "Set it up with your name and a passphrase."
    ),
    E.VAULT_EXISTS: Message(
        "The station is already set up on this PC.", SAVED, "Start it again and sign in."
    ),
    E.VAULT_IN_USE: Message(
        "The station is already open on this PC.",
        SAVED,
        "Use the open window, or close it first.",
    ),
    E.TAKE_OVER_TAKEN: Message(
        "The accounts of this PC already share a store, and it is never replaced.",
        "Nothing was changed in either of them.",
        "Sign in to the shared one. Finish what is in this account\u2019s own store with:"
        " dermstation --home {folder}.",
    ),
    E.TAKE_OVER_FILES: Message(
        "Packages or wipes of this store are not finished, and their files could be removed from"
        " this account alone.",
        "Nothing was moved.",
        "Start dermstation --home {folder}, hand over or withdraw each package, then come back.",
    ),
    E.TAKE_OVER_DAMAGED: Message(
        "The copy of the store is not whole, so the store stays where it is.",
        "Nothing was removed.",
        "Tell IT that a disk may be failing, and try again.",
    ),
    E.VAULT_LOCKED: Message("The station is locked.", SAVED, "Sign in again."),
    E.VAULT_DAMAGED: Message(
        "The store of pictures cannot be read: it is damaged, or is not this station's store.",
        "Nothing was changed in it.",
        "Do not delete anything; call IT, who can restore the newest backup.",
    ),
    E.VAULT_NEWER: Message(
        "The store was made by a newer version of the station.",
        SAVED,
        "Ask IT to install the newer version.",
    ),
    E.VAULT_DISK_FULL: Message(
        "The disk is full, so nothing more can be saved.",
        SAVED,
        "Free some space, then try again.",
    ),
    E.VAULT_READ_ONLY: Message(
        "The station may not write to its folder, so nothing can be saved.",
        SAVED,
        "Call IT.",
    ),
    E.VAULT_WRITE_FAILED: Message(
        "Writing to the disk failed, so this was not saved.",
        SAVED,
        "Try again. If it fails again, call IT.",
    ),
    E.CIPHER_MISSING: Message(
        "Encryption is missing from this installation, so the station cannot start.",
        "Nothing was written.",
        "Ask IT to install the station again.",
    ),
    E.CAPTURE_CHANGED: Message(
        "A stored picture has changed since it was saved.",
        "It will not be used.",
        "Take it again, and tell IT that the disk may be failing.",
    ),
    E.EPISODE_FILE_MISSING: Message(
        "The file with this episode's pictures is missing or damaged.",
        "The other episodes are safe.",
        "Abandon this episode, take the pictures in a new one, and tell IT.",
    ),
    E.BACKUP_FAILED: Message(
        "The backup was not made: writing to that folder failed.",
        SAVED,
        "Choose another folder or free some space, then try again.",
    ),
    E.BACKUP_DAMAGED: Message(
        "This backup is incomplete or damaged, so nothing was restored from it.",
        "The backup was not changed.",
        "Use an earlier backup.",
    ),
    E.RESTORE_PLACE_TAKEN: Message(
        "There is already a store on this PC; a backup never replaces one.",
        "Nothing was changed.",
        "Restore to another folder, or ask IT to move the present store away first.",
    ),
    E.EXPORT_FAILED: Message(
        "The file could not be written there.", NOTHING_LOST, "Choose another folder."
    ),
    E.REVIEW_DATE_FORMAT: Message(
        "The review date must be a day from tomorrow up to {days} days ahead.",
        "",
        "Type day, month and year: 03/09/2027.",
    ),
    E.RETAIN_REASON_MISSING: Message(
        "The reason for keeping the pictures on this PC is missing.",
        NOTHING_LOST,
        "Type the continuing clinical need.",
    ),
}
