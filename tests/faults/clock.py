"""A clock a year wrong: nothing is lost, nothing is called an old copy, no wait is shortened.

The shim shifts what the program is told of the time of day; the uptime stays as it is.
"""

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.security.accounts import unlock_with_secret
from tests.faults import scene
from tests.faults.children import in_child
from tests.faults.rows import Job, Row, unsaid

_YEAR_S = 366 * 86_400
_WRONG = "entirely other plain words"


def clock(job: Job, _most: int) -> Row:
    """Act with the clock a year ahead or behind; look with it as it is, and the other way."""
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
    """Guess, set the clock, and guess again: the wait counts the uptime alone."""
    folder = job.places[0].home / "vault"

    def guess() -> ErrorCode | None:
        try:
            unlock_with_secret(folder, scene.ADMIN.id, _WRONG, keystore=None)
        except StationError as error:
            return error.code
        return None

    def both(_ack: object) -> list[str]:
        first = [guess() for _ in range(8)]  # the waits grow: the last of these has to wait
        job.shim.shift(shift)
        return [str(one) for one in (first[-1], guess())]

    found = in_child(both)
    expected = [str(ErrorCode.SECRET_WAIT)] * 2
    return [] if found.value == expected else [f"{found.value} {found.bug}"]
