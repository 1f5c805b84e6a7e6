"""Words for troubles with the package, where it may be saved, and its wipe."""

from dermstation.domain.errors import ErrorCode as E
from dermstation.workflow.words.message import SAVED, Message

WORDS: dict[E, Message] = {
    E.PACKAGE_FOLDER_ABSENT: Message(
        "The folder for the package cannot be found.", SAVED, "Choose another folder."
    ),
    E.PACKAGE_FOLDER_NOT_OPENED: Message(
        "The folder could not be opened.",
        "Everything saved so far is safe.",
        "Copy its path and paste it in the file browser. If it is gone, withdraw the package and"
        " make it again.",
    ),
    E.PACKAGE_FOLDER_READ_ONLY: Message(
        "The station may not write to that folder.", SAVED, "Choose another folder."
    ),
    E.PACKAGE_DISK_FULL: Message(
        "The package was not made: the disk is full.",
        SAVED,
        "Free some space or choose another folder, then try again.",
    ),
    E.PACKAGE_CANCELLED: Message(
        "The package was not made: you cancelled it.", SAVED, "Nothing of it is left."
    ),
    E.PACKAGE_WRITE_FAILED: Message(
        "The package was not made: writing to that folder failed.",
        SAVED,
        "Try again, or choose another folder.",
    ),
    E.PACKAGE_TOO_BIG: Message(
        "The pictures are too large for this destination, even at their smallest size.",
        SAVED,
        "Choose another destination or fewer kinds of file, or make two referrals.",
    ),
    E.PACKAGE_TOO_MANY_FILES: Message(
        "The package has {files} files; this destination accepts {limit}.",
        SAVED,
        "Choose one PDF with everything, or another destination.",
    ),
    E.PACKAGE_DEVICE_UNKNOWN: Message(
        "DICOM files need the maker, model and serial number of the dermatoscope.",
        SAVED,
        "Ask IT to enter them in the settings, or make the package without DICOM files.",
    ),
    E.PLACE_SYNCED: Message(
        "That folder is copied to the internet by {service}: no pictures may go there.",
        SAVED,
        "Choose a folder that stays on this PC.",
    ),
    E.PLACE_NETWORK: Message(
        "That folder is on another computer, and the settings do not allow it.",
        SAVED,
        "Choose a folder on this PC, or ask IT to allow network folders.",
    ),
    E.PLACE_SHARED: Message(
        "Everybody who uses this PC can get at that folder: no pictures may go there.",
        SAVED,
        "Choose a folder of your own, such as one in your Documents.",
    ),
    E.PLACE_REMOVABLE: Message(
        "That folder is on a removable drive. Nothing may be saved there unencrypted.",
        SAVED,
        "Choose a folder on this PC, or one PDF with a passphrase.",
    ),
    E.EMAIL_ADDRESS: Message(
        "This is not an e-mail address.", SAVED, "Check it, for example name@nhs.net."
    ),
    E.EMAIL_DOMAIN: Message(
        "The package may not be sent to {domain}.",
        SAVED,
        "Use an address at {allowed}, or attach the package in e-RS.",
    ),
    E.EMAIL_TOO_BIG: Message(
        "The package is too large for an e-mail.",
        SAVED,
        "Withdraw it, and make it again as one PDF for the GP system; or attach it in e-RS.",
    ),
    E.PACKAGE_NOT_VERIFIED: Message(
        "The package was changed or damaged after it was written.",
        SAVED,
        "Do not attach it. Make it again.",
    ),
    E.PACKAGE_MOVED: Message(
        "Files of the package that are no longer where the station wrote them: {missing}.",
        "Nothing has been removed yet.",
        "Delete them wherever they are now: the station does not know where that is.",
    ),
    E.WIPE_INCOMPLETE: Message(
        "Files of the package that could not be removed from this PC yet: {left}.",
        "They are still there, unencrypted.",
        "Close the programs that have them open, then lock and sign in: the station tries again.",
    ),
    E.COPY_NOT_SAVED: Message(
        "The patient's copy could not be saved there.",
        "No copy was given, and none is recorded.",
        "Choose another folder or drive, then try again.",
    ),
    E.COPY_NOT_PRINTED: Message(
        "The printer did not take the page.",
        "The picture is safe. The copy is recorded as given.",
        "Check the printer, then print again.",
    ),
    E.PRINTER_ABSENT: Message(
        "This PC has no printer.",
        SAVED,
        "Save it as a PDF instead, or call IT.",
    ),
    E.CERTIFICATE_NOT_PRINTED: Message(
        "The printer did not take the certificate.",
        "The station keeps it.",
        "Check the printer, then print again.",
    ),
    E.CERTIFICATE_NOT_SAVED: Message(
        "The certificate could not be saved there.",
        "The station keeps it.",
        "Choose another folder.",
    ),
}
