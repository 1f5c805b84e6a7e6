"""A network camera is asked as it was named, and nobody else; what it sends is bounded."""

import base64
import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import md5, sha256

import cv2
import numpy as np
import pytest

from dermstation.camera.admission import MOST_PACKET_BYTES
from dermstation.camera.frames import Encoding
from dermstation.camera.source import RawFrame
from dermstation.camera.sources import network
from dermstation.camera.sources.ffmpeg import set_options
from dermstation.camera.sources.mjpeg import HttpCamera
from dermstation.camera.sources.multipart import MultipartError, MultipartPictures
from dermstation.camera.sources.network import RtspCamera, network_source
from dermstation.domain.errors import ErrorCode, StationError
from tests.unit.camera.rtsp_server import rtsp_server
from tests.unit.camera.servers import Handler, begin, certificate, part, server


def jpeg(seed: int) -> bytes:
    small = np.random.default_rng(seed).integers(0, 255, (12, 16, 3), np.uint8)
    return cv2.imencode(".jpg", cv2.resize(small, (160, 120)))[1].tobytes()


PACKETS = [jpeg(seed) for seed in range(4)]


def pictures(handler: Handler) -> None:
    """Send pictures until nobody listens."""
    begin(handler)
    number = 0
    while True:
        handler.wfile.write(part(PACKETS[number % len(PACKETS)], with_length=number % 2 == 0))
        number += 1
        threading.Event().wait(0.01)


@contextmanager
def opened(url: str) -> Iterator[HttpCamera]:
    camera = HttpCamera(url)
    try:
        camera.open()
        yield camera
    finally:
        camera.close()


def taken(camera: HttpCamera, count: int) -> list[RawFrame]:
    frames: list[RawFrame] = []
    while len(frames) < count:
        if (frame := camera.read()) is not None:
            frames.append(frame)
    return frames


def code_of(url: str) -> ErrorCode:
    with pytest.raises(StationError) as trouble, opened(url):
        pass
    assert "secret" not in repr(trouble.value)
    return trouble.value.code


def test_pictures_come_with_and_without_a_length() -> None:
    with server(pictures) as (port, asked), opened(f"http://127.0.0.1:{port}/a?b=1") as camera:
        frames = taken(camera, 20)
        assert {frame.encoding for frame in frames} == {Encoding.JPEG}
        assert {frame.payload.tobytes() for frame in frames} <= set(PACKETS)
        assert len({frame.payload.tobytes() for frame in frames}) > 1
        assert asked == ["/a?b=1"]
        assert camera.label == f"Network camera at 127.0.0.1:{port}"


def test_a_stream_that_is_faster_than_its_reader_is_never_old() -> None:
    sent = threading.Event()

    def burst(handler: Handler) -> None:
        begin(handler)
        handler.wfile.write(part(PACKETS[0]))
        for _ in range(200):
            handler.wfile.write(part(PACKETS[1]))
        handler.wfile.write(part(PACKETS[2]))
        sent.set()
        threading.Event().wait(5)

    with server(burst) as (port, _), opened(f"http://127.0.0.1:{port}/") as camera:
        assert sent.wait(40)
        frames = taken(camera, 1)
        while frames[-1].payload.tobytes() != PACKETS[2]:
            frames += taken(camera, 1)
        assert len(frames) < 202
        camera.close()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(status: int) -> None:
    with server(pictures) as (elsewhere, asked):

        def redirect(handler: Handler) -> None:
            begin(handler, status=status, Location=f"http://127.0.0.1:{elsewhere}/")

        with server(redirect) as (port, _):
            assert code_of(f"http://127.0.0.1:{port}/") is ErrorCode.CAMERA_FAILED
        assert asked == []


@pytest.mark.parametrize(
    "kind",
    [
        "application/vnd.apple.mpegurl",
        "audio/x-mpegurl",
        "application/sdp",
        "video/mp4",
        "text/html",
    ],
)
def test_a_playlist_or_anything_else_is_no_stream(kind: str) -> None:
    with server(pictures) as (elsewhere, asked):

        def playlist(handler: Handler) -> None:
            begin(handler, kind)
            handler.wfile.write(f"#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:{elsewhere}/\n".encode())

        with server(playlist) as (port, _):
            assert code_of(f"http://127.0.0.1:{port}/live.m3u8") is ErrorCode.CAMERA_FAILED
        assert asked == []


def test_a_certificate_must_be_for_the_name_and_from_a_known_issuer(tmp_path, monkeypatch) -> None:
    good, other = (certificate(tmp_path, name=name) for name in ("127.0.0.1", "camera.example"))
    with server(pictures, good) as (port, asked):
        url = f"https://127.0.0.1:{port}/"
        assert code_of(url) is ErrorCode.CAMERA_CERTIFICATE
        assert asked == []
        monkeypatch.setenv("SSL_CERT_FILE", str(good))
        with opened(url) as camera:
            assert taken(camera, 3)
    with server(pictures, other) as (port, asked):
        monkeypatch.setenv("SSL_CERT_FILE", str(other))
        assert code_of(f"https://127.0.0.1:{port}/") is ErrorCode.CAMERA_CERTIFICATE
        assert asked == []


def test_a_password_is_sent_only_when_it_is_asked_for() -> None:
    seen: list[str | None] = []

    def basic(handler: Handler) -> None:
        seen.append(handler.headers.get("Authorization"))
        if seen[-1] is None:
            begin(handler, status=401, WWW_Authenticate='Basic realm="camera"')
        else:
            pictures(handler)

    with (
        server(basic) as (port, _),
        opened(f"http://nurse:secret%21@127.0.0.1:{port}/live") as camera,
    ):
        assert taken(camera, 1)
    assert seen == [None, "Basic " + base64.b64encode(b"nurse:secret!").decode()]


@pytest.mark.parametrize("hashing", [("MD5", md5), ("SHA-256", sha256)])
def test_a_digest_is_preferred_to_the_password_itself(hashing) -> None:
    algorithm, maker = hashing
    seen: list[str] = []

    def digest(handler: Handler) -> None:
        said = handler.headers.get("Authorization")
        if said is None:
            challenge = f'Digest realm="cam", nonce="n1", qop="auth", algorithm={algorithm}'
            handler.send_response(401)
            handler.send_header("WWW-Authenticate", 'Basic realm="cam"')
            handler.send_header("WWW-Authenticate", challenge)
            handler.end_headers()
            return
        seen.append(said)
        pictures(handler)

    with server(digest) as (port, _), opened(f"http://nurse:secret@127.0.0.1:{port}/a?b") as camera:
        assert taken(camera, 1)
    (said,) = seen
    values = dict(re.findall(r'(\w+)="?([^",]+)"?', said))

    def hashed(text: str) -> str:
        return maker(text.encode()).hexdigest()

    who, what = hashed("nurse:cam:secret"), hashed("GET:/a?b")
    middle = f"n1:{values['nc']}:{values['cnonce']}:auth"
    assert values["response"] == hashed(f"{who}:{middle}:{what}")
    assert "secret" not in said


def test_a_refused_password_is_sent_once() -> None:
    def never(handler: Handler) -> None:
        begin(handler, status=401, WWW_Authenticate='Basic realm="camera"')

    with server(never) as (port, asked):
        assert code_of(f"http://nurse:secret@127.0.0.1:{port}/") is ErrorCode.CAMERA_FAILED
        assert len(asked) == 2


def test_a_stream_that_ends_has_failed() -> None:
    def one(handler: Handler) -> None:
        begin(handler)
        handler.wfile.write(part(PACKETS[0]))

    with server(one) as (port, _), opened(f"http://127.0.0.1:{port}/") as camera:
        with pytest.raises(StationError) as trouble:
            taken(camera, 2)
        assert trouble.value.code is ErrorCode.CAMERA_FAILED


def test_nobody_there_is_absent() -> None:
    assert code_of("http://127.0.0.1:9/") is ErrorCode.CAMERA_ABSENT


def fed(stream: bytes, size: int) -> list[bytes | None]:
    reader = MultipartPictures(b"part")
    return [reader.feed(stream[at : at + size]) for at in range(0, len(stream), size)]


def test_pieces_of_any_size_give_the_same_pictures() -> None:
    stream = b"preamble\r\n" + b"".join(
        part(packet, with_length=number % 2 == 0) for number, packet in enumerate(PACKETS)
    )
    stream += b"--part--"
    for size in (1, 2, 3, 7, 100, 4096):
        assert [one for one in fed(stream, size) if one is not None] == PACKETS
    assert MultipartPictures(b"part").feed(stream) == PACKETS[-1]


@pytest.mark.parametrize(
    "stream",
    [
        b"x" * 70_000,
        b"--part\r\n" + b"X-Header: 1\r\n" * 1000,
        b"--part\r\nContent-Length: 99999999999999\r\n\r\n",
        b"--part\r\nContent-Length: -1\r\n\r\n",
        b"--part\r\nContent-Length: \xb2\r\n\r\n",
        b"--part\r\nContent-Length: %d\r\n\r\n" % (MOST_PACKET_BYTES + 1),
        b"--part\r\n\r\n" + bytes(MOST_PACKET_BYTES + 1),
    ],
    ids=["preamble", "headers", "huge", "negative", "digits", "long", "endless"],
)
def test_a_stream_that_grows_without_end_is_refused(stream: bytes) -> None:
    with pytest.raises(MultipartError):
        fed(stream, 65536)


def test_an_rtsp_camera_streams_within_those_lists() -> None:
    with rtsp_server(PACKETS) as (port, asked):
        camera = RtspCamera(f"rtsp://127.0.0.1:{port}/live")
        mode = camera.open()
        try:
            assert (mode.width, mode.height) == (160, 120)
            frames = [camera.read() for _ in range(10)]
        finally:
            camera.close()
    assert any(frames)
    assert {"DESCRIBE", "SETUP", "PLAY"} <= set(asked)


def test_an_rtsp_camera_is_not_followed_to_another_server() -> None:
    with rtsp_server(PACKETS) as (elsewhere, asked):
        with rtsp_server(PACKETS, redirect=f"rtsp://127.0.0.1:{elsewhere}/live") as (port, first):
            camera = RtspCamera(f"rtsp://127.0.0.1:{port}/live")
            with pytest.raises(StationError):
                camera.open()
            camera.close()
            assert "DESCRIBE" in first
        assert asked == []


def test_only_rtsp_reaches_ffmpeg_and_with_lists_of_what_it_may_do(monkeypatch) -> None:
    options: list[str] = []

    def captured(open_it: object) -> None:
        assert callable(open_it)
        assert not open_it(True).isOpened()
        options.append(os.environ["OPENCV_FFMPEG_CAPTURE_OPTIONS"])
        raise StationError(ErrorCode.CAMERA_ABSENT)

    camera = network_source("rtsp://127.0.0.1:9/live")
    assert isinstance(camera, RtspCamera)
    assert isinstance(network_source("http://127.0.0.1/live"), HttpCamera)
    assert isinstance(network_source("https://127.0.0.1/live"), HttpCamera)
    with monkeypatch.context() as patch:
        patch.setattr(network, "open_video", captured)
        with pytest.raises(StationError):
            camera.open()
    said = dict(one.split(";") for one in options[0].split("|"))
    assert said["protocol_whitelist"] == "tcp"
    assert said["codec_whitelist"] == "h264,hevc,mjpeg,mpeg4"
    assert said["format_whitelist"] == "rtsp"


def test_what_ffmpeg_may_do_reaches_it(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("OPENCV_FFMPEG_CAPTURE_OPTIONS", "")
    film = tmp_path / "film.avi"
    writer = cv2.VideoWriter(str(film), cv2.VideoWriter.fourcc(*"MJPG"), 30, (64, 48))
    writer.write(np.zeros((48, 64, 3), np.uint8))
    writer.release()
    for protocol, is_open in (("file", True), ("tcp", False), ("file", True)):
        set_options(protocol_whitelist=protocol)
        video = cv2.VideoCapture(str(film), cv2.CAP_FFMPEG)
        assert video.isOpened() == is_open
        video.release()
