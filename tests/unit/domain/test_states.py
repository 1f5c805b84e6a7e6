from collections.abc import Callable, Iterable
from itertools import product

import pytest

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.states import (
    EpisodeEvent,
    EpisodeState,
    LoopEvent,
    LoopState,
    advance,
    advance_loop,
)

S, E = EpisodeState, EpisodeEvent
L, V = LoopState, LoopEvent

# The moves of an episode, taken from the design and not from the code.
EPISODE_MOVES = {
    S.OPEN: {E.SHOTS_COMPLETED: S.CAPTURED, E.ABANDONED: S.ABANDONED, E.RETAINED: S.RETAINED},
    S.CAPTURED: {
        E.REOPENED: S.OPEN,
        E.REVIEWED: S.REVIEWED,
        E.ABANDONED: S.ABANDONED,
        E.RETAINED: S.RETAINED,
    },
    S.REVIEWED: {
        E.REVIEW_VOIDED: S.CAPTURED,
        E.REOPENED: S.OPEN,
        E.PACKAGED: S.PACKAGED,
        E.ABANDONED: S.ABANDONED,
        E.RETAINED: S.RETAINED,
    },
    S.PACKAGED: {
        E.PACKAGE_WITHDRAWN: S.REVIEWED,
        E.HANDED_OVER: S.HANDED_OVER,
        E.ABANDONED: S.ABANDONED,
        E.RETAINED: S.RETAINED,
    },
    S.HANDED_OVER: {E.WIPED: S.WIPED},
    S.ABANDONED: {E.WIPED: S.WIPED},
    S.RETAINED: {E.REOPENED: S.OPEN, E.ABANDONED: S.ABANDONED},
    S.WIPED: {},
}

LOOP_MOVES = {
    L.AIMING: {V.PRESSED: L.HOLDING},
    L.HOLDING: {V.HELD: L.REVIEWING, V.HOLD_FAILED: L.AIMING},
    L.REVIEWING: {V.RETAKEN: L.AIMING, V.ACCEPTED: L.SAVING},
    L.SAVING: {V.SAVED: L.AIMING, V.SAVE_FAILED: L.REVIEWING},
}


def reached_from(start: object, move: Callable, events: Iterable) -> set:
    """Walk the machine itself from `start` and return every state that it reaches."""
    met, ahead = {start}, [start]
    while ahead:
        state = ahead.pop()
        for event in events:
            try:
                after = move(state, event)
            except StationError:
                continue
            if after not in met:
                met.add(after)
                ahead.append(after)
    return met


@pytest.mark.parametrize(("state", "event"), list(product(S, E)))
def test_an_episode_makes_the_moves_of_the_design_and_no_other(
    state: EpisodeState, event: EpisodeEvent
) -> None:
    expected = EPISODE_MOVES[state].get(event)
    if expected is not None:
        assert advance(state, event) is expected
        return
    with pytest.raises(StationError) as caught:
        advance(state, event)
    assert caught.value.code is ErrorCode.STEP_NOT_ALLOWED
    assert caught.value.facts == {"state": state.value, "event": event.value}


@pytest.mark.parametrize(("state", "event"), list(product(L, V)))
def test_the_capture_loop_makes_the_moves_of_the_design_and_no_other(
    state: LoopState, event: LoopEvent
) -> None:
    expected = LOOP_MOVES[state].get(event)
    if expected is not None:
        assert advance_loop(state, event) is expected
        return
    with pytest.raises(StationError) as caught:
        advance_loop(state, event)
    assert caught.value.code is ErrorCode.STEP_NOT_ALLOWED


def test_every_state_of_an_episode_is_reached_from_open() -> None:
    assert reached_from(S.OPEN, advance, E) == set(S)


def test_every_state_of_the_loop_is_reached_from_aiming() -> None:
    assert reached_from(L.AIMING, advance_loop, V) == set(L)


@pytest.mark.parametrize("state", list(S))
def test_every_episode_can_end_wiped(state: EpisodeState) -> None:
    assert S.WIPED in reached_from(state, advance, E)


@pytest.mark.parametrize("state", list(L))
def test_every_loop_can_come_back_to_aiming(state: LoopState) -> None:
    assert L.AIMING in reached_from(state, advance_loop, V)


def test_nothing_happens_to_a_wiped_episode() -> None:
    assert reached_from(S.WIPED, advance, E) == {S.WIPED}


def test_wiping_follows_only_a_hand_over_or_an_abandoning() -> None:
    before = {state for state in S if E.WIPED in EPISODE_MOVES[state]}
    assert before == {S.HANDED_OVER, S.ABANDONED}
    for state in set(S) - before:
        for event in E:
            try:
                after = advance(state, event)
            except StationError:
                continue
            assert after is not S.WIPED


def test_a_hand_over_needs_a_package_and_a_package_a_review() -> None:
    into = {after: set() for after in S}
    for state, event in product(S, E):
        try:
            into[advance(state, event)].add(state)
        except StationError:
            continue
    assert into[S.HANDED_OVER] == {S.PACKAGED}
    assert into[S.PACKAGED] == {S.REVIEWED}


def test_saving_is_reached_only_through_reviewing_an_accepted_image() -> None:
    ways = set()
    for state, event in product(L, V):
        try:
            if advance_loop(state, event) is L.SAVING:
                ways.add((state, event))
        except StationError:
            continue
    assert ways == {(L.REVIEWING, V.ACCEPTED)}


def test_a_failed_save_keeps_the_held_image_under_review() -> None:
    assert advance_loop(L.SAVING, V.SAVE_FAILED) is L.REVIEWING
