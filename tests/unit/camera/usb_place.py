"""Parts of /dev and /sys as the kernel and udev make them for USB cameras."""

from dataclasses import dataclass
from pathlib import Path

PCI = "devices/pci0000:00/0000:00:14.0"


@dataclass
class Plugged:
    """A camera of the tests: its strings, its socket, and the number the kernel gave it."""

    number: int
    socket: str
    serial: str | None = "7001"
    product: str = "USB Camera"
    bus: int = 1
    part: str = "1.0"
    with_revision: bool = False

    @property
    def by_id(self) -> str:
        serial = f"_{self.serial}" if self.serial else ""
        return f"usb-Maker_{self.product.replace(' ', '_')}{serial}-video-index0"

    @property
    def by_path(self) -> str:
        return f"pci-0000:00:14.0-usb-0:{self.socket}:{self.part}-video-index0"


class Place:
    """Parts of /dev and /sys as the kernel and udev make them; a later camera takes a link over."""

    def __init__(self, root: Path) -> None:
        self.devices, self.sys = root / "dev", root / "sys"
        self.names: dict[str, str] = {}

    def plug(self, camera: Plugged) -> None:
        node = self.devices / f"video{camera.number}"
        node.parent.mkdir(parents=True, exist_ok=True)
        node.touch()
        self.names[node.name] = camera.product
        self._link("by-path", camera.by_path, node)
        if camera.with_revision:
            revised = camera.by_path.replace("-usb-", f"-usbv{camera.bus + 1}-")
            self._link("by-path", revised, node)
        self._link("by-id", camera.by_id, node)
        usb = self.sys / PCI / f"usb{camera.bus}" / f"{camera.bus}-{camera.socket}"
        usb.mkdir(parents=True, exist_ok=True)
        facts = {"idVendor": "1234", "manufacturer": "Maker", "product": camera.product}
        for name, value in facts.items():
            (usb / name).write_text(value + "\n")
        if camera.serial is not None:
            (usb / "serial").write_text(camera.serial + "\n")
        interface = usb / f"{camera.bus}-{camera.socket}:{camera.part}"
        interface.mkdir()
        video = self.sys / "class" / "video4linux" / node.name
        video.mkdir(parents=True)
        (video / "index").write_text("0\n")
        (video / "name").write_text(camera.product + "\n")
        (video / "device").symlink_to(interface)

    def _link(self, folder: str, name: str, node: Path) -> None:
        link = self.devices / "v4l" / folder / name
        link.parent.mkdir(parents=True, exist_ok=True)
        link.unlink(missing_ok=True)
        link.symlink_to(node)
