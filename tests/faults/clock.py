"""A clock that is wrong by a year: nothing is lost or called an old copy, no wait is shortened.

The shim shifts the time of day that the program sees; the uptime is not changed.
"""

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.security.accounts import unlock_with_secret
from tests.faults import scene
from tests.faults.children import in_child
from tests.faults.rows import Job, Row, unsaid

_YEAR_S = 366 * 86_400
_WRONG = "entirely other plain words"


def clock(job: Job, _most: int) -> Row:
    """Act with the clock a year ahead or behind; check with that clock and with the opposite."""
    row = Row()
    for number, place in enumerate(job.places):
        for shift in (_YEAR_S, -_YEAR_S):
            if not job.share.has(number):
                continue
            with place.fresh():
                outcome = place.run(job.shim, lambda by=shift: job.shim.shift(by))
                faults = [outcome.refused, *unsaid(outcome), *place.check(outcome.acked)]
                job.shim.shift(-shift)
                faults += place.check([])
                job.shim.shift(0)
                row.take([one for one in faults if one], f"{place.name} {shift:+} s")
            if place.name == "capture":
                with place.fresh():
                    row.take(_wait(job, shift), f"wait {shift:+} s")
    return row


def _wait(job: Job, shift: int) -> list[str]:
    """Guess, set the clock and guess again: the wait depends only on the uptime."""
    folder = job.places[0].home / "vault"

    def guess() -> ErrorCode | None:
        try:
            unlock_with_secret(folder, scene.ADMIN.id, _WRONG, keystore=None)
        except StationError as error:
            return error.code
        return None

    def both(_ack: object) -> list[str]:
        first = [guess() for _ in range(8)]  # the waits grow, so the last guess has to wait
        job.shim.shift(shift)
        return [str(one) for one in (first[-1], guess())]

    found = in_child(both)
    expected = [str(ErrorCode.SECRET_WAIT)] * 2
    return [] if found.value == expected else [f"{found.value} {found.bug}"]
