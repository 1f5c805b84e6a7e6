"""The two state machines of the station, each one pure transition function.

Episode::

    open -> captured -> reviewed -> packaged -> handed_over -> wiped
     |________|___________|____________|-> abandoned (wiped at once)
     captured/reviewed -> open again if more pictures are needed; packaged -> reviewed first
     reviewed -> captured if the episode is changed after its review
     open to packaged -> retained -> open, if an operator continues it, or abandoned

Capture loop of a lesion::

    aiming -> holding -> reviewing -> saving -> aiming
"""

from enum import StrEnum

from dermstation.domain.errors import ErrorCode, StationError


class EpisodeState(StrEnum):
    """The state of an episode."""

    OPEN = "open"
    CAPTURED = "captured"
    REVIEWED = "reviewed"
    PACKAGED = "packaged"
    HANDED_OVER = "handed_over"
    WIPED = "wiped"
    ABANDONED = "abandoned"
    RETAINED = "retained"


class EpisodeEvent(StrEnum):
    """An event of an episode."""

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
    """The state of a shot's capture loop."""

    AIMING = "aiming"
    HOLDING = "holding"
    REVIEWING = "reviewing"
    SAVING = "saving"


class LoopEvent(StrEnum):
    """An event of the capture loop."""

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
    # after a failed save, the held frame is still in memory and is reviewed again
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
