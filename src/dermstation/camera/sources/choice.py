"""From a camera spec to its source. Lives in the camera process."""

from pathlib import Path

from dermstation.camera.source import FrameSource, Mode
from dermstation.camera.sources.attached import AttachedCamera, attached_indices
from dermstation.camera.sources.file import file_source
from dermstation.camera.sources.network import NetworkCamera
from dermstation.camera.sources.simulated.dermatoscope import SimulatedDermatoscope
from dermstation.camera.spec import CameraKind, CameraSpec
from dermstation.domain.errors import ErrorCode, StationError


def source_of(spec: CameraSpec, width: int, height: int) -> FrameSource:
    """Make the source of any spec but `auto`; nothing is opened. ValueError for `auto`."""
    if spec.kind is CameraKind.SIMULATED:
        return SimulatedDermatoscope(spec.knobs, width, height)
    if spec.kind is CameraKind.DEVICE:
        return AttachedCamera(spec, width, height)
    if spec.kind is CameraKind.FILE:
        return file_source(Path(spec.address).expanduser())
    if spec.kind is CameraKind.NETWORK:
        return NetworkCamera(spec.address)
    raise ValueError(spec.kind)


def open_first(spec: CameraSpec, width: int, height: int) -> tuple[CameraSpec, FrameSource, Mode]:
    """Open the first attached device that gives pictures, else the simulated dermatoscope.

    A device that is only busy is not passed over for a simulated picture: StationError CAMERA_BUSY.
    The spec returned names what was opened; the station stays with it, so that a picture never
    changes to another camera's in the middle of an episode.
    """
    busy = False
    for index in attached_indices():
        device = CameraSpec(CameraKind.DEVICE, index=index, controls=spec.controls)
        source = source_of(device, width, height)
        try:
            return device, source, source.open()
        except StationError as error:
            busy = busy or error.code is ErrorCode.CAMERA_BUSY
            source.close()
    if busy:
        raise StationError(ErrorCode.CAMERA_BUSY)
    simulated = CameraSpec(CameraKind.SIMULATED, knobs=spec.knobs, controls=spec.controls)
    source = source_of(simulated, width, height)
    return simulated, source, source.open()
