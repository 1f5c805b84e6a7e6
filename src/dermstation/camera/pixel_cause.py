"""Why a camera's pictures are kept as PNG, and not as the camera's own bytes."""

from enum import StrEnum

from dermstation.camera.source import JPEG_CODINGS, Mode
from dermstation.camera.spec import CameraKind

PACKETS = "ffmpeg"  # the back end of Windows that gives packets


class PixelCause(StrEnum):
    """The causes for pixels in place of the camera's own bytes."""

    CAMERA = "camera_sends_pixels"
    SYSTEM = "system_decodes"  # no JPEG could be had from it; the system's own way gives pixels
    CONTROLS = "controls_are_set"  # which the way to the packets does not have
    NETWORK = "network"  # decoded where a crafted picture can do no harm
    SOURCE = "no_camera"  # a file, or a simulation


def pixel_cause(kind: CameraKind, mode: Mode, *, has_controls_set: bool = False) -> PixelCause:
    """Return why the pictures of a camera in this mode come as pixels."""
    if kind is CameraKind.NETWORK:
        return PixelCause.NETWORK
    if kind is not CameraKind.DEVICE:
        return PixelCause.SOURCE
    if mode.coding and mode.coding.upper() not in JPEG_CODINGS:
        return PixelCause.CAMERA
    return PixelCause.CONTROLS if has_controls_set else PixelCause.SYSTEM
