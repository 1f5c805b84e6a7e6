"""A network camera: MJPEG over http or https, or an rtsp stream. Lives in the camera process.

Only rtsp goes through OpenCV and its FFmpeg, which has time limits, and lists of the protocols,
formats and codecs that it may use: it reads no file of this PC and speaks neither http nor TLS.
"""

from urllib.parse import urlsplit

import cv2

from dermstation.camera.source import Mode, RawFrame
from dermstation.camera.sources.ffmpeg import set_options
from dermstation.camera.sources.mjpeg import HttpCamera
from dermstation.camera.sources.video import VideoReader, open_video
from dermstation.domain.errors import ErrorCode, StationError

OPEN_WITHIN_MS = 5000
READ_WITHIN_MS = 800
_PROTOCOLS = "tcp"
_FORMATS = "rtsp"
_CODECS = "h264,hevc,mjpeg,mpeg4"


def network_source(url: str) -> "HttpCamera | RtspCamera":
    """Return the source for the URL of a network camera."""
    return RtspCamera(url) if urlsplit(url).scheme == "rtsp" else HttpCamera(url)


class RtspCamera:
    """A camera at a URL. The URL may hold a credential, so only its host and port are shown."""

    is_recording = False

    def __init__(self, url: str) -> None:
        self._url = url
        self._reader: VideoReader | None = None
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
        self.label = f"Network camera at {parts.hostname}{port}"

    def open(self) -> Mode:
        """Connect. Raises StationError CAMERA_ABSENT or CAMERA_FAILED."""
        self._reader = open_video(self._opened)
        return self._reader.mode

    def read(self) -> RawFrame | None:
        """Return the next picture, or None if damaged. Raises StationError CAMERA_FAILED."""
        if self._reader is None:
            raise StationError(ErrorCode.CAMERA_FAILED, reason="not_open")
        return self._reader.read()

    def close(self) -> None:
        """Disconnect."""
        if self._reader is not None:
            self._reader.close()
        self._reader = None

    def _opened(self, packets: bool) -> cv2.VideoCapture:
        set_options(
            protocol_whitelist=_PROTOCOLS,
            format_whitelist=_FORMATS,
            codec_whitelist=_CODECS,
            rtsp_transport="tcp",
            fflags="nobuffer",
        )
        settings = [
            cv2.CAP_PROP_OPEN_TIMEOUT_MSEC,
            OPEN_WITHIN_MS,
            cv2.CAP_PROP_READ_TIMEOUT_MSEC,
            READ_WITHIN_MS,
        ]
        if packets:
            settings += [cv2.CAP_PROP_FORMAT, -1]
        return cv2.VideoCapture(self._url, cv2.CAP_FFMPEG, settings)
