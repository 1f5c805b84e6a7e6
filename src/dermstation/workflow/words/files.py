"""Words for files that another program holds, or that are not what their name says."""

from dermstation.domain.errors import ErrorCode as E

_OTHER_PROGRAM = "Another program, such as a virus scanner, is using"
HELD: dict[E, str] = {
    E.PACKAGE_WRITE_FAILED: f"{_OTHER_PROGRAM} the new folder, so the package was not made.",
    E.VAULT_WRITE_FAILED: f"{_OTHER_PROGRAM} the station\u2019s files, so this was not saved.",
    E.SETTING_NOT_KEPT: f"{_OTHER_PROGRAM} the settings file: this choice holds until the station"
    " is closed.",
}
HELD_TODO = "Wait a moment, then try again. If it fails again, tell IT."

OTHER_KIND = "A file here is named as a JPEG picture, but it is {kind}."
_AS_JPEG = "Let the phone take pictures as JPEG, then take it again."
OTHER_KIND_TODO = {
    "HEIC": f"{_AS_JPEG} iPhone: Settings, Camera, Formats, Most Compatible. Others: turn HEIC"
    " (high efficiency) off in the camera\u2019s settings.",
    "AVIF": f"{_AS_JPEG} Choose JPEG in the camera\u2019s settings.",
    "WebP": "Copy the picture from the phone itself: mail and chat programs change pictures. Or"
    " take it again.",
}
