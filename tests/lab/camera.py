"""The station's camera parts in front of the kernel's own uvcvideo driver and a camera on USB."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from dermstation.camera.button import ButtonListener, find_button
from dermstation.camera.controls import Control
from dermstation.camera.discovery import attached_devices
from dermstation.camera.link import CameraLink, LinkState
from dermstation.camera.spec import parse_camera
from dermstation.workflow.camera_check import try_camera
from tests.lab.camera_frames import (
    NEVER_S,
    PADDING,
    encodings_of,
    hashes_of,
    let_in_torn,
    new_frames,
    padded,
    sha256_of,
    without_tables,
)
from tests.lab.disk import settle
from tests.lab.plugged import UsbCamera
from tests.lab.rows import Row
from tests.lab.usb.descriptors import FORMATS
from tests.lab.waiting import came, until

SPEC = "device:by-id/usb-Lab_Lab_Dermatoscope_LAB0001-video-index0"
SIZE = (1600, 1200)
FRAMES = 60
_PRESSES = 5
_LOST_BYTES = 60_000
_UNDER_WAY = 15  # pictures that the driver and the station hold at most
_SOON_S = 3.0
_LATE_S = 1.4


def rows(share: float, _scratch: Path) -> Iterator[Row]:
    """Yield what the station makes of the camera, row by row."""
    with UsbCamera() as camera:
        found = came(lambda: any(one.camera == SPEC for one in attached_devices()))
        yield _listed(found)
        for tried in (
            *(_rates, _own_bytes, _no_tables_at_all, _faults, _unplugged),
            *(_controls, _button, _busy, _late),
        ):
            yield from _kept_going(tried, camera, share)
    yield from _kept_going(_two_of_a_kind, None, share)


def _kept_going(
    tried: Callable[..., Iterator[Row]], camera: UsbCamera | None, share: float
) -> Iterator[Row]:
    """Yield the rows of one try; one that breaks off becomes a row that failed."""
    try:
        yield from tried(camera, share) if camera is not None else tried(share)
    except AssertionError as error:
        yield _row(
            tried.__name__.strip("_").replace("_", " "), "comes to its end", str(error), False
        )


def _listed(found: float | None) -> Row:
    devices = attached_devices()
    (jpeg,) = (one for one in FORMATS if one.is_jpeg)
    wanted = {("MJPG", mode.width, mode.height, float(mode.rates[0])) for mode in jpeg.modes}
    modes = {
        (mode.pixel_format, mode.width, mode.height, round(mode.fps, 1))
        for one in devices
        for mode in one.modes or ()
    }
    names = [one.camera for one in devices]
    return _row(
        "listed: by-id name and modes",
        "its name, all modes",
        f"{', '.join(names)}; {len(wanted & modes)} of {len(wanted)} JPEG modes",
        found is not None and names == [SPEC] and wanted <= modes,
    )


def _rates(camera: UsbCamera, share: float) -> Iterator[Row]:
    for rate in (15, 30):
        camera.set(fps=rate)
        with _streaming() as link:
            got = new_frames(link, max(20, round(FRAMES * share)))
            first, last = got[len(got) // 2], got[-1]
            seconds = (last.captured_at_ns - first.captured_at_ns) / 1e9
            per_s = (last.sequence - first.sequence) / seconds
        known = camera.known(hashes_of(got))
        yield _row(
            f"{rate} pictures a second",
            "JPEG, all the camera's own bytes",
            f"{per_s:.1f} a second; {known} of {len(got)} own bytes; {encodings_of(got)}",
            known == len(got) and encodings_of(got) == "JPEG",
        )
    camera.set(fps=0)


def _own_bytes(camera: UsbCamera, share: float) -> Iterator[Row]:
    """Pictures that are whole but unusual keep the bytes that the camera sent."""
    with _streaming() as link:
        for tried, fault, mend, besides, as_sent in (
            ("no Huffman tables", {"tables": 0}, {"tables": 1}, " and the tables", without_tables),
            ("padding behind the picture", {"pad": PADDING}, {"pad": 0}, "", padded),
        ):
            camera.set(**fault)
            new_frames(link, _UNDER_WAY)
            got = new_frames(link, max(10, round(20 * share)))
            camera.set(**mend)
            known = camera.known([sha256_of(as_sent(one)) for one in got])
            yield _row(
                tried,
                "taken as they are",
                f"{known} of {len(got)} own bytes{besides}; {encodings_of(got)}",
                known == len(got) and encodings_of(got) == "JPEG",
            )


def _no_tables_at_all(camera: UsbCamera, _share: float) -> Iterator[Row]:
    """What `dermstation cameras` says of a camera that never sends tables."""
    until(lambda: any(one.camera == SPEC for one in attached_devices()), "the camera")
    camera.set(tables=0)
    try:
        (trial,) = try_camera(parse_camera(SPEC), *SIZE)
    finally:
        camera.set(tables=1)
    yield _row(
        "no Huffman tables, as `cameras` says it",
        "own bytes kept, tables added",
        f"{trial.coding}; own bytes {'kept' if trial.keeps_packets else 'not kept'}; tables"
        f" {'added' if trial.adds_tables else 'not added'}; {trial.fps} a second",
        bool(trial.keeps_packets) and trial.adds_tables,
    )


def _faults(camera: UsbCamera, _share: float) -> Iterator[Row]:
    """Pictures that are not whole are never let in, and the link recovers when they are again."""
    with _streaming() as link:
        for tried, fault, mend in (
            ("packets lost in the middle", {"lose": _LOST_BYTES}, {"lose": 0}),
            ("cut off after 60,000 bytes", {"cut": 60_000}, {"cut": 0}),
        ):
            camera.set(**fault)
            made = camera.count()
            until(lambda made=made: camera.count() > made + _UNDER_WAY, "torn pictures under way")
            torn = let_in_torn(link, camera)
            camera.set(**mend)
            back = came(lambda: _is_well(link))
            got = new_frames(link, 10)
            known = camera.known(hashes_of(got))
            yield _row(
                tried,
                "none let in, then whole ones",
                f"{torn} let in; well again after {_s(back)}; then {known} of {len(got)} own bytes",
                torn == 0 and back is not None and known == len(got),
            )


def _unplugged(camera: UsbCamera, _share: float) -> Iterator[Row]:
    with _streaming() as link:
        camera.unplug()
        stale = came(lambda: _is_stale(link), _SOON_S)
        absent = came(lambda: link.status().state is LinkState.ABSENT)
        camera.plug()
        back = came(lambda: _is_well(link))
        yield _row(
            "unplugged, plugged in again",
            "stale within 2 s, absent, well again",
            f"stale after {_s(stale)}, absent after {_s(absent)}, well again after {_s(back)}",
            stale is not None and stale < 2 and absent is not None and back is not None,
        )
        camera.set(stall=1)
        stalled = came(lambda: link.status().state in (LinkState.STALLED, LinkState.FAILED))
        state = link.status().state.value
        camera.set(stall=0)
        back = came(lambda: _is_well(link))
        yield _row(
            "sends nothing for a while",
            "stalled, well again",
            f"{state} after {_s(stalled)}, well again after {_s(back)}",
            state == LinkState.STALLED.value and back is not None,
        )
        camera.unplug()
        until(lambda: link.status().state is LinkState.ABSENT, "the camera to be absent")
        with UsbCamera("LAB0002"):
            until(lambda: bool(attached_devices()), "the other camera")
            taken = came(lambda: _is_well(link), NEVER_S)
        camera.plug()
        back = came(lambda: _is_well(link))
        yield _row(
            "another camera of the same model in its place",
            "not taken; its own is taken again",
            f"taken: {'no' if taken is None else 'yes'}; its own after {_s(back)}",
            taken is None and back is not None,
        )


def _controls(camera: UsbCamera, _share: float) -> Iterator[Row]:
    wanted = {Control.EXPOSURE: 300.0, Control.FOCUS: 50.0, Control.WHITE_BALANCE: 3000.0}
    with _streaming() as link:
        until(lambda: bool(link.status().controls), "the controls")
        link.adjust(wanted)
        names = {"exposure": 300, "focus": 50, "white balance": 3000}

        def are_set() -> bool:
            now = camera.controls()
            return all(now[name] == value for name, value in names.items())

        set_after = came(are_set)
        camera.unplug()
        until(lambda: link.status().state is LinkState.ABSENT, "the camera to be absent")
        camera.plug()
        back = came(lambda: _is_well(link))
        kept = came(are_set)
        link.adjust(dict.fromkeys(wanted))
        automatic = came(lambda: camera.controls()["white balance mode"] == 1)
        yield _row(
            "controls set, kept over unplugging, given back",
            "each",
            f"set after {_s(set_after)}; well again after {_s(back)}, set again after {_s(kept)};"
            f" automatic after {_s(automatic)}",
            None not in (set_after, back, kept, automatic),
        )


def _button(camera: UsbCamera, _share: float) -> Iterator[Row]:
    with _streaming():
        index = attached_devices()[0].index
        until(lambda: find_button(index) is not None, "the button's node")
        node = find_button(index)
        assert node is not None
        presses: list[float] = []
        listener = ButtonListener(node, lambda: presses.append(time.monotonic()))
        listener.start()
        try:
            until(lambda: _has_open(node), "the listener")
            for number in range(1, _PRESSES + 1):
                listened = camera.press()
                if not listened or came(lambda n=number: len(presses) >= n, _SOON_S) is None:
                    break
            camera.unplug()
            ended = came(lambda: not listener.is_alive())
        finally:
            listener.finish()
        camera.plug()
        yield _row(
            "the camera's button",
            f"{_PRESSES} presses, the listener ends with the camera",
            f"{len(presses)} presses; ended after {_s(ended)}",
            len(presses) == _PRESSES and ended is not None,
        )


def _busy(_camera: UsbCamera, _share: float) -> Iterator[Row]:
    until(lambda: any(one.camera == SPEC for one in attached_devices()), "the camera")
    holder = (
        "import cv2, sys; camera = cv2.VideoCapture(int(sys.argv[1]), cv2.CAP_V4L2);"
        " print(camera.read()[0], flush=True);"
        " [camera.read() for _ in iter(int, 1)]"
    )
    index = attached_devices()[0].index
    with subprocess.Popen(
        [sys.executable, "-c", holder, str(index)], stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        held = other.stdout.readline().strip()
        link = CameraLink(parse_camera(SPEC), width=SIZE[0], height=SIZE[1])
        link.start()
        try:
            busy = came(lambda: link.status().state is LinkState.BUSY)
            program = link.status().program
            other.kill()
            back = came(lambda: _is_well(link))
        finally:
            other.kill()
            link.stop()
    yield _row(
        "held by another program",
        "busy, then taken",
        f"held: {held}; busy after {_s(busy)} ({program or 'no name'}); well after {_s(back)}",
        held == "True" and busy is not None and back is not None,
    )


def _late(camera: UsbCamera, _share: float) -> Iterator[Row]:
    camera.set(stall=1)
    link = CameraLink(parse_camera(SPEC), width=SIZE[0], height=SIZE[1])
    link.start()
    try:
        until(camera.streaming, "the driver to ask for pictures")
        time.sleep(_LATE_S)  # what is tried is this delay
        camera.set(stall=0)
        well = came(lambda: _is_well(link))
        got = new_frames(link, 10)
        known = camera.known(hashes_of(got))
    finally:
        camera.set(stall=0)
        link.stop()
    yield _row(
        f"its first picture {_LATE_S} s after opening",
        "the camera's own bytes",
        f"well after {_s(well)}; {known} of {len(got)} own bytes; {encodings_of(got)}",
        known == len(got),
    )


def _two_of_a_kind(_share: float) -> Iterator[Row]:
    with UsbCamera("SAME"), UsbCamera("SAME"):
        until(lambda: len(attached_devices()) == 2, "both cameras")
        settle()
        names = {one.camera for one in attached_devices()}
        yield _row(
            "two cameras with one serial number",
            "two stable names, by path",
            ", ".join(sorted(names)),
            len(names) == 2 and all("by-path" in one for one in names),
        )


@contextmanager
def _streaming() -> Iterator[CameraLink]:
    until(lambda: any(one.camera == SPEC for one in attached_devices()), "the camera")
    with CameraLink(parse_camera(SPEC), width=SIZE[0], height=SIZE[1]) as link:
        until(lambda: _is_well(link), "pictures")
        yield link


def _has_open(node: Path) -> bool:
    """Return whether this process has a file open."""
    links = Path("/proc/self/fd").iterdir()
    return any(os.path.realpath(one) == os.path.realpath(node) for one in links)


def _is_stale(link: CameraLink) -> bool:
    frame = link.newest()
    return frame is None or frame.is_stale(time.perf_counter_ns())


def _is_well(link: CameraLink) -> bool:
    return link.status().state is LinkState.STREAMING and not _is_stale(link)


def _s(seconds: float | None) -> str:
    return "never" if seconds is None else f"{seconds:.1f} s"


def _row(tried: str, target: str, found: str, is_ok: bool) -> Row:
    return Row("camera", tried, target, found, is_ok)
