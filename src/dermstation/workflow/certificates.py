"""Find the certificates of earlier wipes by date or number. Runs on the vault's thread."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from dermstation.domain.records import Certificate, Operator, now
from dermstation.domain.rights import Right, require
from dermstation.domain.searching import parse_search
from dermstation.vault.store import Vault

SHORT_ID = 8
MOST_SHOWN = 50
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED_MONTH = re.compile(rf"^({'|'.join(_MONTHS)})[a-z]*[-/. ]*(\d{{4}})$", re.IGNORECASE)
_ISO_MONTH = re.compile(r"^(\d{4})-(\d{1,2})$")
_NUMBER = re.compile(r"^[0-9a-f]{4,32}$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FoundCertificates:
    """The newest certificates found, how many there are, and who wiped, by operator id."""

    shown: tuple[Certificate, ...]
    count: int
    names: Mapping[str, str]


def find_certificates(vault: Vault, operator: Operator, text: str = "") -> FoundCertificates:
    """Find certificates by a day, a month, or the beginning of their or the episode's number.

    An empty text finds all; text that is none of these finds none. Raises StationError
    RIGHT_MISSING.
    """
    require(operator, Right.COMPLETE)
    wanted = " ".join(text.split())
    found = [one for one in vault.certificates.all() if _matches(one, wanted)]
    names = {one.id: one.name for one in vault.operators.all()}
    return FoundCertificates(tuple(found[:MOST_SHOWN]), len(found), names)


def _matches(certificate: Certificate, wanted: str) -> bool:
    if not wanted:
        return True
    day = certificate.finished_at.astimezone().date()
    if (month := _month(wanted)) is not None:
        return (day.year, day.month) == month
    if any(day in days for days in parse_search(wanted, today=_today()).days):
        return True
    ids = (certificate.id, certificate.episode_id)
    return bool(_NUMBER.match(wanted)) and any(one.startswith(wanted.lower()) for one in ids)


def _month(wanted: str) -> tuple[int, int] | None:
    if named := _NAMED_MONTH.match(wanted):
        return int(named[2]), _MONTHS.index(named[1].lower()) + 1
    if iso := _ISO_MONTH.match(wanted):
        return int(iso[1]), int(iso[2])
    return None


def _today() -> date:
    return now().astimezone().date()
