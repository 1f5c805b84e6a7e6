"""Swap, hibernation and encrypted disks, as Linux tells of them."""

import sys

import pytest

from dermstation.workflow import memory_on_disk
from dermstation.workflow.disk_encryption import has_crypt

_HEAD = "Filename\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"


def test_encryption_is_seen_below_other_devices(tmp_path) -> None:
    block = tmp_path / "dm-1"
    below = block / "slaves" / "dm-0"
    (below / "dm").mkdir(parents=True)
    (below / "dm" / "uuid").write_text("CRYPT-LUKS2-abc")
    assert has_crypt(block)
    (below / "dm" / "uuid").write_text("LVM-abc")
    assert not has_crypt(block)


@pytest.mark.skipif(sys.platform != "linux", reason="reads Linux's list of swap areas")
@pytest.mark.parametrize(
    ("lines", "areas"),
    [
        ("", []),
        ("/dev/zram0 partition 100 0 100\n", []),
        ("/dev/no-such-device partition 100 0 -2\n", ["unknown"]),
        ("/dev/zram0 partition 1 0 5\n/no/such/file file 100 0 -2\n", ["encryption_of"]),
    ],
)
def test_swap_areas_on_disks_are_looked_at(tmp_path, monkeypatch, lines, areas) -> None:
    monkeypatch.setattr(memory_on_disk, "encryption_of", lambda _path: "encryption_of")
    listed = tmp_path / "swaps"
    listed.write_text(_HEAD + lines)
    assert memory_on_disk._swap_areas(listed) == areas
    assert memory_on_disk._swap_areas(tmp_path / "absent") == []


@pytest.mark.parametrize(
    ("areas", "worst"),
    [([], "none"), (["on"], "on"), (["on", "unknown"], "unknown"), (["unknown", "off"], "off")],
)
def test_the_worst_area_counts(areas, worst) -> None:
    assert memory_on_disk._worst(areas) == worst


@pytest.mark.parametrize(
    ("state", "disk", "can"),
    [
        ("freeze mem disk", "[platform] shutdown reboot", True),
        ("freeze mem", "[platform] shutdown", False),
        ("freeze mem disk", "[disabled]", False),
    ],
)
def test_hibernation_is_known(tmp_path, state, disk, can) -> None:
    (tmp_path / "state").write_text(state)
    assert memory_on_disk._can_hibernate(tmp_path) is False
    (tmp_path / "disk").write_text(disk)
    assert memory_on_disk._can_hibernate(tmp_path) is can


def test_this_pc_can_be_asked() -> None:
    assert memory_on_disk.swap() in {"none", "on", "off", "unknown"}
    assert memory_on_disk.hibernates() in {True, False, None}
