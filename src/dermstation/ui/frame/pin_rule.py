"""Show on a page that asks for a new secret whether a PIN is enough. GUI thread."""

from collections.abc import Callable
from typing import Protocol, cast

from PySide6.QtCore import QTimer

from dermstation.security.pin_policy import PepperGuard, PinRule, guard_of, rule_of
from dermstation.ui.frame.background import Running
from dermstation.ui.frame.shell import Shell
from dermstation.workflow.station import Station

_PAINTED_AFTER_MS = 100


class SecretAskingPage(Protocol):
    """A page with a form for a new secret."""

    def set_pin_rule(self, rule: PinRule) -> None:
        """Show whether a PIN is enough on this PC, or why it is not."""


def show_pin_rule(
    page: SecretAskingPage,
    shell: Shell,
    station: Station,
    start: Callable[[Callable[[], PinRule]], Running[PinRule]],
) -> None:
    """Show the rule on a page; if the system has to be asked for it, once a job has told.

    `start` runs that job. Until then the page asks for a passphrase.
    """

    def ask() -> PinRule:
        return rule_of(station.keystore)

    def show(rule: PinRule) -> None:
        if shell.page is cast("object", page):  # it may have gone meanwhile
            page.set_pin_rule(rule)

    if station.looks_for_keystore:  # once the first page is on the screen
        QTimer.singleShot(_PAINTED_AFTER_MS, shell, lambda: start(ask).then(show))
    elif guard_of(station.keystore) is PepperGuard.PC:
        page.set_pin_rule(PinRule.DISK_NOT_KNOWN)
        start(ask).then(show)
    else:
        page.set_pin_rule(ask())
