"""A network camera: MJPEG over HTTP or any RTSP stream. Lives in the camera process.

Opening and reading have time limits. The demuxer may use only network protocols, so that a stream
cannot refer to a file on this PC.
"""

from urllib.parse import urlsplit

import cv2

from dermstation.camera.source import Mode, RawFrame
from dermstation.camera.sources.video import VideoReader, ffmpeg_options, open_video
from dermstation.domain.errors import ErrorCode, StationError

OPEN_WITHIN_MS = 5000
READ_WITHIN_MS = 800
_PROTOCOLS = "http,https,tcp,tls,rtsp,rtp,udp,srtp"


class NetworkCamera:
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
        ffmpeg_options(protocol_whitelist=_PROTOCOLS, rtsp_transport="tcp", fflags="nobuffer")
        settings = [
            cv2.CAP_PROP_OPEN_TIMEOUT_MSEC,
            OPEN_WITHIN_MS,
            cv2.CAP_PROP_READ_TIMEOUT_MSEC,
            READ_WITHIN_MS,
        ]
        if packets:
            settings += [cv2.CAP_PROP_FORMAT, -1]
        return cv2.VideoCapture(self._url, cv2.CAP_FFMPEG, settings)
