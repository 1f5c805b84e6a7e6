"""Choose the frame source for a camera spec. Lives in the camera process."""

from dataclasses import replace
from pathlib import Path

from dermstation.camera.discovery import attached_devices
from dermstation.camera.source import FrameSource, Mode
from dermstation.camera.sources.attached import AttachedCamera, attached_indices
from dermstation.camera.sources.file import file_source
from dermstation.camera.sources.simulated.dermatoscope import SimulatedDermatoscope
from dermstation.camera.spec import CameraKind, CameraSpec
from dermstation.domain.errors import ErrorCode, StationError


def source_of(spec: CameraSpec, width: int, height: int) -> FrameSource:
    """Return the source for any spec but `auto`, without opening it.

    Raises StationError CAMERA_ABSENT for a simulated source if simulation is not allowed, and
    ValueError for `auto`.
    """
    if spec.kind is CameraKind.SIMULATED:
        if not spec.simulated_allowed:
            raise StationError(ErrorCode.CAMERA_ABSENT)
        return SimulatedDermatoscope(spec.knobs, width, height)
    if spec.kind is CameraKind.DEVICE:
        return AttachedCamera(spec, width, height)
    if spec.kind is CameraKind.FILE:
        return file_source(Path(spec.address).expanduser())
    if spec.kind is CameraKind.NETWORK:
        # loads HTTP and TLS, which the process of another camera can do without
        from dermstation.camera.sources.network import network_source  # noqa: PLC0415

        return network_source(spec.address)
    raise ValueError(spec.kind)


def open_first(spec: CameraSpec, width: int, height: int) -> tuple[CameraSpec, FrameSource, Mode]:
    """Open the first attached device that delivers pictures, else the simulated dermatoscope.

    Returns the spec of what was opened, the source and its mode. The station keeps to that spec,
    so that the camera never changes in the middle of an episode.

    Raises StationError CAMERA_BUSY if no device opens and one of them is busy, rather than
    replace it by simulated pictures; and if simulation is not allowed, the trouble with the first
    device, or CAMERA_ABSENT if there is none.
    """
    busy: StationError | None = None
    trouble: StationError | None = None
    for device in _devices(spec):
        source = source_of(device, width, height)
        try:
            return device, source, source.open()
        except StationError as error:
            busy = error if error.code is ErrorCode.CAMERA_BUSY else busy
            trouble = trouble or error
            source.close()
    if busy is not None:
        raise busy
    if trouble is not None and not spec.simulated_allowed:
        raise trouble
    simulated = replace(spec, kind=CameraKind.SIMULATED)
    source = source_of(simulated, width, height)
    return simulated, source, source.open()


def _devices(spec: CameraSpec) -> list[CameraSpec]:
    """List the devices by stable name, so that one is found again after it is plugged in anew."""
    device = replace(spec, kind=CameraKind.DEVICE)
    known = [replace(device, index=one.index, identity=one.identity) for one in attached_devices()]
    return known or [replace(device, index=index) for index in attached_indices()]
