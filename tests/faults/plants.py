"""Bugs that are planted to show that the campaign finds them; otherwise it would prove nothing."""

from collections.abc import Callable

from dermstation import files
from dermstation.security import attempts
from dermstation.security.keyfile import KeyImage
from dermstation.security.tries import Wrong
from dermstation.vault import captures, episode_files, index_opening, restore
from dermstation.vault.captures import Captures
from dermstation.vault.key_files import KeyFiles


def _acknowledged_too_early() -> None:
    """Report "saved" after the row is written but before the image."""
    put = episode_files.EpisodeFiles.put
    late: list[object] = []

    def put_later(self, place, capture_id, image, *, may_create):
        late.append((self, place, capture_id, image, may_create))
        if not self.path(place.file_id).exists():
            put(self, place, capture_id, image, may_create=may_create)

    captures.EpisodeFiles.put = put_later


def _not_synced() -> None:
    """Never sync: the operating system decides when data reaches the disk."""
    for name in ("INDEX_PRAGMAS", "EPISODE_PRAGMAS"):
        module = index_opening if name == "INDEX_PRAGMAS" else episode_files
        loose = tuple(one.replace("= FULL", "= OFF") for one in getattr(module, name))
        setattr(module, name, loose)
    files.os.fsync = lambda _descriptor: None


def _restored_loosely() -> None:
    """Never sync the files of a restore."""

    def write(content, path):
        path.write_bytes(b"".join(iter(content.read, b"")))
        return content.rest()

    restore._write = write


def _never_written() -> None:
    """Report a capture as saved without writing anything."""
    Captures.save = lambda *_: None


def _anybody_is_a_holder() -> None:
    """Admit whoever has a key that fits, as the key files alone would."""
    KeyFiles._check_holder = lambda *_: None


def _every_file_is_genuine() -> None:
    """Believe every whole key file."""
    KeyImage.is_sealed_by = lambda self, _key: self.content is not None


def _uncounted_by_the_keystore() -> None:
    """Count tries in the vault's folder alone."""
    attempts.read_count = lambda *_: Wrong()


def _strays_removed() -> None:
    """Remove each file that the index does not list."""
    episode_files.EpisodeFiles.set_aside = episode_files.EpisodeFiles.remove


PLANTS: dict[str, Callable[[], None]] = {
    "acknowledged too early": _acknowledged_too_early,
    "not synced": _not_synced,
    "never written": _never_written,
    "restored loosely": _restored_loosely,
    "anybody is a holder": _anybody_is_a_holder,
    "every file is genuine": _every_file_is_genuine,
    "uncounted by the keystore": _uncounted_by_the_keystore,
    "strays removed": _strays_removed,
}
