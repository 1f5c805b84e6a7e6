"""The one table from error code to words for the person at the screen.

Each entry says what happened, whether the picture is safe, and what to do next. Facts of a
`StationError` fill the braces; an absent fact is left out gracefully.
"""

from collections import defaultdict
from dataclasses import dataclass, replace

from dermstation.domain.errors import ErrorCode, StationError


@dataclass(frozen=True, slots=True)
class Message:
    """Plain words: what happened, is the picture safe, what to do."""

    what: str
    safe: str
    todo: str

    def __str__(self) -> str:
        return " ".join(part for part in (self.what, self.safe, self.todo) if part)


_NOTHING_LOST = "Nothing is lost."
_HELD = "The picture on the screen is still held."
_SAVED = "Everything saved so far is safe."
_ASIDE = "It was kept aside, beside its place, with the ending .not-read."

_E = ErrorCode
MESSAGES: dict[ErrorCode, Message] = {
    _E.NHS_NUMBER_EMPTY: Message("The NHS number is empty.", "", "Type its 10 digits."),
    _E.NHS_NUMBER_CHARACTERS: Message(
        "An NHS number has digits only.", "", "Remove letters and signs."
    ),
    _E.NHS_NUMBER_LENGTH: Message(
        "This number has {digits} digits; an NHS number has 10.",
        "",
        "Compare it with the record.",
    ),
    _E.NHS_NUMBER_CHECK_DIGIT: Message(
        "The last digit does not fit the others.",
        "",
        "One digit is probably mistyped: compare it with the record.",
    ),
    _E.NHS_NUMBER_REPEATED: Message(
        "Ten equal digits are not an NHS number.", "", "Type the number from the record."
    ),
    _E.NAME_EMPTY: Message("The name is empty.", "", "Type the name as in the record."),
    _E.NAME_TOO_LONG: Message(
        "The name is longer than {limit} characters.", "", "Type the name as in the record."
    ),
    _E.NAME_CHARACTERS: Message(
        "A name has letters, spaces, hyphens and apostrophes only.",
        "",
        "Remove digits and other signs.",
    ),
    _E.BIRTH_DATE_FORMAT: Message(
        "This is not a date.", "", "Type day, month and year: 03/09/1958."
    ),
    _E.BIRTH_DATE_FUTURE: Message("This date is still to come.", "", "Check the year."),
    _E.BIRTH_DATE_TOO_LONG_AGO: Message(
        "This is more than {years} years ago.", "", "Check the year."
    ),
    _E.PATIENT_DIFFERS: Message(
        "This NHS number is already here with another name or date of birth.",
        _NOTHING_LOST,
        "Check the patient against the record, and correct what is wrong.",
    ),
    _E.TEST_NUMBER: Message(
        "NHS numbers that begin with 999 are kept for tests.",
        _NOTHING_LOST,
        "Type the number from the patient's record.",
    ),
    _E.REAL_NUMBER: Message(
        "This station shows made-up patients only.",
        _NOTHING_LOST,
        "Use a test number, 999 000 0018 for example.",
    ),
    _E.PATIENT_FILE_INVALID: Message(
        "The patient file of the record system cannot be used.",
        _ASIDE,
        "Type the patient's details, and tell IT.",
    ),
    _E.PATIENT_FILE_UNREADABLE: Message(
        "The patient file of the record system cannot be opened.",
        _NOTHING_LOST,
        "Hand the patient over again, or type the details.",
    ),
    _E.PATIENT_FILE_OTHER: Message(
        "The record system handed over another patient. It was refused.",
        "The open episode is unchanged.",
        "To go on with the other patient, press \u201cChange patient\u201d first.",
    ),
    _E.PATIENT_FILE_STAYS: Message(
        "The patient file of the record system could not be deleted.",
        "It lies there unencrypted.",
        "Tell IT: the station needs the right to delete there.",
    ),
    _E.PATIENT_FOLDER_ABSENT: Message(
        "The folder from which patients are handed over is not there.",
        _NOTHING_LOST,
        "Type the patient's details, and tell IT.",
    ),
    _E.STEP_NOT_ALLOWED: Message(
        "This step is not possible at this point.", _SAVED, "Go back to the list of episodes."
    ),
    _E.CONSENT_MISSING: Message(
        "The patient's consent is not recorded yet.", _NOTHING_LOST, "Record it first."
    ),
    _E.CONSENT_NEEDS_OTHER: Message(
        "A patient who cannot decide cannot consent.",
        "",
        "Say who decided for the patient, or go on without pictures.",
    ),
    _E.CONSENT_GIVER_MISSING: Message(
        "The name of the person who answered is missing.", "", "Type it."
    ),
    _E.SHOT_MISSING: Message(
        "A picture that this route needs is missing: {shots}.", _SAVED, "Take it, then try again."
    ),
    _E.OVERRIDE_REASON_MISSING: Message(
        "A poor picture needs a reason to be used.", _HELD, "Choose or type the reason."
    ),
    _E.TEXT_TOO_LONG: Message(
        "The text is longer than {limit} characters.", _NOTHING_LOST, "Shorten it."
    ),
    _E.PATHWAY_NOT_USABLE: Message(
        "The practice's own pathway chart cannot be used.",
        "The station's chart is shown instead.",
        "Tell IT: the file named by the setting pathway_file is to be corrected.",
    ),
    _E.NOTE_NOT_KNOWN: Message(
        "This is not right: {note}.", _NOTHING_LOST, "Correct it, or leave it empty."
    ),
    _E.CHAPERONE_NOT_ASKED: Message(
        "For an intimate site a chaperone is offered first.",
        _NOTHING_LOST,
        "Offer one, and note whether the patient wanted it.",
    ),
    _E.SCORE_NOT_ACKNOWLEDGED: Message(
        "The seven points of {label} reach NICE's threshold for urgent suspected cancer.",
        _SAVED,
        "Choose that route, or tick on the history of {label} that you have considered it.",
    ),
    _E.HANDOVER_NOT_CONFIRMED: Message(
        "Nothing was wiped: the hand-over is not confirmed.", _SAVED, "Tick every box first."
    ),
    _E.RIGHT_MISSING: Message(
        "Your role on this station does not allow this step.",
        _SAVED,
        "Press Lock and let somebody sign in who may: the episode stays where it is.",
    ),
    _E.PROFESSIONAL_NUMBER_FORMAT: Message(
        "This is neither a GMC nor an NMC number.",
        "",
        "A GMC number has 7 digits; an NMC PIN is like 12A3456B. It may be left empty.",
    ),
    _E.OPERATOR_NAME_TAKEN: Message(
        "Somebody of this name can sign in already.", "", "Add a middle name or initial."
    ),
    _E.OPERATOR_NOT_KNOWN: Message(
        "No operator of this name can sign in here.",
        _NOTHING_LOST,
        "Say who with --operator, or use --recovery.",
    ),
    _E.OPERATOR_NEEDED: Message(
        "Nobody can revoke themselves, and one administrator must stay.",
        _NOTHING_LOST,
        "Let another administrator do it.",
    ),
    _E.OPERATORS_FULL: Message(
        "The station holds {most} operators at most.",
        _NOTHING_LOST,
        "Revoke those who have left, then try again.",
    ),
    _E.CAMERA_NOT_KNOWN: Message(
        "The camera in the settings is not one the station knows.",
        _NOTHING_LOST,
        "Use auto, sim, device:0, file:FOLDER or a network address.",
    ),
    _E.CAMERA_ABSENT: Message(
        "No camera is attached.",
        _SAVED,
        "Plug the dermatoscope in; the picture comes by itself.",
    ),
    _E.CAMERA_BUSY: Message(
        "Another program is using the camera.",
        _SAVED,
        "Close the other program (Teams, Zoom, Camera, scanner software); the picture comes by"
        " itself.",
    ),
    _E.CAMERA_STALLED: Message(
        "The camera has stopped sending pictures.",
        _SAVED,
        "Wait a moment. If nothing happens, unplug it and plug it in again.",
    ),
    _E.CAMERA_FAILED: Message(
        "The camera does not work.",
        _SAVED,
        "Unplug it and plug it in again. If that does not help, call IT.",
    ),
    _E.CAMERA_SLOW: Message(
        "The camera sends less than two pictures a second.",
        _SAVED,
        "Plug it straight into the PC, not into a hub, and close other programs.",
    ),
    _E.CAMERA_BLACK: Message(
        "The camera sends a black picture.",
        _SAVED,
        "Take the cap off and switch the light on. Else unplug the camera and plug it in again.",
    ),
    _E.CAMERA_WHITE: Message(
        "The camera sends a white picture.",
        _SAVED,
        "Turn the light down. If it stays white, unplug the camera and plug it in again.",
    ),
    _E.CAMERA_COLOURS: Message(
        "The camera has swapped its colours.",
        _SAVED,
        "Unplug it and plug it in again.",
    ),
    _E.CAMERA_MEMORY: Message(
        "This PC has too little free memory for the live picture.",
        _SAVED,
        "Close other programs, then try again.",
    ),
    _E.FRAME_WRONG: Message(
        "No picture was taken: the camera shows nothing that could be one ({fault}).",
        _SAVED,
        "Wait until the picture is right again, then press once more.",
    ),
    _E.FRAME_STALE: Message(
        "No picture was taken: there is no live picture just now.",
        _SAVED,
        "Wait until the picture moves again, then press once more.",
    ),
    _E.CARD_ABSENT: Message(
        "The memory card is not there any more.",
        "Pictures that were imported are safe.",
        "Put the card in again, then choose it.",
    ),
    _E.CARD_UNREADABLE: Message(
        "The memory card cannot be read.",
        "Pictures that were imported are safe.",
        "Take it out and put it in again. If that does not help, try another reader.",
    ),
    _E.CARD_EMPTY: Message(
        "There are no JPEG pictures here. Other files: {others}.",
        _NOTHING_LOST,
        "Check that it is the right card, and that the camera saves JPEG.",
    ),
    _E.CARD_PICTURE_KNOWN: Message(
        "This picture is already in the station: {where}.",
        "It was not imported a second time.",
        "Choose another picture.",
    ),
    _E.CARD_NOT_VERIFIED: Message(
        "The picture was imported, but what was stored is not what is on the card.",
        "Nothing was erased from the card.",
        "Import it again, and tell IT that the disk may be failing.",
    ),
    _E.SCALE_SPAN_SHORT: Message(
        "The two marks are too close together to measure well.",
        "",
        "Put them on lines of the ruler that are further apart.",
    ),
    _E.SCALE_SPANS_FEW: Message(
        "The scale needs {need} lengths; {have} are measured.",
        "",
        "Measure another length, in another place and direction.",
    ),
    _E.SCALE_ONE_DIRECTION: Message(
        "All the lengths lie in one direction.",
        "",
        "Turn the ruler, take a new picture of it, and measure a length across.",
    ),
    _E.SCALE_TOO_UNSURE: Message(
        "The lengths do not agree: the scale would be off by {percent} %. It is not kept.",
        "",
        "Lay the ruler flat under the glass, in focus, and measure again.",
    ),
    _E.SCALE_NOT_CONTACT: Message(
        "No millimetres here: held in the hand, the distance changes.",
        "",
        "Lay a ruler beside the lesion. Millimetres are for the dermoscopic picture.",
    ),
    _E.SCALE_NOT_MEASURED: Message(
        "No millimetres: the scale of this camera is not measured yet.",
        "",
        "Measure it once, with a ruler: key C.",
    ),
    _E.SCALE_OTHER_SIZE: Message(
        "No millimetres: the scale was measured with another picture size ({known}).",
        "",
        "Measure it again for {width} x {height}: key C.",
    ),
    _E.SCALE_CAMERA_NAMELESS: Message(
        "The scale cannot be measured: this PC does not tell this camera from another one.",
        "",
        "Wait until the picture is live, then try again; or plug the camera into another socket.",
    ),
    _E.SCALE_NOT_KEPT: Message(
        "The scale could not be written to the station's folder.",
        _SAVED,
        "Check that the disk is not full, then save the scale again.",
    ),
    _E.IMAGE_UNREADABLE: Message(
        "This is not a whole, readable picture.", _SAVED, "Take it again."
    ),
    _E.IMAGE_TOO_LARGE: Message(
        "This picture is too large for the station.", _SAVED, "Choose a smaller picture size."
    ),
    _E.SECRET_WEAK: Message("This would be too easy to guess.", "", "Choose another one."),
    _E.SECRET_WRONG: Message(
        "This PIN or passphrase is not right.", _NOTHING_LOST, "Check Caps Lock and try again."
    ),
    _E.SECRET_WAIT: Message(
        "Too many wrong tries.", _NOTHING_LOST, "Try again in {seconds} seconds."
    ),
    _E.RECOVERY_KEY_MISTYPED: Message(
        "The recovery key has a typing mistake.",
        _NOTHING_LOST,
        "Compare each of the 12 words with the printed sheet.",
    ),
    _E.RECOVERY_KEY_WRONG: Message(
        "This recovery key belongs to another station.", _NOTHING_LOST, "Find this station's sheet."
    ),
    _E.KEYSTORE_FAILED: Message(
        "This PC does not give out its part of the key.",
        _NOTHING_LOST,
        "Sign in with the recovery key, and tell IT.",
    ),
    _E.KEYS_DAMAGED: Message(
        "The station's key files are damaged or missing.",
        "The pictures are still stored, but locked.",
        "Do not set the station up anew; call IT to restore the key files.",
    ),
    _E.VAULT_ABSENT: Message(
        "The station is not set up on this PC.", "", "Set it up with your name and a passphrase."
    ),
    _E.VAULT_EXISTS: Message(
        "The station is already set up on this PC.", _SAVED, "Start it again and sign in."
    ),
    _E.VAULT_IN_USE: Message(
        "The station is already open on this PC.",
        _SAVED,
        "Use the open window, or close it first.",
    ),
    _E.VAULT_LOCKED: Message("The station is locked.", _SAVED, "Sign in again."),
    _E.VAULT_DAMAGED: Message(
        "The store of pictures cannot be read: it is damaged or is not a store of this station.",
        "Nothing was changed in it.",
        "Do not delete anything; call IT, who can restore the newest backup.",
    ),
    _E.VAULT_NEWER: Message(
        "The store was made by a newer version of the station.",
        _SAVED,
        "Ask IT to install the newer version.",
    ),
    _E.VAULT_DISK_FULL: Message(
        "The disk is full, so nothing more can be saved.",
        _SAVED,
        "Free some space, then try again.",
    ),
    _E.VAULT_READ_ONLY: Message(
        "The station may not write to its folder, so nothing can be saved.",
        _SAVED,
        "Call IT.",
    ),
    _E.VAULT_WRITE_FAILED: Message(
        "Writing to the disk failed, so this was not saved.",
        _SAVED,
        "Try again. If it fails again, call IT.",
    ),
    _E.CIPHER_MISSING: Message(
        "Encryption is missing from this installation, so the station does not start.",
        "Nothing was written.",
        "Ask IT to install the station again.",
    ),
    _E.CAPTURE_CHANGED: Message(
        "A stored picture is not what was saved.",
        "It will not be used.",
        "Take it again, and tell IT that the disk may be failing.",
    ),
    _E.EPISODE_FILE_MISSING: Message(
        "The file with this episode's pictures is missing or damaged.",
        "The other episodes are safe.",
        "Abandon this episode, take the pictures in a new one, and tell IT.",
    ),
    _E.BACKUP_FAILED: Message(
        "The backup was not made: writing to that folder failed.",
        _SAVED,
        "Choose another folder or free some space, then try again.",
    ),
    _E.BACKUP_DAMAGED: Message(
        "This backup is not whole, so nothing was restored from it.",
        "It was not changed.",
        "Use an earlier backup.",
    ),
    _E.RESTORE_PLACE_TAKEN: Message(
        "There is a store on this PC already; a backup never replaces one.",
        "Nothing was changed.",
        "Restore to another folder, or let IT move the present store away first.",
    ),
    _E.EXPORT_FAILED: Message(
        "The file could not be written there.", _NOTHING_LOST, "Choose another folder."
    ),
    _E.REVIEW_DATE_FORMAT: Message(
        "The review date must be a day from tomorrow up to {days} days ahead.",
        "",
        "Type day, month and year: 03/09/2027.",
    ),
    _E.RETAIN_REASON_MISSING: Message(
        "The reason for keeping the pictures on this PC is missing.",
        _NOTHING_LOST,
        "Type the continuing clinical need.",
    ),
    _E.PACKAGE_FOLDER_ABSENT: Message(
        "The folder for the package is not there.", _SAVED, "Choose another folder."
    ),
    _E.PACKAGE_FOLDER_READ_ONLY: Message(
        "The station may not write to that folder.", _SAVED, "Choose another folder."
    ),
    _E.PACKAGE_DISK_FULL: Message(
        "The package was not made: the disk is full.",
        _SAVED,
        "Free some space or choose another folder, then try again.",
    ),
    _E.PACKAGE_WRITE_FAILED: Message(
        "The package was not made: writing to that folder failed.",
        _SAVED,
        "Try again, or choose another folder.",
    ),
    _E.PACKAGE_TOO_BIG: Message(
        "The pictures do not fit into what this destination takes, even at their least size.",
        _SAVED,
        "Choose another destination or fewer kinds of file, or make two referrals.",
    ),
    _E.PACKAGE_TOO_MANY_FILES: Message(
        "The package has {files} files; this destination takes {limit}.",
        _SAVED,
        "Choose one PDF with everything, or another destination.",
    ),
    _E.PACKAGE_DEVICE_UNKNOWN: Message(
        "DICOM files need the maker, model and serial number of the dermatoscope.",
        _SAVED,
        "Ask IT to write them in the settings, or make the package without DICOM files.",
    ),
    _E.PLACE_SYNCED: Message(
        "That folder is copied to the internet by {service}: no pictures may go there.",
        _SAVED,
        "Choose a folder that stays on this PC.",
    ),
    _E.PLACE_NETWORK: Message(
        "That folder is on another computer, and the settings do not allow it.",
        _SAVED,
        "Choose a folder on this PC, or ask IT to allow network folders.",
    ),
    _E.PLACE_REMOVABLE: Message(
        "That folder is on a removable drive. Nothing goes there unencrypted.",
        _SAVED,
        "Choose a folder on this PC, or one PDF with a passphrase.",
    ),
    _E.EMAIL_ADDRESS: Message(
        "This is not an e-mail address.", _SAVED, "Check it, for example name@nhs.net."
    ),
    _E.EMAIL_DOMAIN: Message(
        "The package may not be sent to {domain}.",
        _SAVED,
        "Use an address at {allowed}, or attach the package in e-RS.",
    ),
    _E.PACKAGE_NOT_VERIFIED: Message(
        "The package was changed or damaged after it was written.",
        _SAVED,
        "Do not attach it. Make it again.",
    ),
    _E.WIPE_INCOMPLETE: Message(
        "Files of the package that could not be removed from this PC yet: {left}.",
        "They lie there unencrypted.",
        "Close the programs that have them open, then lock and sign in: the station tries again.",
    ),
    _E.CERTIFICATE_NOT_SAVED: Message(
        "The certificate could not be saved there.",
        "The station keeps it.",
        "Choose another folder.",
    ),
    _E.SETTING_INVALID: Message(
        "The setting {setting} is not usable.", _NOTHING_LOST, "Check its value."
    ),
    _E.SETTING_NOT_KEPT: Message(
        "This choice could not be written to the settings; it holds until the station is closed.",
        _SAVED,
        "Check that the disk is not full, then choose it again.",
    ),
    _E.SCREEN_ABSENT: Message(
        "There is no screen here for the window.",
        "",
        "Start it from a desktop, or let the demo run by itself: dermstation demo --headless.",
    ),
}

# Where one code has several causes, the value of a fact chooses other words.
_WHAT_BY_FACT: dict[tuple[ErrorCode, str, object], str] = {
    (_E.SECRET_WRONG, "tries_left", 0): "Too many wrong tries: this PIN or passphrase is locked.",
    (_E.PATIENT_FILE_INVALID, "fault", "absent"): "The patient file of the record system does not"
    " have the {field}.",
    (_E.PATIENT_FILE_INVALID, "fault", "value"): "In the patient file of the record system, the"
    " {field} is not right.",
    (_E.PATIENT_FILE_INVALID, "fault", "encoding"): "The letters in the patient file of the record"
    " system cannot be read.",
    (_E.PATIENT_FILE_INVALID, "fault", "message"): "The file of the record system holds something"
    " else than a patient.",
    **{
        (_E.PATIENT_FILE_INVALID, "fault", fault): "The patient file of the record system is cut"
        " off or damaged."
        for fault in ("empty", "length", "line", "json")
    },
}
_TODO_BY_FACT: dict[tuple[ErrorCode, str, object], str] = {
    (_E.SECRET_WEAK, "rule", "digits"): "Use at least {least} digits.",
    (_E.SECRET_WEAK, "rule", "same"): "Use different digits.",
    (_E.SECRET_WEAK, "rule", "run"): "Do not use digits that simply count up or down.",
    (_E.SECRET_WEAK, "rule", "repeated"): "Do not repeat the same digits.",
    (_E.SECRET_WEAK, "rule", "words"): "Use at least {least} different words.",
    (_E.SECRET_WEAK, "rule", "length"): "Use at least {least} characters.",
    (_E.SECRET_WRONG, "tries_left", 0): "Ask an administrator to reset it, or sign in with the"
    " recovery key.",
    (_E.RIGHT_MISSING, "right", "complete"): "Press Lock and let a clinician sign in: the episode"
    " stays where it is.",
    (_E.RIGHT_MISSING, "right", "administer"): "Press Lock and let an administrator sign in.",
    **{
        (_E.SECRET_WRONG, "tries_left", left): "Check Caps Lock. Tries left before it is locked:"
        " {tries_left}."
        for left in (1, 2, 3)
    },
    **{
        (code, "step", "key change"): "The wipe is done but for its last step. Lock and sign in"
        " once this is mended: the station finishes it."
        for code in (_E.VAULT_DISK_FULL, _E.VAULT_READ_ONLY, _E.VAULT_WRITE_FAILED)
    },
    **{
        (code, "card", True): "Choose another picture, or take it again with the camera."
        for code in (_E.IMAGE_UNREADABLE, _E.IMAGE_TOO_LARGE)
    },
    (_E.WIPE_INCOMPLETE, "step", "withdraw"): "Close the programs that have them open, then"
    " withdraw the package once more.",
}

# With a picture held on the screen, the same troubles leave that picture as the thing at stake.
_WHILE_HELD: dict[ErrorCode, str] = {
    _E.VAULT_DISK_FULL: "Free some space, then press \u201cUse this picture\u201d again.",
    _E.VAULT_READ_ONLY: "Call IT, and leave this window open.",
    _E.VAULT_WRITE_FAILED: "Press again. If it fails again, call IT and leave this window open.",
    _E.VAULT_DAMAGED: "Call IT, and leave this window open.",
    _E.EPISODE_FILE_MISSING: "Call IT, and leave this window open.",
}

UNEXPECTED = Message(
    "Something went wrong that the station did not expect.",
    _SAVED,
    "Start the station again. If it happens again, give IT the reference number.",
)


def message_for(error: StationError, *, held: bool = False) -> Message:
    """Return the words for `error`, with its facts filled in; `held`: a picture is at stake."""
    words = MESSAGES[error.code]
    if held and error.code in _WHILE_HELD:
        words = replace(words, safe=_HELD, todo=_WHILE_HELD[error.code])
    what = _by_fact(_WHAT_BY_FACT, error) or words.what
    if error.code is ErrorCode.CAMERA_BUSY and error.facts.get("program"):
        what = "The program {program} is using the camera."
    todo = _by_fact(_TODO_BY_FACT, error) or words.todo
    facts = defaultdict(str, {name: str(value) for name, value in error.facts.items()})
    return Message(*(part.format_map(facts) for part in (what, words.safe, todo)))


def _by_fact(table: dict[tuple[ErrorCode, str, object], str], error: StationError) -> str:
    """Return the words that a fact of `error` chooses, or nothing."""
    keys = ((error.code, name, value) for name, value in error.facts.items())
    return next((table[key] for key in keys if key in table), "")
