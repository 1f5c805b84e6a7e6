"""Twelve faults of a camera, in the real camera process: noticed, recovered from, never saved.

The promised times are for an idle machine. They are asserted here with a margin for a busy one, and
printed by `make soak PART=camera`.
"""

from collections.abc import Iterator

import pytest

from tests.faults.camera.rig import FAULTS, Fault, Rig

ROOM = 10.0  # a busy machine is not a fault of the station


@pytest.fixture(scope="module")
def rig() -> Iterator[Rig]:
    with Rig(320, 240) as made:
        yield made


REPLACED = pytest.mark.expects_log("camera process .* is replaced")


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(fault, id=fault.name, marks=REPLACED if fault.ends_by_itself else ())
        for fault in FAULTS
    ],
)
def test_a_fault_is_noticed_and_recovered_from_and_no_wrong_frame_is_held(
    rig: Rig, fault: Fault
) -> None:
    found = rig.play(fault)
    assert found.wrong_frames == 0
    assert found.noticed_after_s < 2 * ROOM
    assert found.recovered_after_s < 2 * ROOM
    assert found.pressed_in_fault > 0
