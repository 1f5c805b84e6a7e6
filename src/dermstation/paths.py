"""The places of the station's files on this PC. Their names never identify a patient."""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from dermstation.files import OWNER_ENTERS, OWNER_ONLY, make_private, tighten
from dermstation.shared_home import is_shared_home, shared_home

HOME_VARIABLE = "DERMSTATION_HOME"


@dataclass(frozen=True, slots=True)
class StationPaths:
    """The folders and files of one station, inside `home`; if accounts share it, see `own`."""

    home: Path

    @property
    def own(self) -> Path:
        """Return the folder of what belongs to the window of one account, and not to the station.

        This is the home, unless all accounts of the PC share that.
        """
        return account_home() if is_shared_home(self.home) else self.home

    @property
    def keystore(self) -> Path:
        """Return the folder of what Windows has sealed for this PC, in a home that is shared."""
        return self.home / "keystore"

    @property
    def occupant(self) -> Path:
        """Return the note of the account that has the vault open, in a home that is shared."""
        return self.home / "open.json"

    @property
    def vault(self) -> Path:
        """Return the folder of the encrypted store: keys, index and episode files."""
        return self.home / "vault"

    @property
    def settings(self) -> Path:
        """Return the settings file, shared by all operators; it holds only changed settings."""
        return self.home / "settings.toml"

    @property
    def cameras(self) -> Path:
        """Return the file in which the station remembers what it measured of the cameras."""
        return self.home / "cameras.json"

    @property
    def scales(self) -> Path:
        """Return the file of measured scales, one for each camera and picture size."""
        return self.home / "scales.json"

    @property
    def logs(self) -> Path:
        """Return the folder of the technical log."""
        return self.own / "logs"

    @property
    def incoming(self) -> Path:
        """Return the folder of notes about patient files that were named on the command line."""
        return self.own / "handed"

    @property
    def held(self) -> Path:
        """Return the file of a sealed picture that waits for a sign-in; there is rarely one."""
        return self.home / "held.sealed"

    @property
    def packages(self) -> Path:
        """Return the default folder for referral packages."""
        return self.home / "packages"


def close_to_others(paths: StationPaths) -> None:
    """Let nobody but its owner into the station's home, whatever an earlier version left open.

    What does not exist is not created, except the home. On Windows everything in it inherits the
    access list of the user's profile. A home that accounts share was closed by who made it. One
    that is open all the same is reported by `doctor`.
    """
    with suppress(OSError):
        make_private(paths.own)
    for folder in (paths.logs, paths.packages, paths.incoming):
        with suppress(OSError):
            tighten(folder, OWNER_ENTERS)
    for file in (paths.settings, paths.cameras, paths.scales):
        with suppress(OSError):
            tighten(file, OWNER_ONLY)


def station_paths(home: Path | None = None) -> StationPaths:
    """Return the station's paths: in `home`, DERMSTATION_HOME, the shared home, or the account's.

    The first of these that is given is the one.
    """
    if home is None and (named := os.environ.get(HOME_VARIABLE)):
        home = Path(named)
    home = home or shared_home() or account_home()
    return StationPaths(home.expanduser().resolve())


def account_home() -> Path:
    """Return the folder of this account alone.

    It is the local one, never the roaming one: images must not travel with a Windows profile.
    """
    return Path(platformdirs.user_data_dir("dermstation", appauthor=False, roaming=False))
