"""The route decides which confirmations a wipe needs."""

import pytest

from dermstation.domain.records import HandOver, now
from dermstation.domain.routes import (
    PLACES,
    ROUTE_GUIDES,
    Confirmation,
    Route,
    confirmations_of,
)


@pytest.mark.parametrize("route", [*Route, None])
def test_the_record_is_confirmed_on_every_route(route: Route | None) -> None:
    assert Confirmation.IN_RECORD in confirmations_of(route)


@pytest.mark.parametrize("route", list(Route))
def test_e_rs_is_confirmed_only_if_the_route_goes_through_e_rs(
    route: Route,
) -> None:
    through_ers = ROUTE_GUIDES[route].ers_priority is not None
    assert (Confirmation.IN_ERS in confirmations_of(route)) is through_ers


def test_minor_surgery_is_sent_and_the_record_alone_is_not() -> None:
    assert confirmations_of(Route.MINOR_SURGERY) == (Confirmation.IN_RECORD, Confirmation.SENT)
    assert confirmations_of(Route.RECORD_ONLY) == (Confirmation.IN_RECORD,)


def test_an_unknown_route_is_treated_as_one_through_e_rs() -> None:
    assert confirmations_of(None) == confirmations_of(Route.ADVICE)


def test_a_hand_over_names_the_places_that_were_confirmed_and_no_other() -> None:
    said = HandOver(in_record=True, in_ers=False, confirmed_at=now(), confirmed_by="1", sent=True)
    assert said.confirmed == (Confirmation.IN_RECORD, Confirmation.SENT)
    assert said.places == (PLACES[Confirmation.IN_RECORD], PLACES[Confirmation.SENT])
