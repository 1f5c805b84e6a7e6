"""Words for troubles with the camera, its scale, and images."""

from dermstation.domain.errors import ErrorCode as E
from dermstation.workflow.words.message import NOTHING_LOST, SAVED, Message

WORDS: dict[E, Message] = {
    E.CAMERA_NOT_KNOWN: Message(
        "The camera in the settings is not one the station knows.",
        NOTHING_LOST,
        "Use auto, sim, device:0, file:FOLDER or a network address.",
    ),
    E.CAMERA_ABSENT: Message(
        "No camera is attached.",
        SAVED,
        "Plug the dermatoscope in; the picture comes by itself.",
    ),
    E.CAMERA_BUSY: Message(
        "Another program is using the camera.",
        SAVED,
        "Close the other program (Teams, Zoom, Camera, scanner software); the picture comes by"
        " itself.",
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
        "The camera sends its pictures too slowly.",
        SAVED,
        "Plug it straight into the PC, not into a hub, and close other programs that use cameras. "
        "The picture comes back by itself.",
    ),
    E.CAMERA_BLACK: Message(
        "The camera sends a black picture.",
        SAVED,
        "Take the cap off and switch the light on. Else unplug the camera and plug it in again.",
    ),
    E.CAMERA_WHITE: Message(
        "The camera sends a white picture.",
        SAVED,
        "Turn the light down. If it stays white, unplug the camera and plug it in again.",
    ),
    E.CAMERA_COLOURS: Message(
        "The camera has swapped its colours.",
        SAVED,
        "Unplug it and plug it in again.",
    ),
    E.CAMERA_MEMORY: Message(
        "This PC has too little free memory for the live picture.",
        SAVED,
        "Close other programs, then try again.",
    ),
    E.FRAME_WRONG: Message(
        "No picture was taken: the camera shows nothing that could be one ({fault}).",
        SAVED,
        "Wait until the picture is right again, then press once more.",
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
        "The scale needs {need} lengths; {have} are measured.",
        "",
        "Measure another length, in another place and direction.",
    ),
    E.SCALE_ONE_DIRECTION: Message(
        "All the lengths lie in one direction.",
        "",
        "Turn the ruler, take a new picture of it, and measure a length across.",
    ),
    E.SCALE_TOO_UNSURE: Message(
        "The lengths do not agree: the scale would be off by {percent} %. It is not kept.",
        "",
        "Lay the ruler flat under the glass, in focus, and measure again.",
    ),
    E.SCALE_NOT_CONTACT: Message(
        "No millimetres here: held in the hand, the distance changes.",
        "",
        "Lay a ruler beside the lesion. Millimetres are for the dermoscopic picture.",
    ),
    E.SCALE_NOT_MEASURED: Message(
        "No millimetres: the scale of this camera is not measured yet.",
        "",
        "Measure it once, with a ruler: key C.",
    ),
    E.SCALE_OTHER_SIZE: Message(
        "No millimetres: the scale was measured with another picture size ({known}).",
        "",
        "Measure it again for {width} x {height}: key C.",
    ),
    E.SCALE_CAMERA_NAMELESS: Message(
        "The scale cannot be measured: this PC does not tell this camera from another one.",
        "",
        "Wait until the picture is live, then try again; or plug the camera into another socket.",
    ),
    E.SCALE_NOT_KEPT: Message(
        "The scale could not be written to the station's folder.",
        SAVED,
        "Check that the disk is not full, then save the scale again.",
    ),
    E.IMAGE_UNREADABLE: Message("This is not a whole, readable picture.", SAVED, "Take it again."),
    E.IMAGE_TOO_LARGE: Message(
        "This picture is too large for the station.", SAVED, "Choose a smaller picture size."
    ),
}
