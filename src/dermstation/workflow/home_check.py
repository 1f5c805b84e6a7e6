"""What `doctor` says of the station's home: whose it is, who has it open, what guards a PIN.

Each function returns a value and the words of a finding, empty if nothing is wrong.
"""

from dermstation.paths import StationPaths
from dermstation.security.keystore import Keystore
from dermstation.security.pin_policy import PinRule, guard_of, rule_of
from dermstation.shared_home import HomeFault, home_faults, is_shared_home
from dermstation.workflow.occupant import occupant_of
from dermstation.workflow.taking_over import own_store

_FAULTS = {
    HomeFault.ABSENT: "The folder that the accounts of this PC share is missing: connect or restore"
    " it, and do not set the station up again.",
    HomeFault.OWNER: "The folder that the accounts of this PC share belongs to somebody who is no"
    " administrator of the PC: give it to the administrators.",
    HomeFault.OPEN: "The folder that the accounts of this PC share is open to others as well,"
    " or has no access list of its own. Packages are refused there: close it.",
    HomeFault.GROUP: "In the folder that the accounts of this PC share, files of one account would"
    " be closed to the others: give it back its mode 2770.",
}
_PIN = {
    PinRule.ENOUGH: "",
    PinRule.NO_KEYSTORE: "No keystore of the operating system for this home: operators need a"
    " passphrase, not a PIN, and whoever can write to the station's folder can reset the count of"
    " wrong attempts.",
    PinRule.DISK_OPEN: "Operators need a passphrase, not a PIN: the system disk of this PC is not"
    " encrypted, and whoever steals it could try every PIN.",
    PinRule.DISK_NOT_KNOWN: "Operators need a passphrase, not a PIN: Windows does not say whether"
    " the system disk of this PC is encrypted.",
}


def where(paths: StationPaths) -> tuple[object, str]:
    """Say where the home is, whose it is, who has it open, and whether it is as it was made."""
    is_shared = is_shared_home(paths.home)
    there = occupant_of(paths.vault)
    value = {
        "folder": str(paths.home),
        "of": "all accounts" if is_shared else "this account",
        "open_in": None if there is None else there.account,
    }
    words = home_words(paths)
    if (own := own_store(paths)) is not None:
        words += (
            f" This account has a store of its own in {own.home}: open the station to move it, or"
            " finish it with dermstation --home."
        )
    return value, words.strip()


def home_words(paths: StationPaths) -> str:
    """Say in which ways a shared home is not as it was made; "" if it is, and for another home."""
    faults = home_faults(paths.home) if is_shared_home(paths.home) else ()
    return " ".join(_FAULTS[one] for one in faults)


def guarded(keystore: Keystore | None) -> tuple[object, str]:
    """Say what guards the part of a PIN that is not in the vault, and whether that is enough."""
    rule = rule_of(keystore)
    return {"guarded_by": guard_of(keystore).value, "pin": rule.value}, _PIN[rule]
