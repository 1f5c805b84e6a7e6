"""The two state machines of the station, each one pure transition function.

Episode::

    open -> captured -> reviewed -> packaged -> handed_over -> wiped
     |________|___________|____________|-> abandoned (wiped at once)
     captured/reviewed -> open again when more is to be captured; packaged -> reviewed first
    reviewed -> captured when what was reviewed is changed afterwards
     open to packaged -> retained -> open, when a person takes it up again, or abandoned

Capture loop of a lesion::

    aiming -> holding -> reviewing -> saving -> aiming
"""

from enum import StrEnum

from dermstation.domain.errors import ErrorCode, StationError


class EpisodeState(StrEnum):
    """How far an episode has come."""

    OPEN = "open"
    CAPTURED = "captured"
    REVIEWED = "reviewed"
    PACKAGED = "packaged"
    HANDED_OVER = "handed_over"
    WIPED = "wiped"
    ABANDONED = "abandoned"
    RETAINED = "retained"


class EpisodeEvent(StrEnum):
    """What can happen to an episode."""

    SHOTS_COMPLETED = "shots_completed"
    REOPENED = "reopened"
    REVIEWED = "reviewed"
    REVIEW_VOIDED = "review_voided"
    PACKAGED = "packaged"
    PACKAGE_WITHDRAWN = "package_withdrawn"
    HANDED_OVER = "handed_over"
    WIPED = "wiped"
    ABANDONED = "abandoned"
    RETAINED = "retained"


_S, _E = EpisodeState, EpisodeEvent

_EPISODE_MOVES: dict[tuple[EpisodeState, EpisodeEvent], EpisodeState] = {
    (_S.OPEN, _E.SHOTS_COMPLETED): _S.CAPTURED,
    (_S.CAPTURED, _E.REOPENED): _S.OPEN,
    (_S.CAPTURED, _E.REVIEWED): _S.REVIEWED,
    (_S.REVIEWED, _E.REOPENED): _S.OPEN,
    (_S.REVIEWED, _E.REVIEW_VOIDED): _S.CAPTURED,
    (_S.REVIEWED, _E.PACKAGED): _S.PACKAGED,
    (_S.PACKAGED, _E.PACKAGE_WITHDRAWN): _S.REVIEWED,
    (_S.PACKAGED, _E.HANDED_OVER): _S.HANDED_OVER,
    (_S.HANDED_OVER, _E.WIPED): _S.WIPED,
    (_S.ABANDONED, _E.WIPED): _S.WIPED,
    (_S.RETAINED, _E.REOPENED): _S.OPEN,
    **{
        (state, _E.ABANDONED): _S.ABANDONED
        for state in (_S.OPEN, _S.CAPTURED, _S.REVIEWED, _S.PACKAGED, _S.RETAINED)
    },
    **{
        (state, _E.RETAINED): _S.RETAINED
        for state in (_S.OPEN, _S.CAPTURED, _S.REVIEWED, _S.PACKAGED)
    },
}


def advance(state: EpisodeState, event: EpisodeEvent) -> EpisodeState:
    """Return the state after `event`. Raises StationError STEP_NOT_ALLOWED for any other move."""
    try:
        return _EPISODE_MOVES[state, event]
    except KeyError:
        raise StationError(
            ErrorCode.STEP_NOT_ALLOWED, state=state.value, event=event.value
        ) from None


class LoopState(StrEnum):
    """Where the capture loop of a shot is."""

    AIMING = "aiming"
    HOLDING = "holding"
    REVIEWING = "reviewing"
    SAVING = "saving"


class LoopEvent(StrEnum):
    """What can happen in the capture loop."""

    PRESSED = "pressed"
    HELD = "held"
    HOLD_FAILED = "hold_failed"
    RETAKEN = "retaken"
    ACCEPTED = "accepted"
    SAVED = "saved"
    SAVE_FAILED = "save_failed"


_LOOP_MOVES: dict[tuple[LoopState, LoopEvent], LoopState] = {
    (LoopState.AIMING, LoopEvent.PRESSED): LoopState.HOLDING,
    (LoopState.HOLDING, LoopEvent.HELD): LoopState.REVIEWING,
    (LoopState.HOLDING, LoopEvent.HOLD_FAILED): LoopState.AIMING,
    (LoopState.REVIEWING, LoopEvent.RETAKEN): LoopState.AIMING,
    (LoopState.REVIEWING, LoopEvent.ACCEPTED): LoopState.SAVING,
    (LoopState.SAVING, LoopEvent.SAVED): LoopState.AIMING,
    # a failed save goes back to the held image, which is still in memory
    (LoopState.SAVING, LoopEvent.SAVE_FAILED): LoopState.REVIEWING,
}


def advance_loop(state: LoopState, event: LoopEvent) -> LoopState:
    """Return the loop's state after `event`. Raises StationError STEP_NOT_ALLOWED otherwise."""
    try:
        return _LOOP_MOVES[state, event]
    except KeyError:
        raise StationError(
            ErrorCode.STEP_NOT_ALLOWED, state=state.value, event=event.value
        ) from None
