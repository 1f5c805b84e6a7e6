"""Count how often the light on a white card is read rightly.

Pure functions on cases; reads no pictures.
"""

from collections.abc import Sequence

from calibration.cases import Case
from calibration.counting import (
    Figure,
    Target,
    at_most,
    has_white,
    is_named_rightly,
    is_tinted,
    of_kinds,
    share_of,
)

_LEAST_NAMED, _MOST_FALSE = 0.95, 0.05


def card_figures(cases: Sequence[Case]) -> list[Figure]:
    """Return the figures for a white card in white and in tinted light."""
    carded = [case for case in cases if case.kind.startswith("card, ")]
    white = of_kinds(carded, "card, none")
    tinted = [case for case in carded if case not in white]
    seen = [case for case in tinted if has_white(case)]
    bare = of_kinds(cases, "as taken", "nuisance") if carded else []
    named = Target(_LEAST_NAMED if seen else None)
    false = at_most(_MOST_FALSE) if white else Target(None)
    return [
        share_of("card: tint of 0.9 stops noticed", tinted, is_tinted, Target(None)),
        share_of("card: taken for white", carded, has_white, Target(None)),
        share_of("card taken for white: tint named rightly", seen, is_named_rightly, named),
        share_of("card: tint seen where none was added", white, is_tinted, false),
        share_of("no card: something taken for white", bare, has_white, Target(None)),
    ]
