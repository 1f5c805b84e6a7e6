"""Words for troubles with the camera, its scale, and images."""

from dermstation.domain.errors import ErrorCode as E
from dermstation.workflow.words.message import NOTHING_LOST, SAVED, Message

WORDS: dict[E, Message] = {
    E.CAMERA_NOT_KNOWN: Message(
        "The station does not know the camera named in the settings.",
        NOTHING_LOST,
        "Use auto, sim, device:0, file:FOLDER or a network address.",
    ),
    E.CAMERA_ABSENT: Message(
        "No camera is attached.",
        SAVED,
        "Plug the dermatoscope in; the picture then appears by itself.",
    ),
    E.CAMERA_OTHER: Message(
        "The camera for this picture is not attached. Another one is: {other}.",
        SAVED,
        "Plug the right one in, into the socket it had before; the picture then appears by itself."
        " To use the other one, choose it on the Cameras page.",
    ),
    E.CAMERA_ALIKE: Message(
        "Two cameras of the same kind are attached, and this PC cannot tell which one is meant.",
        SAVED,
        "Unplug the one that is not meant. To use both, choose one for each picture on the Cameras"
        " page, and leave each in its own socket.",
    ),
    E.CAMERA_BUSY: Message(
        "The camera is in use by another program or account.",
        SAVED,
        "Close the other program (Teams, Zoom, Camera, scanner software), or sign the other account"
        " out of this PC; the picture then appears by itself.",
    ),
    E.CAMERA_REFUSED: Message(
        "This PC does not let the station use the camera.",
        SAVED,
        "Call IT. On Windows: Settings, Privacy & security, Camera; switch on the access of desktop"
        " apps. On Linux, this account needs the right to use cameras.",
    ),
    E.CAMERA_STALLED: Message(
        "The camera has stopped sending pictures.",
        SAVED,
        "Wait a moment. If nothing happens, unplug it and plug it in again.",
    ),
    E.CAMERA_FAILED: Message(
        "The camera does not work.",
        SAVED,
        "Unplug it and plug it in again. If that does not help, call IT.",
    ),
    E.CAMERA_CERTIFICATE: Message(
        "The network camera cannot prove that it is the one in the settings.",
        SAVED,
        "Call IT: its certificate must be valid for this address, from an issuer this PC trusts.",
    ),
    E.CAMERA_SLOW: Message(
        "The camera is sending pictures too slowly.",
        SAVED,
        "Plug it straight into the PC, not into a hub, and close other programs that use cameras. "
        "The picture then comes back by itself.",
    ),
    E.CAMERA_TORN: Message(
        "The camera's pictures arrive damaged.",
        SAVED,
        "Check the cable: push both ends in, and plug it straight into the PC, not into a hub. "
        "The picture comes back by itself.",
    ),
    E.CAMERA_BLACK: Message(
        "The picture from the camera is black.",
        SAVED,
        "Take the cap off and switch the light on. If it stays black, unplug the camera and plug it"
        " in again.",
    ),
    E.CAMERA_WHITE: Message(
        "The picture from the camera is white.",
        SAVED,
        "Turn the light down. If it stays white, unplug the camera and plug it in again.",
    ),
    E.CAMERA_COLOURS: Message(
        "The colours of the camera's picture are swapped.",
        SAVED,
        "Unplug it and plug it in again.",
    ),
    E.CAMERA_MEMORY: Message(
        "This PC has too little free memory for the live picture.",
        SAVED,
        "Close other programs, then try again.",
    ),
    E.FRAME_WRONG: Message(
        "No picture was taken: something is wrong with the live picture ({fault}).",
        SAVED,
        "Wait until it looks right again, then press once more.",
    ),
    E.HELD_LOST: Message(
        "The picture that was held at the lock could not be taken up again.",
        SAVED,
        "Take it again. If it happens again, tell IT.",
    ),
    E.FRAME_STALE: Message(
        "No picture was taken: there is no live picture just now.",
        SAVED,
        "Wait until the picture moves again, then press once more.",
    ),
    E.SCALE_SPAN_SHORT: Message(
        "The two marks are too close together to measure well.",
        "",
        "Put them on lines of the ruler that are further apart.",
    ),
    E.SCALE_SPANS_FEW: Message(
        "The scale needs {need} lengths; {have} measured so far.",
        "",
        "Measure another length, in another place and direction.",
    ),
    E.SCALE_ONE_DIRECTION: Message(
        "All the lengths were measured in the same direction.",
        "",
        "Turn the ruler, take a new picture of it, and measure a length the other way.",
    ),
    E.SCALE_TOO_UNSURE: Message(
        "The lengths do not agree: the scale could be {percent} % out. It was not saved.",
        "",
        "Lay the ruler flat under the glass, in focus, and measure again.",
    ),
    E.SCALE_NOT_CONTACT: Message(
        "No millimetres here: the distance to a hand-held camera varies.",
        "",
        "Lay a ruler beside the lesion. Millimetres are for the dermoscopic picture.",
    ),
    E.SCALE_NOT_MEASURED: Message(
        "No millimetres: the scale of this camera has not been measured yet.",
        "",
        "Measure it once, with a ruler: press C.",
    ),
    E.SCALE_OTHER_SIZE: Message(
        "No millimetres: the scale was measured at another picture size ({known}).",
        "",
        "Measure it again for {width} x {height}: press C.",
    ),
    E.SCALE_CAMERA_NAMELESS: Message(
        "The scale cannot be measured: this PC cannot tell this camera from another one.",
        "",
        "Wait until the picture is live, then try again; or plug the camera into another socket.",
    ),
    E.SCALE_NOT_KEPT: Message(
        "The scale could not be saved in the station's folder.",
        SAVED,
        "Check that the disk is not full, then save the scale again.",
    ),
    E.CHART_NOT_FOUND: Message(
        "The colour chart was not found in the picture.",
        "",
        "Fill the picture with the chart, flat, sharp and with all four corners; then check again.",
    ),
    E.CHART_TOO_BRIGHT: Message(
        "The picture of the colour chart is too bright: the white paper has lost its colour.",
        "",
        "Turn the light or the exposure down until the paper is light grey; then check again.",
    ),
    E.IMAGE_UNREADABLE: Message(
        "This picture is incomplete or cannot be read.", SAVED, "Take it again."
    ),
    E.IMAGE_TOO_LARGE: Message(
        "This picture is too large for the station.", SAVED, "Choose a smaller picture size."
    ),
}
