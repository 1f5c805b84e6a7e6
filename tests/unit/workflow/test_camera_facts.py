"""Each camera has a lasting identity without any credential; a mere number is not one."""

from pathlib import Path

import pytest

from dermstation.camera.discovery import AttachedDevice
from dermstation.camera.spec import parse_camera
from dermstation.workflow import camera_facts
from dermstation.workflow.camera_facts import facts_of


def test_the_simulated_dermatoscope_is_known_by_its_label() -> None:
    assert facts_of(parse_camera("sim"), "Simulated dermatoscope").identity == (
        "Simulated dermatoscope"
    )


def test_network_cameras_differ_by_address_and_give_none_of_it_away() -> None:
    one, other = "rtsp://test:secret@camera-1/live", "rtsp://test:secret@camera-2/live"
    names = [facts_of(parse_camera(text), "Network camera").identity for text in (one, other)]
    assert names[0] != names[1]
    other_password = facts_of(parse_camera("rtsp://test:new@camera-1/live"), "Network camera")
    assert other_password.identity == names[0]  # so that nobody can guess it from the identity
    assert all(name.startswith("network:") and len(name) == 24 for name in names)
    assert not any(part in name for name in names for part in ("secret", "camera-", "live"))


@pytest.fixture
def attached(monkeypatch: pytest.MonkeyPatch) -> None:
    devices = (
        AttachedDevice("by-id/usb-Test_scope-7", "Test scope", 0),
        AttachedDevice("", "Nameless", 2),
    )
    monkeypatch.setattr(camera_facts, "attached_devices", lambda: devices)
    buttons = {0: Path("/dev/input/event7")}
    monkeypatch.setattr(camera_facts, "find_button", buttons.get)
    monkeypatch.setattr(camera_facts, "device_index", lambda identity, _backend: 0)


@pytest.mark.usefixtures("attached")
@pytest.mark.parametrize("text", ["auto", "device:0", "device:by-id/usb-Test_scope-7"])
def test_a_device_has_the_name_of_the_system_however_it_was_asked_for(text: str) -> None:
    facts = facts_of(parse_camera(text), "Camera 0")
    assert facts.identity == "by-id/usb-Test_scope-7"
    assert facts.button == Path("/dev/input/event7")


@pytest.mark.usefixtures("attached")
@pytest.mark.parametrize("label", ["Camera 2", "Camera 9"])
def test_a_device_known_by_its_number_alone_has_no_name(label: str) -> None:
    facts = facts_of(parse_camera("auto"), label)
    assert facts.identity == ""
    assert facts.button is None
