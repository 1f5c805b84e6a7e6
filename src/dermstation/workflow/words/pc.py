"""Words for troubles with the settings, and with the PC itself."""

from dermstation.domain.errors import ErrorCode as E
from dermstation.workflow.words.message import NOTHING_LOST, SAVED, Message

WORDS: dict[E, Message] = {
    E.SETTING_INVALID: Message(
        "The setting {setting} is not valid.", NOTHING_LOST, "Check its value."
    ),
    E.SETTING_FIXED: Message(
        "The practice\u2019s IT has set \u201c{setting}\u201d for this PC.",
        SAVED,
        "Leave it as it is, or ask IT.",
    ),
    E.SETTING_NOT_KEPT: Message(
        "This choice could not be saved in the settings; it lasts until the station is closed.",
        SAVED,
        "Check that the disk is not full, then choose it again.",
    ),
    E.OUT_NOT_WRITTEN: Message(
        "The file of --out cannot be written. {reason}", "", "Name another file."
    ),
    E.MEDIA_ABSENT: Message(
        "This Windows comes without its media parts {parts}, so no camera and no picture opens.",
        NOTHING_LOST,
        "Ask IT to add them: on an N edition the optional feature \u201cMedia Feature Pack\u201d,"
        " on Windows Server the feature \u201cMedia Foundation\u201d. Then start the station"
        " again.",
    ),
    E.HOME_CLOSED: Message(
        "This account may not use the station\u2019s folder on this PC.",
        SAVED,
        "Ask IT to let this account into that folder: {folder}.",
    ),
    E.HOME_NOT_MADE: Message(
        "The shared folder of the station could not be made: this needs the rights of an"
        " administrator of the PC.",
        "",
        "Run the command as an administrator.",
    ),
    E.SCREEN_ABSENT: Message(
        "There is no screen here for the window.",
        "",
        "Start it from a desktop, or run the demo without a window: dermstation demo --headless.",
    ),
}
