"""No two cameras have one name, whatever udev links and in whatever order they were plugged in."""

from pathlib import Path

import pytest

from dermstation.camera import discovery, naming
from dermstation.camera.discovery import AttachedDevice, SocketCause, attached_devices, device_index
from dermstation.domain.errors import ErrorCode, StationError
from tests.unit.camera.usb_place import Place, Plugged


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    made = Place(tmp_path)
    monkeypatch.setattr(discovery.sys, "platform", "linux")
    monkeypatch.setattr(discovery, "DEVICES", made.devices)
    monkeypatch.setattr(discovery, "SYSTEM", made.sys / "class" / "video4linux")
    monkeypatch.setattr(discovery.v4l2, "describe", lambda node: (made.names[node.name], ()))
    return made


def listed() -> dict[int, AttachedDevice]:
    return {one.index: one for one in attached_devices()}


def test_a_camera_of_its_own_is_known_by_its_serial_number(place: Place) -> None:
    place.plug(Plugged(0, "1", serial="7001"))
    place.plug(Plugged(2, "2", serial="7002"))
    assert [(one.identity, one.by_socket) for one in listed().values()] == [
        ("by-id/usb-Maker_USB_Camera_7001-video-index0", None),
        ("by-id/usb-Maker_USB_Camera_7002-video-index0", None),
    ]
    assert device_index("by-id/usb-Maker_USB_Camera_7001-video-index0", "v4l2") == 0


@pytest.mark.parametrize("serial", ["200901010001", None], ids=["same", "none"])
@pytest.mark.parametrize("sockets", [("1", "2"), ("2", "1")])
def test_two_of_one_model_are_known_by_their_sockets_after_every_restart(
    place: Place, serial: str | None, sockets: tuple[str, str]
) -> None:
    for number, socket in zip((0, 2), sockets, strict=True):
        place.plug(Plugged(number, socket, serial))
    for number, socket in zip((0, 2), sockets, strict=True):
        device = listed()[number]
        name = f"by-path/pci-0000:00:14.0-usb-0:{socket}:1.0-video-index0"
        assert (device.identity, device.socket) == (name, socket)
        assert device.by_socket is SocketCause.ALIKE
        assert device_index(name, "v4l2") == number


def test_a_name_that_two_cameras_have_opens_neither(place: Place) -> None:
    place.plug(first := Plugged(0, "1", "200901010001"))
    name = f"by-id/{first.by_id}"
    assert device_index(name, "v4l2") == 0
    place.plug(Plugged(2, "2", "200901010001"))
    with pytest.raises(StationError) as caught:
        device_index(name, "v4l2")
    assert caught.value.code is ErrorCode.CAMERA_ALIKE


def test_opening_one_camera_asks_the_driver_of_no_other(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.plug(first := Plugged(0, "1", serial="7001"))
    place.plug(Plugged(2, "2", serial="7002"))
    monkeypatch.setattr(discovery.v4l2, "describe", lambda node: pytest.fail("it may hang"))
    assert device_index(f"by-id/{first.by_id}", "v4l2") == 0


@pytest.mark.parametrize("serial", [None, "", "77,01", "77\x0101"])
def test_a_camera_without_a_usable_serial_number_is_known_by_its_socket(
    place: Place, serial: str | None
) -> None:
    place.plug(Plugged(0, "1.4", serial))
    device = listed()[0]
    assert device.identity == "by-path/pci-0000:00:14.0-usb-0:1.4:1.0-video-index0"
    assert device.by_socket is SocketCause.NO_SERIAL
    assert device.socket == "1.4"


def test_the_two_parts_of_one_camera_are_told_apart(place: Place) -> None:
    place.plug(Plugged(0, "5", part="1.0"))
    place.plug(Plugged(2, "5", part="1.2"))
    names = [one.identity for one in listed().values()]
    assert names == [
        "by-path/pci-0000:00:14.0-usb-0:5:1.0-video-index0",
        "by-path/pci-0000:00:14.0-usb-0:5:1.2-video-index0",
    ]


def test_a_socket_of_each_speed_may_have_one_number(place: Place) -> None:
    place.plug(Plugged(0, "1", None, product="Scope", bus=1))
    place.plug(Plugged(2, "1", None, product="Room", bus=2))
    assert [one.camera for one in listed().values()] == ["device:0", "device:2"]
    with pytest.raises(StationError):
        device_index("by-path/pci-0000:00:14.0-usb-0:1:1.0-video-index0", "v4l2")


def test_newer_names_of_sockets_tell_the_speeds_apart(place: Place) -> None:
    for number, product, bus in ((0, "Scope", 1), (2, "Room", 2)):
        place.plug(Plugged(number, "1", None, product=product, bus=bus, with_revision=True))
    names = {number: one.identity for number, one in listed().items()}
    assert names == {
        0: "by-path/pci-0000:00:14.0-usbv2-0:1:1.0-video-index0",
        2: "by-path/pci-0000:00:14.0-usbv3-0:1:1.0-video-index0",
    }
    assert [device_index(name, "v4l2") for name in names.values()] == [0, 2]


def test_a_twin_without_an_entry_in_sys_is_seen_by_its_missing_name(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(discovery, "SYSTEM", place.sys / "none")
    place.plug(first := Plugged(0, "1", "200901010001"))
    assert listed()[0].identity == f"by-id/{first.by_id}"
    place.plug(Plugged(2, "2", "200901010001"))
    assert {one.identity[:8] for one in listed().values()} == {"by-path/"}


def test_a_node_that_is_gone_has_no_number(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "video3")
    assert naming.number_of(tmp_path / "link") == -1
