"""A station in its own folder, set up beforehand, and the screen it is shown on.

The set-up itself ends with a recovery key that only a person can read from the screen. Its pages
are tested in tests/ui, and the headless demo walks through them. Everything here that touches the
vault does so while the program is not running.
"""

from dataclasses import dataclass
from pathlib import Path

from dermstation.domain.identity import NhsNumber
from dermstation.domain.lesion_facts import Identifiable, Safeguards
from dermstation.domain.records import Capture, ConsentForm, Operator, Role, new_id
from dermstation.domain.sites import Side
from dermstation.domain.states import EpisodeState
from dermstation.paths import StationPaths
from dermstation.security.recovery import new_recovery_key
from dermstation.settings import Settings
from dermstation.settings_file import save_settings
from dermstation.workflow import episodes, unlocking
from dermstation.workflow.unlocking import SignedIn
from tests.e2e.hand import PASSPHRASE, Hand
from tests.e2e.screen import Screen
from tests.e2e.traces import Planted


@dataclass
class Place:
    """A home, a screen, and the one operator who may sign in."""

    home: Path
    screen: Screen
    operator: Operator

    @property
    def vault_folder(self) -> Path:
        """Return the folder of the vault."""
        return self.home / "vault"

    @property
    def packages(self) -> Path:
        """Return the folder into which packages are written."""
        return self.home / "packages"

    @property
    def everywhere(self) -> tuple[Path, ...]:
        """Return where the program may leave files: its home, the user's home, and tmp."""
        return (self.home, self.screen.scratch / "user", self.screen.scratch / "tmp")

    def choose_small_pictures(self) -> None:
        """Set the station to small pictures, for a test that needs many and looks at none."""
        small = {"stream_width": 800, "stream_height": 600}
        settings = Settings(demo_mode=True, use_good_at_once=False, **small)
        save_settings(settings, StationPaths(self.home).settings)

    def start(self, camera: str = "sim:jpeg=1") -> Hand:
        """Start the program and return the hand that operates it."""
        self.screen.start(self.home, "--camera", camera)
        return Hand(self.screen)

    def open_vault(self, folder: Path | None = None) -> SignedIn:
        """Open the vault, or a copy of it, as the operator."""
        return unlocking.sign_in(
            folder or self.vault_folder, self.operator.id, PASSPHRASE, keystore=None
        )

    def open_episode(self, planted: Planted) -> None:
        """Take an episode as far as its pictures, as the earlier pages would."""
        signed_in = self.open_vault()
        vault, operator = signed_in.vault, signed_in.operator
        typed = episodes.TypedPatient(
            NhsNumber.parse(planted.nhs_number),
            planted.family_name,
            planted.given_name,
            planted.born_on,
        )
        episode_id = episodes.open_episode(vault, operator, typed).episode.id
        episodes.record_consent(
            vault, operator, episode_id, given=True, form=ConsentForm.VERBAL, secondary_use=False
        )
        episodes.save_lesion(
            vault,
            episode_id,
            lesion_id=None,
            site_code="41550009",
            side=Side.LEFT,
            history=planted.history,
            safeguards=Safeguards(is_intimate=False, identifiable=Identifiable.NOTHING),
        )
        unlocking.lock(signed_in)

    def look(self) -> tuple[EpisodeState, list[tuple[Capture, bytes]]]:
        """Return the state of the only episode in the vault, and its captures with their bytes."""
        signed_in = self.open_vault()
        try:
            (episode,) = signed_in.vault.episodes.unfinished()
            captures = signed_in.vault.captures
            return episode.state, [
                (one, captures.image(one.id)) for one in captures.of_episode(episode.id)
            ]
        finally:
            unlocking.lock(signed_in)


def set_up_place(folder: Path) -> Place:
    """Set up a station in a folder and start a screen for it."""
    operator = Operator(new_id(), "Test Nurse", Role.CLINICIAN)
    signed_in = unlocking.set_up_station(
        folder / "home" / "vault", operator, PASSPHRASE, new_recovery_key(), keystore=None
    )
    unlocking.lock(signed_in)
    # the planted patients have test numbers, which the station refuses outside demo mode
    settings = Settings(demo_mode=True, use_good_at_once=False)  # the hand uses each picture
    save_settings(settings, StationPaths(folder / "home").settings)
    return Place(folder / "home", Screen(folder / "scratch"), operator)
