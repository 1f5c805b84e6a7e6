"""Twelve faults of a camera, through the real camera process: noticed, recovered from, none saved.

The times are those promised, on a machine that has time for the test: they are asserted with room
for one that has not, and printed by `make soak PART=camera`.
"""

from collections.abc import Iterator

import pytest

from tests.faults.camera.rig import FAULTS, Fault, Rig

ROOM = 10.0  # a busy machine is not a fault of the station's


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
def test_a_fault_is_noticed_and_over_when_it_ends_and_no_wrong_frame_is_held(
    rig: Rig, fault: Fault
) -> None:
    found = rig.play(fault)
    assert found.wrong_frames == 0
    assert found.noticed_after_s < 2 * ROOM
    assert found.recovered_after_s < 2 * ROOM
    assert found.pressed_in_fault > 0
