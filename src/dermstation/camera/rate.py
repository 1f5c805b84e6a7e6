"""How many frames come each second. For one thread."""

SLOW_BELOW_FPS = 2.0
_OVER_S = 1.0


class Rate:
    """Frames per second over about the last second."""

    def __init__(self) -> None:
        self._sequence, self._since_ns, self._fps = -1, 0, 0.0
        self._measured = 0

    def forget(self) -> None:
        """Start again: figures from a time without a stream say nothing about the camera."""
        self._measured = 0

    @property
    def is_slow(self) -> bool:
        """Return whether frames come so rarely that the newest one is stale most of the time."""
        return self._measured > 1 and self._fps <= SLOW_BELOW_FPS

    def after(self, sequence: int, now_ns: int) -> float:
        """Record that the newest frame at `now_ns` is `sequence`, and return the rate."""
        elapsed_s = (now_ns - self._since_ns) / 1e9
        if elapsed_s >= _OVER_S:
            self._fps = (sequence - self._sequence) / elapsed_s if self._since_ns else 0.0
            self._measured += 1 if self._since_ns else 0
            self._sequence, self._since_ns = sequence, now_ns
        return round(self._fps, 1)
