"""The table that gives each error code its words for the person at the screen.

Each entry says what happened, whether the picture is safe, and what to do next. The facts of a
`StationError` fill the braces; a missing fact leaves nothing in its place. The words themselves
are in `workflow.words`, one module for each family of codes.
"""

from collections import defaultdict
from dataclasses import replace

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.imaging.kinds import KINDS
from dermstation.workflow.words import (
    archive,
    camera,
    card,
    episode,
    files,
    keys,
    package,
    patient,
    pc,
    sending,
    vault,
)
from dermstation.workflow.words.message import HELD, Message

__all__ = ["MESSAGES", "Message", "message_for"]

_E = ErrorCode
MESSAGES: dict[ErrorCode, Message] = {
    **archive.WORDS,
    **camera.WORDS,
    **card.WORDS,
    **episode.WORDS,
    **keys.WORDS,
    **package.WORDS,
    **patient.WORDS,
    **pc.WORDS,
    **sending.WORDS,
    **vault.WORDS,
}

# If one code has several causes, the value of a fact chooses other words.
_WHAT_BY_FACT: dict[tuple[ErrorCode, str, object], str] = {
    **archive.WHAT,
    (_E.SECRET_WRONG, "tries_left", 0): "Too many wrong attempts: this PIN or passphrase is"
    " locked.",
    (_E.SECRET_FILE_REFUSED, "reason", "open"): "Others on this PC can read the file of"
    " --secret-file, so nothing was tried.",
    **{(code, "held", True): words for code, words in files.HELD.items()},
    **{(_E.IMAGE_UNREADABLE, "kind", kind): files.OTHER_KIND for kind in KINDS},
    (_E.BIRTH_DATE_FORMAT, "year", "short"): "The year needs four digits.",
    (_E.OPERATOR_REFUSED, "reason", "revoked"): "This person may not sign in any more.",
    (_E.OPERATOR_REFUSED, "reason", "unknown"): "This person is not an operator of this station.",
    (_E.OPERATOR_REFUSED, "reason", "recovery_key"): "This recovery key is not the one of this"
    " station.",
    (_E.VAULT_DAMAGED, "keys", "two_vaults"): "The store cannot be read: its two key files are from"
    " different stations, and neither opens it.",
    (_E.VAULT_DAMAGED, "keys", "other_vault"): "The store cannot be read: its key files are from"
    " another station, or it is damaged.",
    (_E.VAULT_DAMAGED, "keys", "other_time"): "The store cannot be read: it or its key files were"
    " put back from an older copy, or it is damaged.",
    (_E.HOME_CLOSED, "fault", "absent"): "The station\u2019s folder is missing on this PC.",
    (
        _E.HOME_NOT_MADE,
        "reason",
        "taken",
    ): "There is already a folder in the place of the"
    " shared one, and others than administrators may change it.",
    (_E.HOME_NOT_MADE, "reason", "group"): "This PC has no group {group}, whose members would share"
    " the station.",
    (_E.BACKUP_FAILED, "step", "check"): "The backup was not made: what was read back from that"
    " folder is not what was written.",
    (_E.PATIENT_FILE_INVALID, "fault", "absent"): "The {field} is missing from the patient file of"
    " the record system.",
    (_E.PATIENT_FILE_INVALID, "fault", "value"): "The {field} in the patient file from the record"
    " system is not valid.",
    (_E.PATIENT_FILE_INVALID, "fault", "encoding"): "The letters in the patient file from the"
    " record system cannot be read.",
    (_E.PATIENT_FILE_INVALID, "fault", "message"): "The file from the record system does not hold"
    " a patient.",
    **{
        (_E.PATIENT_FILE_INVALID, "fault", fault): "The patient file from the record system is cut"
        " off or damaged."
        for fault in ("empty", "length", "line", "json")
    },
}
_TODO_BY_FACT: dict[tuple[ErrorCode, str, object], str] = {
    **archive.TODO,
    (_E.SECRET_WEAK, "rule", "digits"): "Use at least {least} digits.",
    (_E.SECRET_WEAK, "rule", "same"): "Use different digits.",
    (_E.SECRET_WEAK, "rule", "run"): "Do not use digits that simply count up or down.",
    (_E.SECRET_WEAK, "rule", "repeated"): "Do not repeat the same digits.",
    (_E.SECRET_WEAK, "rule", "words"): "Use at least {least} different words.",
    (_E.SECRET_WEAK, "rule", "length"): "Use at least {least} characters.",
    **keys.WEAK_TODO,
    (_E.SECRET_FILE_REFUSED, "reason", "open"): "Take the permissions of all others away (chmod"
    " 600), and change the secret.",
    (_E.SECRET_WRONG, "tries_left", 0): "Ask an administrator to reset it, or sign in with the"
    " recovery key.",
    (_E.HOME_CLOSED, "fault", "absent"): "Do not set the station up again. Ask IT to connect or"
    " restore the folder {folder}.",
    (_E.HOME_NOT_MADE, "reason", "taken"): "Look what it holds, move it away, and run the command"
    " again.",
    (_E.HOME_NOT_MADE, "reason", "group"): "Make the group (groupadd --system {group}), add the"
    " accounts that use the station, and run the command again.",
    (_E.KEYSTORE_FAILED, "step", "waiting"): "A question about the PC\u2019s keyring may be waiting"
    " behind this window: answer it, then try again. Or sign in with the recovery key.",
    (_E.KEYSTORE_FAILED, "step", "passphrase"): "A PIN needs that part: choose a passphrase of at"
    " least four words instead, and tell IT.",
    (_E.OPERATOR_REFUSED, "reason", "revoked"): "Ask an administrator.",
    (_E.OPERATOR_REFUSED, "reason", "unknown"): "Choose another name, and tell IT.",
    (_E.OPERATOR_REFUSED, "reason", "recovery_key"): "Find this station\u2019s sheet, and tell IT"
    " that its key files were changed.",
    **{
        (_E.VAULT_DAMAGED, "keys", origin): "Do not delete anything. Call IT: put the newest files"
        " keys.a, keys.b and vault.db of this station back together, or restore the newest backup"
        " with the recovery key."
        for origin in ("two_vaults", "other_vault", "other_time")
    },
    (_E.RIGHT_MISSING, "right", "complete"): "Press Lock and ask a clinician to sign in. The"
    " episode stays as it is.",
    (_E.RIGHT_MISSING, "right", "administer"): "Press Lock and ask an administrator to sign in.",
    **{
        (_E.SECRET_WRONG, "tries_left", left): "Check Caps Lock. Attempts left before it is"
        " locked: {tries_left}."
        for left in (1, 2, 3)
    },
    **{
        (code, "step", "key change"): "The wipe is done except for its last step. Once this is put"
        " right, lock and sign in: the station then finishes it."
        for code in (_E.VAULT_DISK_FULL, _E.VAULT_READ_ONLY, _E.VAULT_WRITE_FAILED)
    },
    **{(_E.IMAGE_UNREADABLE, "kind", kind): words for kind, words in files.OTHER_KIND_TODO.items()},
    **{
        (code, "card", True): "Choose another picture, or take it again with the camera."
        for code in (_E.IMAGE_UNREADABLE, _E.IMAGE_TOO_LARGE)
    },
    **{(code, "held", True): files.HELD_TODO for code in files.HELD},
    (_E.BACKUP_FAILED, "step", "check"): "Choose another folder or drive, then try again. If it"
    " fails there too, tell IT.",
    (_E.WIPE_INCOMPLETE, "step", "withdraw"): "Close the programs that have them open, then"
    " withdraw the package once more.",
}

# If a picture is held on the screen, it is what these troubles put at risk.
_WHILE_HELD: dict[ErrorCode, str] = {
    _E.VAULT_DISK_FULL: "Free some space, then press \u201cUse this picture\u201d again.",
    _E.VAULT_READ_ONLY: "Call IT, and leave this window open.",
    _E.VAULT_WRITE_FAILED: "Press again. If it fails again, call IT and leave this window open.",
    _E.VAULT_DAMAGED: "Call IT, and leave this window open.",
    _E.EPISODE_FILE_MISSING: "Call IT, and leave this window open.",
}


def message_for(error: StationError, *, held: bool = False) -> Message:
    """Return the words for `error`, with its facts filled in.

    Pass `held` if a picture is held on the screen and at risk.
    """
    words = MESSAGES[error.code]
    if held and error.code in _WHILE_HELD:
        words = replace(words, safe=HELD, todo=_WHILE_HELD[error.code])
    what = _by_fact(_WHAT_BY_FACT, error) or words.what
    todo = _by_fact(_TODO_BY_FACT, error) or words.todo
    if error.code is ErrorCode.CAMERA_BUSY and error.facts.get("program"):
        what = "The program {program} is using the camera."
    if error.code is ErrorCode.VAULT_IN_USE and error.facts.get("account"):
        what = "The station is open in the account {account} on this PC."
        todo = "Ask them to press Lock there, then sign in. It also locks by itself after a while."
    facts = defaultdict(str, {name: str(value) for name, value in error.facts.items()})
    return Message(*(part.format_map(facts) for part in (what, words.safe, todo)))


def _by_fact(table: dict[tuple[ErrorCode, str, object], str], error: StationError) -> str:
    """Return the words that a fact of `error` chooses, or an empty text."""
    keys = ((error.code, name, value) for name, value in error.facts.items())
    return next((table[key] for key in keys if key in table), "")
