"""Which keystore a home has: that of the account, or that of the accounts which share the home."""

import sys

from dermstation.paths import StationPaths
from dermstation.security.keystore import Keystore, find_keystore
from dermstation.shared_home import is_shared_home


def keystore_of(paths: StationPaths) -> Keystore | None:
    """Return the keystore of a home, or None if there is none.

    On Linux nothing seals a secret to the PC for several accounts, so a shared home has none.
    """
    if not is_shared_home(paths.home):
        return find_keystore()
    if sys.platform == "win32":
        from dermstation.security.pc_seal import PcSealer  # noqa: PLC0415 - on Windows alone
        from dermstation.security.shared_keystore import SharedKeystore  # noqa: PLC0415
        from dermstation.workflow.disk_encryption import system_disk_is_encrypted  # noqa: PLC0415

        return SharedKeystore(paths.keystore, PcSealer(), system_disk_is_encrypted)
    return None
