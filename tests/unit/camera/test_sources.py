"""Every kind of source, run in the real camera process."""

import http.server
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar

import cv2
import numpy as np
import pytest

from dermstation.camera.frames import Encoding, Frame
from dermstation.camera.link import CameraLink, LinkState
from dermstation.camera.source import RawFrame
from dermstation.camera.sources import attached, choice
from dermstation.camera.sources.attached import AttachedCamera, attached_indices
from dermstation.camera.sources.file import FilePictures, FileVideo
from dermstation.camera.spec import CameraKind, CameraSpec
from dermstation.domain.errors import ErrorCode, StationError
from tests.torn_pictures import TEARS, without_tables

DEVICE = CameraSpec(CameraKind.DEVICE, index=63)

Wait = Callable[[Callable[[], object]], None]
Start = Callable[..., CameraLink]


def noise(seed: int, width: int = 160, height: int = 120) -> np.ndarray:
    small = np.random.default_rng(seed).integers(0, 255, (12, 16, 3), np.uint8)
    return cv2.resize(small, (width, height))


def jpeg(seed: int, width: int = 160, height: int = 120) -> bytes:
    return cv2.imencode(".jpg", noise(seed, width, height))[1].tobytes()


def pixels_in(packet: bytes) -> np.ndarray:
    return cv2.imdecode(np.frombuffer(packet, np.uint8), cv2.IMREAD_COLOR)


def collect(
    link: CameraLink, wait_until: Wait, enough: Callable[[list[Frame]], bool]
) -> list[Frame]:
    frames: list[Frame] = []

    def take() -> bool:
        if (frame := link.newest(frames[-1].sequence if frames else -1)) is not None:
            frames.append(frame)
        return enough(frames)

    wait_until(take)
    return frames


class Stream(http.server.BaseHTTPRequestHandler):
    """Serves MJPEG over HTTP as network cameras do."""

    sent: ClassVar[set[bytes]] = set()
    paused = threading.Event()
    connections = 0
    identical = False
    through: ClassVar[Callable[[bytes], bytes]] = bytes

    def do_GET(self) -> None:
        Stream.connections += 1
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=part")
        self.end_headers()
        seed = 1000 * Stream.connections
        try:
            while True:
                packet = jpeg(seed := seed + (not Stream.identical))
                packet = Stream.through(packet)
                Stream.sent.add(packet)
                head = (
                    f"--part\r\nContent-Type: image/jpeg\r\nContent-Length: {len(packet)}\r\n\r\n"
                )
                self.wfile.write(head.encode() + packet + b"\r\n")
                time.sleep(0.03)
                while Stream.paused.is_set():
                    time.sleep(0.05)
                    self.wfile.flush()
        except OSError:
            pass

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
        pass


@pytest.fixture
def stream() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Stream)
    Stream.sent, Stream.connections, Stream.identical = set(), 0, False
    Stream.through = bytes
    Stream.paused.clear()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://nurse:secret@127.0.0.1:{server.server_address[1]}/live"
    Stream.paused.clear()
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_simulated_dermatoscope_streams(link_of: Start, wait_until: Wait) -> None:
    link = link_of("sim")
    frames = collect(link, wait_until, lambda frames: len(frames) > 5)
    assert {frame.payload.shape for frame in frames} == {(240, 320, 3)}
    wait_until(lambda: link.status().state is LinkState.STREAMING)
    assert link.status().label == "Simulated dermatoscope"
    assert (link.status().width, link.status().height) == (320, 240)


def test_pictures_of_a_network_camera_arrive_as_pixels(
    link_of: Start, wait_until: Wait, stream: str
) -> None:
    link = link_of(stream)
    frames = collect(link, wait_until, lambda frames: len(frames) > 10)
    assert {frame.encoding for frame in frames} == {Encoding.BGR}
    packets = Stream.sent.copy()  # the server goes on sending
    sent = [cv2.imdecode(np.frombuffer(one, np.uint8), cv2.IMREAD_COLOR) for one in packets]
    assert all(any(np.array_equal(frame.payload, one) for one in sent) for frame in frames)
    wait_until(lambda: link.status().state is LinkState.STREAMING)
    assert "secret" not in str(link.status())


def test_torn_packets_stay_out_of_the_ring_from_the_first_on(
    link_of: Start, wait_until: Wait, stream: str
) -> None:
    chance = np.random.default_rng(17)
    torn: set[bytes] = set()

    def tear(packet: bytes) -> bytes:
        if len(torn) < 8 or chance.random() < 0.34:
            way = list(TEARS.values())[len(torn) % 3]  # cut, middle lost, zero-filled
            packet = way(packet, packet, chance)
            torn.add(packet)
        return packet

    Stream.through = staticmethod(tear)
    link = link_of(stream)
    frames = collect(link, wait_until, lambda frames: len(frames) > 15)
    assert len(torn) > 8
    whole = [pixels_in(packet) for packet in Stream.sent - torn]
    assert all(any(np.array_equal(frame.payload, one) for one in whole) for frame in frames)


def test_a_camera_whose_packets_are_mostly_torn_has_a_bad_cable(
    link_of: Start, wait_until: Wait, stream: str
) -> None:
    Stream.through = staticmethod(lambda packet: packet[: len(packet) // 2])
    link = link_of(stream)
    wait_until(lambda: link.status().detail_code is ErrorCode.CAMERA_TORN)
    assert link.newest() is None
    Stream.through = bytes
    wait_until(lambda: link.status().detail_code is None)
    assert link.newest() is not None
    assert link.status().restarts == 0


def test_a_camera_that_leaves_out_tables_and_end_mark_gives_pictures(
    link_of: Start, wait_until: Wait, stream: str
) -> None:
    Stream.through = staticmethod(lambda packet: without_tables(packet)[:-2])
    link = link_of(stream)
    frames = collect(link, wait_until, lambda frames: len(frames) > 5)
    assert {frame.payload.shape for frame in frames} == {(120, 160, 3)}


def test_a_network_camera_that_pauses_is_reconnected(
    link_of: Start, wait_until: Wait, stream: str
) -> None:
    link = link_of(stream)
    wait_until(lambda: link.status().state is LinkState.STREAMING)
    Stream.paused.set()
    wait_until(lambda: link.status().state is not LinkState.STREAMING)
    last = link.newest()
    assert last is not None
    wait_until(lambda: last.is_stale(time.perf_counter_ns()))
    wait_until(lambda: Stream.connections > 1)
    Stream.paused.clear()
    wait_until(lambda: link.newest(last.sequence))
    wait_until(lambda: link.status().state is LinkState.STREAMING)
    assert link.status().restarts == 0


def test_a_stream_that_repeats_one_picture_is_stalled(
    link_of: Start, wait_until: Wait, stream: str
) -> None:
    link = link_of(stream)
    wait_until(lambda: link.status().state is LinkState.STREAMING)
    Stream.identical = True
    wait_until(lambda: link.status().state is LinkState.STALLED)
    frame = link.newest()
    assert frame is not None
    assert frame.is_stale(time.perf_counter_ns())


def test_a_missing_network_camera_is_absent(link_of: Start, wait_until: Wait) -> None:
    link = link_of("http://127.0.0.1:9/none")
    wait_until(lambda: link.status().state is LinkState.ABSENT)
    assert link.status().detail_code is ErrorCode.CAMERA_ABSENT
    assert link.newest() is None


def test_a_folder_delivers_each_jpeg_unchanged_and_skips_broken_files(
    link_of: Start, wait_until: Wait, tmp_path: Path
) -> None:
    folder = tmp_path / "private" / "series"
    folder.mkdir(parents=True)
    whole = {"a.jpg": jpeg(1), "c.JPG": jpeg(2, 200, 100)}
    for name, data in whole.items():
        (folder / name).write_bytes(data)
    (folder / "b.jpg").write_bytes(jpeg(3)[:-200])
    (folder / "d.png").write_bytes(cv2.imencode(".png", noise(4, 90, 60))[1].tobytes())
    (folder / "e.jpg").write_bytes(_claiming(jpeg(5), 9000, 9000))
    (folder / "f.txt").write_text("not a picture")
    link = link_of(f"file:{folder}")

    def all_repeated(frames: list[Frame]) -> bool:
        return len(frames) > 12 and len({(one.width, one.height) for one in frames}) == 3

    frames = collect(link, wait_until, all_repeated)
    jpegs = {frame.payload.tobytes() for frame in frames if frame.encoding is Encoding.JPEG}
    assert jpegs == set(whole.values())
    png = next(frame for frame in frames if frame.encoding is Encoding.BGR)
    assert (png.payload == noise(4, 90, 60)).all()
    instants = [frame.captured_at_ns for frame in frames]
    assert instants == sorted(set(instants))  # each with an instant of its own
    wait_until(lambda: link.status().label)
    assert link.status().label == "Pictures in series"
    wait_until(lambda: link.status().state is LinkState.STREAMING)


def test_a_video_plays_in_a_loop(link_of: Start, wait_until: Wait, tmp_path: Path) -> None:
    clip = tmp_path / "clip.avi"
    video = cv2.VideoWriter(str(clip), cv2.VideoWriter.fourcc(*"MJPG"), 25, (160, 120))
    for seed in range(8):
        video.write(noise(seed))
    video.release()
    link = link_of(f"file:{clip}")
    frames = collect(link, wait_until, lambda frames: len(frames) > 0 and frames[-1].sequence > 20)
    assert {(frame.encoding, frame.width) for frame in frames} == {(Encoding.JPEG, 160)}
    contents = clip.read_bytes()
    assert all(frame.payload.tobytes() in contents for frame in frames)


def test_a_video_that_is_not_mjpeg_is_decoded(tmp_path: Path) -> None:
    clip = tmp_path / "clip.mp4"
    video = cv2.VideoWriter(str(clip), cv2.VideoWriter.fourcc(*"mp4v"), 100, (160, 120))
    for seed in range(3):
        video.write(noise(seed))
    video.release()
    source = FileVideo(clip)
    mode = source.open()
    assert (mode.width, mode.height, mode.fps) == (160, 120, 100)
    frames: list[RawFrame] = []
    while len(frames) < 7:
        if (raw := source.read()) is not None:
            frames.append(raw)
    source.close()
    assert {frame.payload.shape for frame in frames} == {(120, 160, 3)}


@pytest.mark.parametrize("name", ["none", "none.jpg", "none.avi"])
def test_a_missing_file_is_absent(tmp_path: Path, name: str) -> None:
    source = FileVideo(tmp_path / name) if name.endswith("avi") else FilePictures(tmp_path / name)
    with pytest.raises(StationError) as caught:
        source.open()
    assert caught.value.code is ErrorCode.CAMERA_ABSENT
    assert str(tmp_path) not in repr(caught.value) + source.label


def test_a_file_that_is_not_a_video_fails(tmp_path: Path) -> None:
    clip = tmp_path / "clip.avi"
    clip.write_bytes(bytes(5000))
    with pytest.raises(StationError) as caught:
        FileVideo(clip).open()
    assert caught.value.code is ErrorCode.CAMERA_FAILED


@pytest.mark.skipif(bool(attached_indices()), reason="a camera is attached to this machine")
def test_without_an_attached_camera_auto_is_the_simulated_one(
    link_of: Start, wait_until: Wait
) -> None:
    link = link_of("auto")
    wait_until(lambda: link.status().state is LinkState.STREAMING)
    assert link.status().label == "Simulated dermatoscope"


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux device nodes")
class TestAttachedCameraOnLinux:
    def test_no_node_is_absent(self, link_of: Start, wait_until: Wait) -> None:
        link = link_of("device:63")
        wait_until(lambda: link.status().state is LinkState.ABSENT)

    def test_a_node_that_is_not_a_camera_fails(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(attached, "DEVICES", tmp_path)
        (tmp_path / "video63").touch()
        with pytest.raises(StationError) as caught:
            AttachedCamera(DEVICE, 320, 240).open()
        assert caught.value.code is ErrorCode.CAMERA_FAILED

    def test_a_node_held_by_another_process_is_busy(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(attached, "DEVICES", tmp_path)
        node = tmp_path / "video63"
        node.touch()
        script = "import sys; held = open(sys.argv[1]); print('held', flush=True); sys.stdin.read()"
        with subprocess.Popen(
            [sys.executable, "-c", script, str(node)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as other:
            assert other.stdout is not None
            other.stdout.readline()
            with pytest.raises(StationError) as caught:
                AttachedCamera(DEVICE, 320, 240).open()
            assert caught.value.code is ErrorCode.CAMERA_BUSY
            assert "python" in str(caught.value.facts["program"])

    def test_a_node_the_operator_may_not_open_fails(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(attached, "DEVICES", tmp_path)
        (tmp_path / "video63").mkdir()  # cannot be opened for writing, even by root
        with pytest.raises(StationError) as caught:
            AttachedCamera(DEVICE, 320, 240).open()
        assert caught.value.code is ErrorCode.CAMERA_FAILED


def _claiming(data: bytes, width: int, height: int) -> bytes:
    """Return JPEG bytes whose header claims another size."""
    place = data.index(b"\xff\xc0")
    size = height.to_bytes(2) + width.to_bytes(2)
    return data[: place + 5] + size + data[place + 9 :]


@pytest.mark.parametrize("kind", [CameraKind.AUTO, CameraKind.SIMULATED])
def test_nothing_is_simulated_if_that_is_not_allowed(monkeypatch, kind) -> None:
    monkeypatch.setattr(choice, "attached_devices", list)
    monkeypatch.setattr(choice, "attached_indices", list)
    spec = CameraSpec(kind, simulated_allowed=False)
    opening = choice.open_first if kind is CameraKind.AUTO else choice.source_of
    with pytest.raises(StationError) as trouble:
        opening(spec, 320, 240)
    assert trouble.value.code is ErrorCode.CAMERA_ABSENT


def test_the_link_reports_an_absent_camera_and_shows_nothing_simulated(
    wait_until: Wait,
) -> None:
    with CameraLink(CameraSpec(CameraKind.SIMULATED, simulated_allowed=False)) as link:
        wait_until(lambda: link.status().label or link.status().detail_code)
        assert link.status().state is LinkState.ABSENT
        assert link.newest() is None


@pytest.mark.parametrize("is_windows", [True, False])
def test_without_a_camera_auto_says_so_and_tries_no_numbers(
    monkeypatch: pytest.MonkeyPatch, is_windows: bool
) -> None:
    tried: list[object] = []
    monkeypatch.setattr(choice.sys, "platform", "win32" if is_windows else "linux")
    monkeypatch.setattr(choice, "attached_devices", tuple)
    monkeypatch.setattr(attached, "DEVICES", Path("/no/devices/here"))
    monkeypatch.setattr(attached.cv2, "VideoCapture", lambda *words: tried.append(words))
    with pytest.raises(StationError) as trouble:
        choice.open_first(CameraSpec(CameraKind.AUTO, simulated_allowed=False), 320, 240)
    assert trouble.value.code is ErrorCode.CAMERA_ABSENT
    assert tried == []
