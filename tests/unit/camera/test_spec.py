import pytest

from dermstation.camera.sources.network import network_source
from dermstation.camera.sources.simulated.knobs import Scene, SimulatedFault
from dermstation.camera.spec import CameraKind, parse_camera
from dermstation.domain.errors import ErrorCode, StationError


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("auto", CameraKind.AUTO),
        ("sim", CameraKind.SIMULATED),
        (" SIM ", CameraKind.SIMULATED),
        ("device:0", CameraKind.DEVICE),
        ("device:by-id/usb-Maker_Scope_0001-video-index0", CameraKind.DEVICE),
        ("device:by-path/pci-0000:00:14.0-usb-0:2:1.0-video-index0", CameraKind.DEVICE),
        ("file:C:\\clips\\one.avi", CameraKind.FILE),
        ("http://camera.example/video", CameraKind.NETWORK),
        ("https://camera.example:8443/video", CameraKind.NETWORK),
        ("rtsp://u:p@192.0.2.1/stream", CameraKind.NETWORK),
    ],
)
def test_every_kind_is_known(text: str, kind: CameraKind) -> None:
    assert parse_camera(text).kind is kind


def test_knobs_come_with_the_spec() -> None:
    knobs = parse_camera("sim:focus=3,hair=0.4,scene=closeup,fault=freeze").knobs
    assert (knobs.focus, knobs.hair, knobs.scene) == (3.0, 0.4, Scene.CLOSEUP)
    assert knobs.fault is SimulatedFault.FREEZE


@pytest.mark.parametrize(
    "text",
    [
        "",
        "camera",
        "auto:1",
        "sim:",
        "sim:focus",
        "sim:focus=nan",
        "sim:focus=-1",
        "sim:focus=1,focus=2",
        "sim:colour=1",
        "sim:scene=face",
        "device:",
        "device:-1",
        "device:64",
        "device:one",
        "device:²",
        "device:by-id/",
        "device:by-id/..",
        "device:by-id/../../etc/passwd",
        "device:by-id/a/b",
        "device:by-name/scope",
        "file:",
        "http://",
        "http://host:99999/",
        "ftp://host/",
        "http://host/\nx",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(StationError) as caught:
        parse_camera(text)
    assert caught.value.code is ErrorCode.CAMERA_NOT_KNOWN
    assert caught.value.facts == {}


def test_a_credential_reaches_neither_repr_nor_label() -> None:
    spec = parse_camera("http://nurse:secret@192.0.2.1:8080/private/path?key=1")
    shown = repr(spec) + network_source(spec.address).label
    for part in ("nurse", "secret", "private", "key"):
        assert part not in shown
    assert "192.0.2.1:8080" in shown
