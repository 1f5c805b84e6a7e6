"""The real window in front of the camera on USB: a whole job by keys and by the camera's button.

The program runs as a person starts it; its internals are not used. Pictures of the screen are kept
beside the rows.
"""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

from dermstation.domain.shots import STANDARD_SHOTS
from dermstation.handover.verify import verify_package
from tests.e2e.hand import HAND_OVER, HOME, SUMMARY, Hand, Sight
from tests.e2e.place import Place, set_up_place
from tests.e2e.traces import Planted
from tests.lab.camera import SPEC
from tests.lab.plugged import UsbCamera
from tests.lab.rows import Row
from tests.lab.waiting import came

SCREENS = Path("/lab/screens")
_HEARD_WITHIN_S = 15.0
_MOST_PRESSES = 3
_RATE = 15  # pictures a second, which one slow processor shows, judges and stores


def rows(_share: float, scratch: Path) -> Iterator[Row]:
    """Yield the rows of one walk from the sign-in to the certificate."""
    SCREENS.mkdir(exist_ok=True)
    with UsbCamera() as camera:
        camera.set(fps=_RATE)
        place = set_up_place(scratch)
        walk = _Walk(place, camera, Planted())
        try:
            yield walk.begin()
            yield from walk.take_pictures()
            yield walk.make_package()
            yield walk.compare_bytes()
            yield walk.hand_over()
        finally:
            walk.keep("last")
            walk.keep_log()
            place.screen.close()


class _Walk:
    """One job of one operator."""

    def __init__(self, place: Place, camera: UsbCamera, planted: Planted) -> None:
        self._place = place
        self._camera = camera
        self._planted = planted
        self._hand: Hand = place.start(SPEC)

    def keep(self, name: str) -> None:
        """Keep a picture of the screen."""
        saved = self._place.screen.save_picture(name)
        (SCREENS / f"{name}.png").write_bytes(saved.read_bytes())

    def keep_log(self) -> None:
        """Keep the program's log."""
        log = self._place.home / "logs" / "station.log"
        if log.exists():
            (SCREENS / log.name).write_bytes(log.read_bytes())

    def begin(self) -> Row:
        """Sign in and go as far as the pictures, by keys."""
        hand = self._hand
        hand.sign_in()
        hand.begin_patient()
        hand.enter_patient(self._planted)
        hand.take_consent()
        hand.enter_lesion(self._planted)
        ready = self._sees(Sight.AIMING)
        self.keep("aiming")
        return _row(
            "from sign-in to the pictures", "the shutter is ready", f"after {_s(ready)}", ready
        )

    def take_pictures(self) -> Iterator[Row]:
        """Take the three pictures by the camera's button; take the camera out after the first."""
        for number, shot in enumerate(STANDARD_SHOTS, start=1):
            self._hand.wait_for(Sight.AIMING)
            presses = self._presses(self._camera.press)
            if presses is None:
                by_key = self._presses(lambda: self._place.screen.key("space"))
                assert by_key is not None, "neither the button nor the key takes a picture"
            self.keep(f"review-{number}")
            self._hand.use_picture()
            if number == len(STANDARD_SHOTS):
                self._place.screen.wait_for_page(SUMMARY)
            else:
                self._hand.wait_for(Sight.AIMING)
            after = ", after it was plugged in again on this page" if number > 1 else ""
            found = "not heard, taken by key" if presses is None else f"at press {presses}"
            yield _row(f"{shot.value} by the button{after}", "heard", found, presses)
            if number == 1:
                yield self._unplugged()

    def make_package(self) -> Row:
        """Go on to the package, and check it with the station's own command."""
        self._hand.fill_summary(self._planted)
        self._hand.make_package()
        (package,) = self._place.packages.iterdir()
        troubles = [str(one) for one in verify_package(package)]
        files = sorted(one.suffix for one in package.iterdir())
        self.keep("package")
        found = f"{', '.join(files)}; {len(troubles)} troubles"
        return _row("package made and verified", "0 troubles", found, not troubles)

    def compare_bytes(self) -> Row:
        """Compare what the vault holds with what the camera sent; the program is killed before."""
        self._place.screen.kill()
        _, captures = self._place.look()
        known = self._camera.known([hashlib.sha256(data).hexdigest() for _, data in captures])
        kinds = {one.media_type.value for one, _ in captures}
        found = f"{known} of {len(captures)} own bytes; {', '.join(sorted(kinds))}"
        is_ok = known == len(captures) == len(STANDARD_SHOTS)
        return _row("killed; the vault's pictures", "3 of 3 the camera's own bytes", found, is_ok)

    def hand_over(self) -> Row:
        """Start again, hand over, and wipe."""
        self._hand = self._place.start(SPEC)
        self._hand.sign_in(HOME)
        self._hand.continue_episode(HAND_OVER)
        self._hand.hand_over()
        self.keep("certificate")
        left = len(list(self._place.packages.iterdir()))
        found = f"certificate shown; {left} packages left"
        return _row("started again, handed over, wiped", "nothing is left", found, left == 0)

    def _presses(self, press: Callable[[], object]) -> int | None:
        """Press as a person would until a picture is held; return how often, or None if never.

        In a guest this slow a press may meet a shutter that is off for a moment.
        """
        for presses in range(1, _MOST_PRESSES + 1):
            press()
            if self._sees(Sight.REVIEW, Sight.POOR, patience_s=_HEARD_WITHIN_S) is not None:
                return presses
        return None

    def _unplugged(self) -> Row:
        self._camera.unplug()
        off = self._sees(Sight.WAITING)
        self.keep("unplugged")
        self._camera.plug()
        back = self._sees(Sight.AIMING)
        found = f"off after {_s(off)}, ready again after {_s(back)}"
        return _row(
            "unplugged and plugged in on the page",
            "the shutter off, then ready",
            found,
            off is not None and back is not None,
        )

    def _sees(self, *sights: Sight, patience_s: float = 60.0) -> float | None:
        return came(lambda: self._hand.sight() in sights, patience_s)


def _s(seconds: float | None) -> str:
    return "never" if seconds is None else f"{seconds:.1f} s"


def _row(tried: str, target: str, found: str, is_ok: object) -> Row:
    return Row("window", tried, target, found, is_ok is not None and is_ok is not False)
