"""Measure how long the work list takes to answer, with 10,000 episodes in a real vault.

It is searched as people do. `measure_search()` returns the figures that `make bench` prints.
"""

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks.figures import p95, spread
from dermstation.domain.identity import NhsNumber, Patient
from dermstation.domain.records import (
    Consent,
    ConsentForm,
    Episode,
    Lesion,
    Operator,
    Role,
    new_id,
    now,
)
from dermstation.domain.routes import Route
from dermstation.domain.sites import Side
from dermstation.domain.states import EpisodeEvent, EpisodeState
from dermstation.security.kdf import KdfParameters
from dermstation.security.recovery import new_recovery_key
from dermstation.vault.setup import set_up
from dermstation.vault.store import Vault
from dermstation.vault.work_list import Group
from dermstation.workflow.outstanding import outstanding
from dermstation.workflow.work_list import WorkQuery, find

EPISODES = 10_000
_DAYS = 400
_AT_ONCE = 500
_FAMILY = ("Testson", "Specimen", "Madeup", "Sample-Test", "O'Sample", "Zoëtest", "Łtest", "Mocker")
_GIVEN = ("Test", "Exempla", "Zoë", "Proba", "Anna-Test", "Moira")
_MOVES: dict[EpisodeState, tuple[EpisodeEvent, ...]] = {
    EpisodeState.OPEN: (),
    EpisodeState.CAPTURED: (EpisodeEvent.SHOTS_COMPLETED,),
    EpisodeState.REVIEWED: (EpisodeEvent.SHOTS_COMPLETED, EpisodeEvent.REVIEWED),
}


def measure_search(rounds: int, folder: Path, episodes: int = EPISODES) -> dict[str, Any]:
    """Fill a vault, then time each kind of search and the list shown after sign-in."""
    operator = Operator(new_id(), "Test Clinician", Role.CLINICIAN)
    vault, _ = set_up(
        folder / "vault",
        operator,
        "four plain words here",
        keystore=None,
        recovery=new_recovery_key(),
        kdf=KdfParameters(memory_kib=64, passes=1, lanes=1),
    )
    with vault:
        started = time.perf_counter()
        patients = _fill(vault, operator, episodes)
        filled_s = time.perf_counter() - started
        chance = random.Random(3)  # noqa: S311 - repeatable
        by_kind: dict[str, list[float]] = {}
        for kind, make in _QUERIES.items():
            times = by_kind.setdefault(kind, [])
            for _ in range(rounds):
                query = make(chance.choice(patients), chance)
                times.append(_ms(lambda query=query: find(vault, operator, query)))
        listing = [_ms(lambda: outstanding(vault, operator)) for _ in range(rounds)]
        return {
            "search_p95_ms": round(p95([one for times in by_kind.values() for one in times]), 1),
            "episodes": episodes,
            "by_kind": {kind: spread(times) for kind, times in by_kind.items()},
            "list_after_sign_in": spread(listing),
            "filled_s": round(filled_s, 1),
        }


_QUERIES: dict[str, Callable[[Patient, random.Random], WorkQuery]] = {
    "everything": lambda _who, _by: WorkQuery(),
    "last page": lambda _who, _by: WorkQuery(first=EPISODES - 25),
    "first letter": lambda who, _by: WorkQuery(who.family_name[0]),
    "family name": lambda who, _by: WorkQuery(who.family_name.lower()),
    "both names": lambda who, _by: WorkQuery(f"{who.given_name} {who.family_name[:4]}"),
    "NHS number": lambda who, _by: WorkQuery(str(who.nhs_number)),
    "part of a number": lambda who, _by: WorkQuery(who.nhs_number.digits[-4:]),
    "date of birth": lambda who, _by: WorkQuery(f"{who.born_on:%d/%m/%Y}"),
    "day of the visit": lambda _who, by: WorkQuery(
        f"{now().date() - timedelta(days=by.randrange(_DAYS)):%d.%m.%y}"
    ),
    "today": lambda _who, _by: WorkQuery("today"),
    "a state": lambda _who, by: WorkQuery(group=by.choice(list(Group))),
    "name and state": lambda who, by: WorkQuery(who.family_name[:3], by.choice(list(Group))),
    "nobody": lambda _who, _by: WorkQuery("xyzzy"),
}


def _ms(job: Callable[[], object]) -> float:
    started = time.perf_counter()
    job()
    return (time.perf_counter() - started) * 1000


def _fill(vault: Vault, operator: Operator, episodes: int) -> list[Patient]:
    """Make episodes of many days and states; one in four is another visit of a known patient.

    Returns the patients.
    """
    chance = random.Random(2)  # noqa: S311 - repeatable
    numbers = _numbers()
    patients: list[Patient] = []
    for first in range(0, episodes, _AT_ONCE):
        with vault.transaction():  # a commit for each episode would take a quarter of an hour
            for number in range(first, min(first + _AT_ONCE, episodes)):
                if number % 4 or not patients:
                    patients.append(_patient(chance, next(numbers)))
                    patient = patients[-1]
                else:
                    patient = chance.choice(patients)
                _add(vault, operator, patient, number, chance)
    return patients


def _patient(chance: random.Random, number: NhsNumber) -> Patient:
    born_on = date(1930, 1, 1) + timedelta(days=chance.randrange(30_000))
    family = f"{chance.choice(_FAMILY)}{_letters(chance)}"
    return Patient(new_id(), chance.choice(_GIVEN), family, born_on, number)


def _add(
    vault: Vault, operator: Operator, patient: Patient, number: int, chance: random.Random
) -> None:
    opened_at = now() - timedelta(days=chance.randrange(_DAYS), seconds=chance.randrange(9_000))
    consent = Consent(True, ConsentForm.VERBAL, False, opened_at, operator.id)
    asked = "Is this lesion suspicious, and what should be done next? " * 3
    episode = Episode(new_id(), patient.id, EpisodeState.OPEN, opened_at, operator.id)
    lesion = Lesion(new_id(), episode.id, 1, "41550009", Side.LEFT, "Grew for three months. " * 5)
    vault.patients.save(patient)
    vault.episodes.save(episode)
    vault.episodes.save(replace(episode, consent=consent, route=Route.RADS, question=asked))
    vault.lesions.save(lesion)
    state = list(_MOVES)[number % len(_MOVES)]
    for event in _MOVES[state]:
        vault.episodes.change_state(episode.id, event)
    if state is EpisodeState.CAPTURED and number % 2:
        vault.reviews.ask(episode.id, operator.id)


def _letters(chance: random.Random) -> str:
    return "".join(chance.choices("abcdefghijklmnoprstuvw", k=3))


def _numbers() -> Iterator[NhsNumber]:
    """Yield the NHS numbers of the test range, one after the other."""
    for nine in range(999_000_000, 1_000_000_000):
        total = sum(int(digit) * (10 - place) for place, digit in enumerate(str(nine)))
        check = (11 - total % 11) % 11
        if check < 10:
            yield NhsNumber(f"{nine}{check}")
