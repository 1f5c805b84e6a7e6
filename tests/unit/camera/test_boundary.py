"""A camera process that was taken over ends, and has no effect on the station."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from dermstation.camera import child as child_module
from dermstation.camera.child_pipe import MalformedMessageError
from dermstation.camera.controls import Control
from dermstation.camera.link import CameraLink, LinkState
from dermstation.camera.messages import (
    order_bytes,
    order_of,
    report_bytes,
    report_of,
    settled_spec,
)
from dermstation.camera.reports import Adjust, Begin, Finish, Phase, Settled, SourceReport, Turn
from dermstation.camera.source import Mode
from dermstation.camera.spec import CameraKind, CameraSpec, parse_camera
from dermstation.domain.errors import ErrorCode
from tests.unit.camera import hostile

Wait = Callable[[Callable[[], object]], None]
Start = Callable[..., CameraLink]


@pytest.fixture
def mark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that a message would make if it were unpickled."""
    file = tmp_path / "mark"
    monkeypatch.setenv(hostile.MARK, str(file))
    return file


@pytest.mark.expects_log("camera process broke a rule and is replaced")
@pytest.mark.parametrize("taken_over", hostile.BREAK_A_RULE, ids=lambda one: one.__name__)
def test_a_process_that_breaks_a_rule_is_replaced_and_pictures_come(
    link_of: Start, wait_until: Wait, mark: Path, taken_over: Callable[..., None]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(child_module, "run_camera", taken_over)
        link = link_of("sim")
        wait_until(lambda: link.newest() is None and link.status().restarts)
    wait_until(lambda: link.newest() is not None)
    wait_until(lambda: link.status().label == "Simulated dermatoscope")
    assert not mark.exists()


@pytest.mark.expects_log("camera process ended and is replaced")
def test_a_process_that_hangs_up_is_replaced(link_of: Start, wait_until: Wait) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(child_module, "run_camera", hostile.hangs_up)
        link = link_of("sim")
        wait_until(lambda: link.status().restarts)
    wait_until(lambda: link.newest() is not None)


@pytest.mark.expects_log("camera process ended and is replaced")
def test_a_process_that_reads_no_orders_is_replaced(link_of: Start, wait_until: Wait) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(child_module, "run_camera", hostile.reads_no_orders)
        link = link_of("sim")
        wait_until(lambda: link.status().label == "Camera")
    focus = 0

    def turn() -> bool:
        nonlocal focus
        for _ in range(200):
            focus = 1 - focus
            link.set_knobs(focus=focus)
            link.adjust({Control.FOCUS: focus})
        return link.status().restarts > 0

    wait_until(turn)
    link.set_knobs(focus=0)
    wait_until(lambda: link.newest() is not None)


@pytest.mark.skipif(sys.platform == "win32", reason="the pipes of Windows know no half message")
def test_half_a_message_holds_nobody_up(link_of: Start, wait_until: Wait) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(child_module, "run_camera", hostile.sends_half_a_message)
        link = link_of("sim")
        wait_until(lambda: link.process_id is not None)
    link.set_knobs(focus=1)
    link.stop()
    assert link.status().state is LinkState.ABSENT


def test_no_message_of_a_hostile_process_has_an_effect(mark: Path) -> None:
    """What is understood is a report within its bounds; the rest is refused, and nothing runs."""
    refused = 0
    for message in hostile.messages(600):
        try:
            report = report_of(message)
        except MalformedMessageError:
            refused += 1
            continue
        assert report.label.isprintable()
        assert len(report.label) <= 120
        assert 0 <= report.mode.width < 2**17
    assert refused > 400
    assert not mark.exists()


def test_a_report_arrives_as_it_was_sent() -> None:
    spec = CameraSpec(
        CameraKind.DEVICE, 3, identity="by-id/usb-Scope", controls=((Control.FOCUS, None),),
        lock=frozenset({Control.EXPOSURE}),
    )  # fmt: skip
    report = SourceReport(
        Phase.STREAMING, "Scope", Mode(1600, 1200, 29.97, "MJPG", keeps_packets=True),
        ErrorCode.CAMERA_STALLED, Settled.of(spec), program="another", other="Room camera",
    )  # fmt: skip
    assert report_of(report_bytes(report)) == report


def test_a_label_of_a_device_is_cut_to_what_may_be_shown() -> None:
    report = SourceReport(Phase.STREAMING, "Scope\n\x1b[31m" + "x" * 500)
    label = report_of(report_bytes(report)).label
    assert label.startswith("Scope[31mxxx")
    assert len(label) == 120


@pytest.mark.parametrize(
    "order",
    [
        Begin(parse_camera("sim:focus=2,scene=closeup"), 320, 240),
        Begin(
            CameraSpec(
                CameraKind.DEVICE, identity="by-path/x", lock=frozenset({Control.EXPOSURE}),
                controls=((Control.FOCUS, 3.5), (Control.EXPOSURE, None)), simulated_allowed=False,
            ), 1600, 1200,
        ),
        Turn({"focus": "3.0", "fault": "none"}),
        Adjust({Control.FOCUS: 1.5, Control.EXPOSURE: None}),
        Finish(),
    ],
)  # fmt: skip
def test_an_order_arrives_as_it_was_given(order) -> None:
    assert order_of(order_bytes(order)) == order


def settled(kind: CameraKind, **more: object) -> Settled:
    return Settled(kind, **{"index": 2, "identity": "", "controls": (), "lock": frozenset()} | more)


def test_only_auto_becomes_another_camera() -> None:
    auto = parse_camera("auto")
    assert settled_spec(auto, settled(CameraKind.DEVICE)) == CameraSpec(CameraKind.DEVICE, 2)
    device = parse_camera("device:0")
    assert settled_spec(device, settled(CameraKind.DEVICE)) == device
    for spec, kind in (
        (auto, CameraKind.FILE),
        (auto, CameraKind.NETWORK),
        (auto, CameraKind.AUTO),
        (CameraSpec(CameraKind.AUTO, simulated_allowed=False), CameraKind.SIMULATED),
        (device, CameraKind.SIMULATED),
        (parse_camera("http://127.0.0.1/live"), CameraKind.DEVICE),
    ):
        with pytest.raises(MalformedMessageError):
            settled_spec(spec, settled(kind))


def test_no_lock_is_added_by_a_camera_process() -> None:
    spec = parse_camera("sim")
    lock = frozenset({Control.FOCUS})
    assert settled_spec(spec, settled(CameraKind.SIMULATED, lock=lock)).lock == frozenset()


def test_the_pipe_refuses_what_is_too_long_before_it_has_come() -> None:
    import multiprocessing

    from dermstation.camera.child_pipe import ChildPipe

    def refused(pipe: ChildPipe) -> None:
        assert pipe.has_message(0, 5)
        pipe.take(5)

    pipe = ChildPipe(multiprocessing.get_context("spawn"))
    try:
        pipe.theirs.send_bytes(b"whole")
        assert pipe.has_message(0, 5)
        assert pipe.take(5) == b"whole"
        assert not pipe.has_message(0, 5)
        if sys.platform == "win32":  # there the whole of it comes, and is refused when it is taken
            pipe.theirs.send_bytes(b"longer")
        else:
            os.write(pipe.theirs.fileno(), (6).to_bytes(4))
        with pytest.raises(MalformedMessageError):
            refused(pipe)
    finally:
        pipe.close()
        pipe.theirs.close()


def test_the_pipe_gives_a_long_message_that_comes_in_parts() -> None:
    import multiprocessing
    import threading

    from dermstation.camera.child_pipe import ChildPipe

    pipe = ChildPipe(multiprocessing.get_context("spawn"))
    message = os.urandom(3_000_000)
    sender = threading.Thread(target=pipe.theirs.send_bytes, args=(message,))
    sender.start()
    try:
        until = time.monotonic() + 40
        while not pipe.has_message(0.1, len(message)):
            assert time.monotonic() < until
        assert pipe.take(len(message)) == message
    finally:
        sender.join()
        pipe.theirs.close()
    with pytest.raises((EOFError, BrokenPipeError)):
        pipe.has_message(40, 5)
    pipe.close()


def test_the_pipe_sends_nothing_to_a_child_that_does_not_read() -> None:
    import multiprocessing

    from dermstation.camera.child_pipe import ChildPipe

    pipe = ChildPipe(multiprocessing.get_context("spawn"))
    order = os.urandom(1000)

    def send_many() -> None:
        for _ in range(10_000):
            pipe.send(order)

    try:
        with pytest.raises(BlockingIOError):
            send_many()
        assert pipe.theirs.recv_bytes() == order
    finally:
        pipe.close()
        pipe.theirs.close()
