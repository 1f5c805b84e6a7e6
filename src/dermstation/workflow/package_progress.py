"""How far a package is, told by the vault's thread and read by the window, which may cancel it."""

import threading

from dermstation.domain.errors import ErrorCode, StationError


class PackageProgress:
    """The files of one package under way; each path is noted twice, as the writer journals it."""

    def __init__(self) -> None:
        self._is_cancelled = threading.Event()
        self.files = 0  # unknown until they are laid out
        self.noted = 0

    @property
    def words(self) -> str:
        """Return what is being done."""
        if not self.noted:
            return "The pictures are being prepared."
        if self.noted <= self.files:
            return f"File {self.noted} of {self.files} is being written."
        return "The files are being read back and checked."

    def plan(self, files: int) -> None:
        """Note how many files there will be. Raises StationError PACKAGE_CANCELLED."""
        self.files = files
        self.check()

    def note_path(self) -> None:
        """Note that a path is about to be created. Raises StationError PACKAGE_CANCELLED."""
        self.check()
        self.noted += 1

    def cancel(self) -> None:
        """Let the writer stop at the next path and remove what it wrote; afterwards in vain."""
        self._is_cancelled.set()

    def check(self) -> None:
        """Raise StationError PACKAGE_CANCELLED if it is cancelled."""
        if self._is_cancelled.is_set():
            raise StationError(ErrorCode.PACKAGE_CANCELLED)
