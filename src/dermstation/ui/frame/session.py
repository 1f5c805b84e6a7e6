"""One operator's session: the open vault, and asking the workflow on its thread.

Lives on the window's thread. What a page still says after the lock is not heard, and what a job
answers after the lock is dropped by the bridge.
"""

import logging
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from dermstation.domain.errors import StationError
from dermstation.domain.records import Operator
from dermstation.ui.frame.bridge import Bridge
from dermstation.ui.frame.shell import Shell
from dermstation.vault.store import Vault
from dermstation.workflow.station import Station
from dermstation.workflow.unlocking import SignedIn

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")


class Session:
    """Whoever is signed in; the flows of the window share it."""

    def __init__(self, station: Station, shell: Shell, bridge: Bridge) -> None:
        self._station = station
        self._shell = shell
        self._bridge = bridge
        self._signed_in: SignedIn | None = None

    def begin(self, signed_in: SignedIn) -> None:
        """Work for this operator from now on."""
        self._signed_in = signed_in

    def end(self) -> None:
        """Work for nobody; who closes the vault is the window's business."""
        self._signed_in = None

    @property
    def is_open(self) -> bool:
        """Tell whether an operator is signed in."""
        return self._signed_in is not None

    @property
    def vault(self) -> Vault:
        """Return the open vault."""
        return self._present.vault

    @property
    def operator(self) -> Operator:
        """Return who is signed in."""
        return self._present.operator

    @property
    def _present(self) -> SignedIn:
        if self._signed_in is None:
            raise RuntimeError("no operator is signed in")
        return self._signed_in

    def ask(
        self,
        then: Callable[[T], object],
        job: Callable[Concatenate[Vault, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> None:
        """Run a workflow function on the open vault and go on with `then`, or say what failed."""
        self.attempt(then, self._shell.show_trouble, job, *args, **kwargs)

    def attempt(
        self,
        then: Callable[[T], object],
        otherwise: Callable[[StationError], object],
        job: Callable[Concatenate[Vault, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> None:
        """Run a workflow function on the open vault and go on with `then` or `otherwise`."""
        if self._signed_in is None:
            log.info("a page spoke after the lock and was not heard")
            return
        future = self._station.jobs.on_vault(job, self._signed_in.vault, *args, **kwargs)
        self._bridge.watch(future, then, otherwise)

    def submit(
        self,
        then: Callable[[T], object],
        job: Callable[Concatenate[Vault, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> None:
        """Ask with the page's button dead: a second press must not add a second of anything."""
        page = self._shell.page

        def refused(trouble: StationError) -> None:
            if page is not None and page is self._shell.page:
                page.show_busy("")
            self._shell.show_trouble(trouble)

        if page is not None:
            page.show_busy("Saving\u2026")
        self.attempt(then, refused, job, *args, **kwargs)
