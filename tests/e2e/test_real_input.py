"""The walk with real dermoscopic pictures in place of the simulated dermatoscope, partly by mouse.

The pictures are kept next to the project; each test is skipped if they are missing.
"""

import itertools
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import cv2
import numpy as np
import simplejpeg

from dermstation.domain.records import MediaType
from dermstation.domain.shots import STANDARD_SHOTS
from dermstation.handover.verify import verify_package
from tests.e2e.hand import HAND_OVER, Hand
from tests.e2e.place import Place
from tests.e2e.traces import Planted

PLANTED = Planted()
PICTURES_USED = 3
FRAME_EVERY_S = 0.08


def walk_to_the_package(
    place: Place, camera: str, media_type: MediaType = MediaType.JPEG
) -> list[tuple[str, bytes]]:
    """Walk as far as the package, using the mouse for primary buttons; return the captures."""
    place.screen.start(place.home, "--camera", camera)
    hand = Hand(place.screen, uses_mouse=True)
    hand.sign_in()
    hand.begin_patient()
    hand.enter_patient(PLANTED)
    hand.take_consent()
    hand.enter_lesion(PLANTED)
    for shot in STANDARD_SHOTS:
        hand.take_picture(last=shot is STANDARD_SHOTS[-1])
    hand.fill_summary(PLANTED)
    hand.make_package()
    place.screen.kill()
    _, captures = place.look()
    assert [one.shot for one, _ in captures] == list(STANDARD_SHOTS)
    assert {one.media_type for one, _ in captures} == {media_type}
    (package,) = place.packages.iterdir()
    assert verify_package(package) == ()
    return [(one.camera, data) for one, data in captures]


def test_captures_from_a_folder_of_pictures_are_its_files_byte_for_byte(
    place: Place, dermoscopic_pictures: Sequence[Path], tmp_path: Path
) -> None:
    folder = tmp_path / "roll"
    folder.mkdir()
    for picture in dermoscopic_pictures[:PICTURES_USED]:
        (folder / picture.name).symlink_to(picture)
    captures = walk_to_the_package(place, f"file:{folder}")
    sources = {file.read_bytes() for file in folder.iterdir()}
    assert len(captures) == len(STANDARD_SHOTS)
    assert all(data in sources for _, data in captures)
    place.screen.start(place.home)
    hand = Hand(place.screen, uses_mouse=True)
    hand.sign_in()
    hand.continue_episode(HAND_OVER)
    hand.hand_over()
    assert list(place.packages.iterdir()) == []
    assert {file.read_bytes() for file in folder.iterdir()} == sources  # a wipe never touches them


def test_captures_from_a_network_camera_are_the_frames_it_sent(
    place: Place, dermoscopic_pictures: Sequence[Path]
) -> None:
    """A network camera's frames are decoded outside the station, and stored without loss."""
    sources = [picture.read_bytes() for picture in dermoscopic_pictures[:PICTURES_USED]]
    with mjpeg_camera(sources) as (host, port):
        address = f"http://operator:secret-of-the-camera@{host}:{port}/stream"
        captures = walk_to_the_package(place, address, MediaType.PNG)
    sent = [simplejpeg.decode_jpeg(data, "BGR") for data in sources]
    for _, data in captures:
        stored = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
        assert any(np.array_equal(stored, one) for one in sent)
    assert {camera for camera, _ in captures} == {f"Network camera at {host}:{port}"}
    log = (place.home / "logs" / "station.log").read_text(encoding="utf-8")
    assert "secret-of-the-camera" not in log


@contextmanager
def mjpeg_camera(pictures: Sequence[bytes]) -> Iterator[tuple[str, int]]:
    """Serve pictures in a loop as MJPEG over HTTP on loopback; yield host and port.

    Each picture differs from the one before, because repeated bytes do not count as a new picture
    and a camera with few new pictures is too slow.
    """
    ended = threading.Event()

    class Stream(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
            self.end_headers()
            try:
                for picture in itertools.cycle(pictures):
                    head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(picture)}"
                    self.wfile.write(head.encode() + b"\r\n\r\n" + picture + b"\r\n")
                    if ended.wait(FRAME_EVERY_S):
                        return
            except OSError:
                return  # the client has disconnected

        def log_message(self, *_args: object) -> None:
            """Stay silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Stream) as server:
        server.daemon_threads = False  # the block waits for them
        serving = threading.Thread(target=server.serve_forever, name="mjpeg")
        serving.start()
        try:
            yield server.server_address[0], server.server_address[1]
        finally:
            ended.set()
            server.shutdown()
            serving.join()
