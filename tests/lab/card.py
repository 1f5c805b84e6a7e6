"""A card with a real FAT or exFAT on a removable disk: read, erased, pulled out in the middle.

What the station says is compared with what is on the disk when it is put in again.
"""

import itertools
import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from dermstation.camera.card.ejecting import Ejected, eject
from dermstation.camera.card.pictures import EraseOutcome
from dermstation.camera.card.places import CardPlace, find_cards, is_there
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.quality import Verdict
from dermstation.domain.records import CardCopy, now
from dermstation.domain.shots import STANDARD_SHOTS
from dermstation.workflow.card_companions import ChosenCompanions, episode_card
from dermstation.workflow.card_desk import CardDesk
from dermstation.workflow.card_erasing import Erased, on_this_card
from dermstation.workflow.importing import candidate, copies_left, import_picture
from dermstation.workflow.walk import EpisodeView
from tests.lab.disk import MOUNT, Disk, forget
from tests.lab.rows import Row
from tests.lab.vault import Bench
from tests.lab.waiting import until
from tests.unit.camera.card.samples import card, jpeg, name
from tests.unit.workflow.samples import report

FILE_SYSTEMS = ("vfat", "exfat")
PULLS = 20  # at moments spread over the time that an erasing takes
_STEP_S = 0.03
_RAW = "IMG_0001.CR3"


def rows(share: float, scratch: Path) -> Iterator[Row]:
    """Yield the rows of each file system."""
    for file_system in FILE_SYSTEMS:
        folder = scratch / file_system
        folder.mkdir()
        with Bench(folder) as bench, _desk() as desk:
            tried = _Card(file_system, bench, desk)
            yield tried.erased()
            yield tried.protected()
            for cold in (False, True):
                yield from tried.pulled(cold=cold)
            yield tried.pulled_at_any_moment(max(2, round(PULLS * share)))


@contextmanager
def _desk() -> Iterator[CardDesk]:
    desk = CardDesk()
    try:
        yield desk
    finally:
        desk.close()


class _Card:
    """One file system's tries, each on a new disk and for a new episode."""

    def __init__(self, file_system: str, bench: Bench, desk: CardDesk) -> None:
        self._file_system = file_system
        self._bench = bench
        self._desk = desk
        self._seeds = itertools.count()

    def erased(self) -> Row:
        """Import, erase with a raw file, look for the pictures on the raw disk, eject."""
        with self._plugged_in() as (disk, place, view):
            files = [Path(place.path) / name(1), (Path(place.path) / name(1)).with_name(_RAW)]
            needles = [one.read_bytes()[2000:2064] for one in files]
            outcomes = self._erase(place, view)
            out = eject(place)
            forget()
            raw = Path(disk.device).read_bytes()
            left = sum(needle in raw for needle in needles)
        said = [one.outcome.value if one.outcome else "none" for one in outcomes]
        is_ok = said == ["erased"] * 4 and out is Ejected.SAFE and left == 0
        found = f"{', '.join(said)}; {left} of 2 on the raw disk; ejected: {out.value}"
        return self._row("erased with a raw file", "4 erased, 0 on the disk, safe", found, is_ok)

    def protected(self) -> Row:
        """Erase from a disk that is write-protected."""
        with self._plugged_in() as (disk, place, view):
            disk.remount("ro")
            said = {one.outcome for one in self._erase(place, view)}
            left = len(_on_disk())
        is_ok = said == {EraseOutcome.PROTECTED} and left == 5
        found = f"{_words(said)}; {left} files there"
        return self._row("write-protected", "protected, 5 files there", found, is_ok)

    def pulled(self, *, cold: bool) -> Iterator[Row]:
        """Pull the disk out after the first picture; ask everything; put it in again and go on."""
        how = "pulled while erasing, " + ("read anew" if cold else "still in memory")
        with self._plugged_in() as (disk, place, view):
            outcomes = self._erase(place, view, partial(self._pull_after_the_first, disk, cold))
            mounted = str(MOUNT) in Path("/proc/mounts").read_text(encoding="utf-8")
            listed = self._listed(place)
            there, out = is_there(place), eject(place)
            left = {one.path for one in self._left(view)}
            disk.put_in_again()
            wrong, really = _compared(outcomes, left)
            yield self._row(
                how,
                "nothing on the disk called erased or forgotten",
                f"{_words(one.outcome for one in outcomes)}; {len(left)} reminded of;"
                f" {len(really)} on the disk; {wrong} wrong",
                wrong == 0 and len(really) > 0,
            )
            yield self._row(
                f"{how}: asked then",
                "absent, not there, not safe",
                f"listing: {listed}; there: {there}; ejected: {out.value}; mounted: {mounted}",
                (listed, there, out) == (ErrorCode.CARD_ABSENT.value, False, Ejected.TAKEN_OUT),
            )
            again = self._erase(*find_cards(), view)
            off = all(one.is_off for one in again)
            yield self._row(
                f"{how}: put in again",
                "all off, nobody reminded",
                f"{_words(one.outcome for one in again)}; {len(self._left(view))} reminded of",
                off and not self._left(view) and _on_disk() == {"IMG_0004.JPG"},
            )

    def pulled_at_any_moment(self, count: int) -> Row:
        """Pull the disk out at many moments of an erasing."""
        wrong = off = 0
        for number in range(count):
            with self._plugged_in() as (disk, place, view):
                outcomes = self._erase(place, view, partial(_pull_after, disk, _STEP_S * number))
                left = {one.path for one in self._left(view)}
                disk.put_in_again()
                wrong += _compared(outcomes, left)[0]
                off += sum(one.is_off for one in outcomes)
        found = f"{count} pulls, {off} of {count * 4} files off, {wrong} wrong"
        return self._row("pulled at any moment", "0 wrong", found, wrong == 0)

    @contextmanager
    def _plugged_in(self) -> Iterator[tuple[Disk, CardPlace, EpisodeView]]:
        """Put a disk in with four pictures and a raw file, three of the pictures imported."""
        disk = Disk(self._file_system)
        try:
            card(MOUNT, *(jpeg(seed=next(self._seeds)) for _ in range(4)))
            (MOUNT / name(1)).with_name(_RAW).write_bytes(os.urandom(200_000))
            disk.unmount()
            forget()
            disk.mount()
            (place,) = find_cards()
            view = self._bench.new_episode()
            self._import(place, view)
            yield disk, place, view
        finally:
            disk.discard()

    def _import(self, place: CardPlace, view: EpisodeView) -> None:
        self._desk.listing(place).result()
        for number, shot in enumerate(STANDARD_SHOTS, start=1):
            picture = self._desk.inspect(place, name(number), shot).result()
            judged = replace(picture, report=report(shot, Verdict.GOOD))
            lesion = view.lesions[0]
            chosen = candidate(judged, place, shot, lesion.id, now())
            self._bench.on_vault(
                import_picture, self._bench.vault, chosen, lesion, self._bench.operator, None
            )

    def _erase(
        self, place: CardPlace, view: EpisodeView, act: Callable[[], None] = lambda: None
    ) -> tuple[Erased, ...]:
        """Erase everything of the episode; `act` is done meanwhile."""
        paths = {one.path for one in self._desk.listing(place).result().files}
        known = self._bench.on_vault(episode_card, self._bench.vault, view.episode.id, place)
        found = self._desk.companions(known).result()
        copies = on_this_card(known.left, place, paths)
        chosen = ChosenCompanions(known, found)
        bench = self._bench
        erasing = self._desk.erase(bench.jobs, bench.vault, bench.operator, copies, chosen)
        act()
        return erasing.result()

    def _pull_after_the_first(self, disk: Disk, cold: bool) -> None:
        until(lambda: self._desk.erased > 0, "the first picture")
        disk.pull(cold=cold)

    def _left(self, view: EpisodeView) -> tuple[CardCopy, ...]:
        vault = self._bench.vault
        left = self._bench.on_vault(copies_left, vault, view.episode.id)
        companions = self._bench.on_vault(vault.card_files.companions_of, view.episode.id)
        return (*left, *(one for one in companions if one.removed is None))

    def _listed(self, place: CardPlace) -> str:
        try:
            return f"{len(self._desk.listing(place).result().files)} pictures"
        except StationError as trouble:
            return trouble.code.value

    def _row(self, tried: str, target: str, found: str, is_ok: bool) -> Row:
        return Row("card", f"{self._file_system}: {tried}", target, found, bool(is_ok))


def _pull_after(disk: Disk, wait_s: float) -> None:
    time.sleep(wait_s)
    disk.pull(cold=True)


def _compared(outcomes: tuple[Erased, ...], left: set[str]) -> tuple[int, set[str]]:
    """Return how many files of the episode are on the disk and not known to be, and all of them."""
    there = _on_disk()
    really = {one.copy.path for one in outcomes if Path(one.copy.path).name in there}
    off = {one.copy.path for one in outcomes if one.is_off}
    return len(really & off) + len(really - left), really


def _on_disk() -> set[str]:
    return {one.name for one in MOUNT.rglob("*") if one.is_file()}


def _words(outcomes: Iterable[EraseOutcome | None]) -> str:
    said = [one.value if one else "none" for one in outcomes]
    return ", ".join(f"{said.count(one)} {one}" for one in dict.fromkeys(said))
