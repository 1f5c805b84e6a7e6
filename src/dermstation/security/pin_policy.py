"""Whether a PIN is enough on this PC, or only a passphrase is.

A million PINs are tried in days, so a PIN is worth what guards the pepper. The keystore of an
account is opened by that account's own password. What is sealed to the PC opens for whoever has
its disk, unless that is encrypted.
"""

from enum import StrEnum

from dermstation.security.keystore import Keystore
from dermstation.security.shared_keystore import SharedKeystore


class PepperGuard(StrEnum):
    """What guards the peppers."""

    NOTHING = "nothing"  # there are none
    ACCOUNT = "account"
    PC = "pc"


class PinRule(StrEnum):
    """A PIN is enough, or the reason why it is not."""

    ENOUGH = "enough"
    NO_KEYSTORE = "no_keystore"
    DISK_OPEN = "disk_open"
    DISK_NOT_KNOWN = "disk_not_known"


def guard_of(keystore: Keystore | None) -> PepperGuard:
    """Return what guards the peppers of this keystore."""
    if keystore is None:
        return PepperGuard.NOTHING
    return PepperGuard.PC if isinstance(keystore, SharedKeystore) else PepperGuard.ACCOUNT


def pin_rule(guard: PepperGuard, *, disk_is_encrypted: bool | None) -> PinRule:
    """Return the rule for a guard and the disk with the PC's own key; None: it is not known."""
    if guard is PepperGuard.NOTHING:
        return PinRule.NO_KEYSTORE
    if guard is PepperGuard.ACCOUNT or disk_is_encrypted:
        return PinRule.ENOUGH
    return PinRule.DISK_NOT_KNOWN if disk_is_encrypted is None else PinRule.DISK_OPEN


def rule_of(keystore: Keystore | None) -> PinRule:
    """Return the rule where this keystore keeps the peppers. It may ask the system for seconds."""
    if isinstance(keystore, SharedKeystore):
        return pin_rule(PepperGuard.PC, disk_is_encrypted=keystore.disk_is_encrypted())
    return pin_rule(guard_of(keystore), disk_is_encrypted=None)


def allows_pin(keystore: Keystore | None) -> bool:
    """Return whether a PIN is enough where this keystore keeps the peppers. It may take seconds."""
    return rule_of(keystore) is PinRule.ENOUGH
