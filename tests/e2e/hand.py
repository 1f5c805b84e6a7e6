"""A hand at the keyboard (and, if wanted, the mouse) that knows the pages of the walk.

It presses what an operator would press and waits for what an operator would see: the title of the
window, the colour of the primary button at the bottom right, "Back" at the bottom left.
"""

from enum import Enum

import numpy as np
from PySide6.QtGui import QColor

from dermstation.domain.lesion_facts import HISTORY_QUESTIONS, Note
from dermstation.domain.patient_facts import OPTIONAL_QUESTIONS, PATIENT_NOTES
from dermstation.ui.theme import Colour
from tests.e2e.screen import Screen
from tests.e2e.traces import Planted

PASSPHRASE = "four plain words here"

SIGN_IN = "Sign in"
HOME = "Work list"
PATIENT = "Who is the patient?"
CONFIRM = "Is this the patient in front of you?"
CONSENT = "Has the patient agreed to pictures?"
LESION = "where is the lesion?"
HISTORY = "history of Forearm, back (left)"
# number of fields between the second question and the free text; the 7-point list is closed
# what is optional is folded away; two buttons fold and unfold
FIELDS_TO_TEXT = (
    len(HISTORY_QUESTIONS) - len(OPTIONAL_QUESTIONS) + len(Note) - len(PATIENT_NOTES) + 1
)
PICTURES = "Forearm, back (left)"
SUMMARY = "Check, then make the package"
HAND_OVER = "Attach the package"
EDGE_PX = 120  # of a button's lower edge, which no words interrupt
FROM_EDGE_PX = 12  # where the lowest button is pressed
POINTED_AT = {Colour.BRAND: Colour.BRAND_HOVER, Colour.BRAND_TINT: Colour.BRAND}  # or its outline
CERTIFICATE = "Every local copy has been wiped"


class Sight(Enum):
    """The state that the buttons of the capture page show."""

    AIMING = "the shutter is ready"
    REVIEW = "a held picture can be used"
    POOR = "a held picture is poor"
    WAITING = "the primary button is off"


class Hand:
    """One operator at one screen."""

    def __init__(self, screen: Screen, *, uses_mouse: bool = False) -> None:
        self._screen = screen
        self._uses_mouse = uses_mouse

    def go_on(self) -> None:
        """Press the page's primary button: with Enter, or with the mouse at the bottom right."""
        self._press_lowest(Colour.BRAND)

    def _press_lowest(self, colour: Colour) -> None:
        """Press the lowest button: with Enter, or with the mouse once it has this colour."""
        if self._uses_mouse:
            self._screen.click(*self._aim(colour))
            self._screen.point(0, 0)  # a pointer over a button changes its look
        else:
            self._screen.key("Return")

    def _aim(self, colour: Colour) -> tuple[int, int]:
        """Point at the lowest button of this colour, right of its words, and return where.

        It stands below a form, or at the bottom of the window. The previous page may still be
        painted, with its own button elsewhere: the new one is there once it looks pointed at, which
        it notices when the pointer moves.
        """
        x = y = 0

        def is_pointed_at() -> bool:
            nonlocal x, y
            picture = self._screen.picture()
            near = picture[y, x : x + 2 * FROM_EDGE_PX]
            if x and (near == _bgr(POINTED_AT[colour])).all(1).any():
                return True
            is_coloured = (picture == _bgr(colour)).all(2)
            rows = np.flatnonzero(is_coloured.sum(1) > EDGE_PX)
            if rows.size:
                y = int(rows.max()) - FROM_EDGE_PX
                x = int(np.flatnonzero(is_coloured[rows.max()]).max()) - FROM_EDGE_PX
                self._screen.point(x, y - 1)
                self._screen.point(x, y)
            return False

        self._screen.wait(is_pointed_at, "the lowest button")
        return x, y

    def go_on_from_text(self) -> None:
        """Press the primary button while the cursor is in a text, in which Enter adds a line."""
        if self._uses_mouse:
            self.go_on()
        else:
            self._screen.key("ctrl+Return")

    def sign_in(self, *pages: str) -> None:
        """Sign in and wait for one of `pages`, or for the list if none is given."""
        self._screen.wait_for_page(SIGN_IN)
        self._screen.type(PASSPHRASE)
        self.go_on()
        self._screen.wait_for_page(*(pages or (HOME,)))

    def begin_patient(self) -> None:
        """Start a new patient."""
        self.go_on()
        self._screen.wait_for_page(PATIENT)

    def continue_episode(self, page: str) -> None:
        """Press "Continue" for the first episode, starting from the button "New patient"."""
        self._screen.key("Down", "space")
        self._screen.wait_for_page(page)

    def use_unfinished_entry(self) -> None:
        """Use what was typed earlier: wait for the bar that offers it, and until it is gone."""

        def is_plain() -> bool:  # the right half of the bar, beside the field for the number
            area = self._screen.picture()[127:192, 900:1150].copy()
            return bool((area == area[0, 0]).all())

        self._screen.wait(lambda: not is_plain(), "the offer of an unfinished entry")
        self._screen.key("alt+u")  # clicks a moment later
        self._screen.wait(is_plain, "the end of the offer")

    def enter_patient(self, planted: Planted) -> None:
        """Fill in the patient and confirm who it is."""
        self._screen.fill(planted.nhs_number, planted.family_name, planted.given_name)
        self._screen.type(f"{planted.born_on:%d/%m/%Y}")
        self.confirm_patient()

    def confirm_patient(self) -> None:
        """Go on from the filled form, and say that this is the patient."""
        self.go_on()
        self._screen.wait_for_page(CONFIRM)
        self.go_on()
        self._screen.wait_for_page(CONSENT)

    def take_consent(self) -> None:
        """Record verbal consent, which is the first answer."""
        self._screen.key("space")
        self._screen.wait_for_page(LESION)

    def enter_lesion(self, planted: Planted) -> None:
        """Find the site, choose the left side, answer the first questions, write the history."""
        self._screen.type("forearm back")
        self._screen.key("Tab", "Tab", "space")
        self._screen.key("Tab", "space")  # nobody to be seen, not intimate, and on
        self._screen.wait_for_page(HISTORY)
        self._screen.key("n", "Down", "y", *["Tab"] * FIELDS_TO_TEXT)
        self._screen.type(planted.history)
        self.go_on_from_text()
        self._screen.wait_for_page(PICTURES)

    def press_shutter(self) -> None:
        """Wait until the shutter is ready, and press it."""
        self.wait_for(Sight.AIMING)
        if self._uses_mouse:
            self.go_on()
        else:
            self._screen.key("space")

    def wait_for_review(self) -> None:
        """Wait until the held picture can be used."""
        self.wait_for(Sight.REVIEW, Sight.POOR)

    def use_picture(self) -> None:
        """Use the held picture; for a poor one, choose the first reason in the list."""
        colour = Colour.BRAND
        if self.sight() is Sight.POOR:
            colour = Colour.BRAND_TINT  # the filled button is "Retake"
            before = self._column()
            self._screen.key("alt+y")  # moves to the list of reasons, and shows it
            self._screen.wait(
                lambda: not np.array_equal(before, self._column()), "the question for a reason"
            )
            self._screen.key("Down")
        self._press_lowest(colour)

    def take_picture(self, *, last: bool = False) -> None:
        """Press, review, use, and wait until the review is left, which means the picture is saved.

        After the last of the three comes the summary.
        """
        self.press_shutter()
        self.wait_for_review()
        self.use_picture()
        if last:
            self._screen.wait_for_page(SUMMARY)
        else:
            self.wait_for(Sight.AIMING)

    def fill_summary(self, planted: Planted) -> None:
        """Choose RADS, and write the question.

        Each press of the primary button leads to the next thing that is missing.
        """
        self.go_on()  # leads to the first route
        self._screen.key("space", "Down")
        self.go_on()  # leads to the question whether the patient was told
        self._screen.key("y")
        self.go_on()  # leads to the question to the specialist
        self._screen.type(planted.question)

    def make_package(self) -> None:
        """Make the package; the first press says that the episode was reviewed."""
        self.go_on_from_text()
        self._screen.wait_for_page(HAND_OVER)

    def tick_both(self) -> None:
        """Tick that the pictures are in the record and in e-RS, starting from "Copy path"."""
        self._screen.key("Tab", "space", "Tab", "space")

    def hand_over(self) -> None:
        """Tick both boxes and wipe."""
        self.tick_both()
        self.go_on()
        self._screen.wait_for_page(CERTIFICATE)

    def lock(self) -> None:
        """Lock with the mouse, which is faster than a mnemonic's slow click."""
        self._screen.click(self._screen.width - 60, 20)
        self._screen.wait_for_page(SIGN_IN)

    def back(self) -> None:
        """Press "Back"."""
        self._screen.key("alt+b")

    def wait_for(self, *sights: Sight) -> None:
        """Wait until the capture page shows one of these sights."""
        names = " or ".join(sight.value for sight in sights)
        self._screen.wait(lambda: self.sight() in sights, names)

    def _column(self) -> np.ndarray:
        return self._screen.picture()[60:-130, -300:].copy()

    def sight(self) -> Sight:
        """Return what the buttons of the capture page show."""
        picture = self._screen.picture()[-60:].copy()
        # above the words of the lowest button; at first the previous page may still show
        primary, further = picture[0, -60], picture[0, -290]
        if not np.array_equal(primary, further):  # only the capture page has such a wide button
            return Sight.WAITING
        corner = picture[:-10, 8:64]
        has_back = bool((corner != corner[0, 0]).any())
        if np.array_equal(primary, _bgr(Colour.BRAND)):
            return Sight.AIMING if has_back else Sight.REVIEW
        is_second = np.array_equal(primary, _bgr(Colour.BRAND_TINT))
        return Sight.POOR if is_second and not has_back else Sight.WAITING


def _bgr(colour: Colour) -> np.ndarray:
    parsed = QColor(colour.value)
    return np.array([parsed.blue(), parsed.green(), parsed.red()], np.uint8)
