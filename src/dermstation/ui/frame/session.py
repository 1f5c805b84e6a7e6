"""One operator's session: who is signed in, and the jobs that need the open vault.

Used on the window's thread. After the lock, no page can start a job, and the outcomes of earlier
jobs are dropped (`background`).
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Concatenate, ParamSpec, TypeVar

from dermstation.domain.records import Operator
from dermstation.security.pin_policy import PinRule
from dermstation.ui.frame.background import Background, Running
from dermstation.ui.frame.shell import Shell
from dermstation.vault.store import Vault
from dermstation.workflow.unlocking import SignedIn

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")


class Session:
    """The session that the flows of the window share."""

    def __init__(self, shell: Shell, background: Background) -> None:
        self._shell = shell
        self._background = background
        self._signed_in: SignedIn | None = None

    def begin(self, signed_in: SignedIn) -> None:
        """Begin this operator's session."""
        self._signed_in = signed_in

    def end(self) -> None:
        """End the session; closing the vault is up to the window."""
        self._signed_in = None

    @property
    def is_open(self) -> bool:
        """Return whether an operator is signed in."""
        return self._signed_in is not None

    @property
    def vault(self) -> Vault:
        """Return the open vault."""
        return self._present.vault

    @property
    def operator(self) -> Operator:
        """Return the operator who is signed in."""
        return self._present.operator

    @property
    def pin_rule(self) -> PinRule:
        """Return why the PIN that was typed is not enough on this PC, or that nothing is wrong."""
        return self._present.pin_rule

    def secret_is_new(self) -> None:
        """Note that the operator has a new PIN or passphrase, which was checked."""
        self._signed_in = replace(self._present, pin_rule=PinRule.ENOUGH)

    @property
    def _present(self) -> SignedIn:
        if self._signed_in is None:
            raise RuntimeError("no operator is signed in")
        return self._signed_in

    def on_vault(
        self, job: Callable[Concatenate[Vault, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> Running[T]:
        """Run `job` on the vault's thread; its first argument is the open vault."""
        if self._signed_in is None:
            log.info("a page asked for a job after the lock and was ignored")
            return self._background.not_started()
        return self._background.on_vault(job, self._signed_in.vault, *args, **kwargs)

    def submit(
        self, job: Callable[Concatenate[Vault, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> Running[T]:
        """Run `job` like `on_vault`, with the page's button disabled: nothing is saved twice.

        The button is enabled again if the job fails; after a success another page is shown.
        """
        page = self._shell.page

        def revive() -> None:
            if page is not None and page is self._shell.page:
                page.show_busy("")

        if page is not None:
            page.show_busy("Saving\u2026")
        return self.on_vault(job, *args, **kwargs).before_failure(revive)
