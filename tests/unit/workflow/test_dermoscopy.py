"""The reason for a missing dermoscopic picture, and the pair taken with both lights."""

from dataclasses import replace
from time import perf_counter_ns

import numpy as np
import pytest

from dermstation.camera.frames import Encoding, Frame
from dermstation.domain.dermoscopy_gap import NO_DERMOSCOPY_WORDS, NoDermoscopy
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.lesion_facts import Identifiable, Safeguards
from dermstation.domain.records import Capture, Polarisation
from dermstation.domain.routes import Route
from dermstation.domain.shots import ShotKind
from dermstation.domain.text_limits import SHORT_REASON_MAX_CHARS
from dermstation.settings import Settings
from dermstation.ui.review.picture_tile import tiles_of
from dermstation.workflow import capturing, episodes, picture_review
from dermstation.workflow.dermoscopy_gap import save_gap
from dermstation.workflow.package_choice import Practice, options_of
from dermstation.workflow.packaging import package_contents
from dermstation.workflow.patient_copy import offered
from dermstation.workflow.route_checks import missing_for
from dermstation.workflow.unlocking import SignedIn
from dermstation.workflow.walk import EpisodeView
from tests.unit.workflow.conftest import REASON, take
from tests.unit.workflow.packing import missing

POLARISED, NON_POLARISED = Polarisation.POLARISED, Polarisation.NON_POLARISED


def take_with(
    signed_in: SignedIn, view: EpisodeView, *lights: Polarisation | None
) -> tuple[Capture, ...]:
    """Take a dermoscopic picture with each light; None: the light is not known."""
    taken = []
    for seed, light in enumerate(lights):
        pixels = np.random.default_rng(seed).integers(60, 200, (240, 320, 3), dtype=np.uint8)
        frame = Frame(1, perf_counter_ns(), Encoding.BGR, 320, 240, pixels)
        held = capturing.hold(frame, ShotKind.DERMOSCOPIC, "Simulated dermatoscope")
        held = replace(held, details=replace(held.details, polarisation=light))
        saved = capturing.save(signed_in.vault, held, view.lesions[0], signed_in.operator, REASON)
        taken.append(saved)
    return tuple(taken)


def packed(signed_in: SignedIn, view: EpisodeView) -> tuple[Capture, ...]:
    return episodes.view_of(signed_in.vault, view.episode.id).packed(view.lesions[0])


def test_every_reason_has_words_and_other_needs_a_note(signed_in, view) -> None:
    assert set(NO_DERMOSCOPY_WORDS) == set(NoDermoscopy)
    vault, episode_id, lesion_id = signed_in.vault, view.episode.id, view.lesions[0].id
    for reason in NoDermoscopy:
        after = save_gap(vault, episode_id, lesion_id, reason, "  the cable  is lost ")
        gap = after.lesions[0].facts.no_dermoscopy
        assert "the cable is lost" in gap.words
    with pytest.raises(StationError) as refused:
        save_gap(vault, episode_id, lesion_id, NoDermoscopy.OTHER, "  ")
    assert refused.value.code is ErrorCode.DERMOSCOPY_REASON_MISSING
    with pytest.raises(StationError) as refused:
        save_gap(
            vault, episode_id, lesion_id, NoDermoscopy.BROKEN, "x" * (SHORT_REASON_MAX_CHARS + 1)
        )
    assert refused.value.code is ErrorCode.TEXT_TOO_LONG
    assert save_gap(vault, episode_id, lesion_id, None).lesions[0].facts.no_dermoscopy is None


def test_nobody_is_asked_who_took_it_or_took_no_pictures(signed_in, view) -> None:
    asked = ErrorCode.DERMOSCOPY_REASON_MISSING
    assert asked not in missing(view, Route.RADS)  # no pictures at all: another question asks why
    take(signed_in, view, ShotKind.GENERAL)
    seen = episodes.view_of(signed_in.vault, view.episode.id)
    (found,) = (one for one in missing_for(seen, Route.RADS) if one.code is asked)
    assert found.facts == {"label": "L1"}
    take(signed_in, view, ShotKind.DERMOSCOPIC)
    assert asked not in missing(episodes.view_of(signed_in.vault, view.episode.id), Route.RADS)


@pytest.mark.parametrize("route", [Route.MINOR_SURGERY, Route.RECORD_ONLY])
def test_nobody_is_asked_if_no_specialist_looks(signed_in, view, route) -> None:
    take(signed_in, view, ShotKind.GENERAL)
    seen = episodes.view_of(signed_in.vault, view.episode.id)
    assert ErrorCode.DERMOSCOPY_REASON_MISSING not in missing(seen, route)


def test_the_other_light_makes_a_pair_and_the_same_light_replaces(signed_in, view) -> None:
    first, other, again = take_with(signed_in, view, POLARISED, NON_POLARISED, POLARISED)
    assert [one.id for one in packed(signed_in, view)] == [again.id, other.id]
    assert first.id not in {one.id for one in packed(signed_in, view)}
    titles = [one.title for one in packed(signed_in, view)]
    assert titles == [
        "Dermoscopic, polarised light",
        "Dermoscopic, non-polarised light",
    ]


@pytest.mark.parametrize("lights", [(POLARISED, None), (None, NON_POLARISED), (None, None)])
def test_there_is_no_pair_while_a_light_is_not_known(signed_in, view, lights) -> None:
    *_, last = take_with(signed_in, view, *lights)
    assert [one.id for one in packed(signed_in, view)] == [last.id]


def test_both_of_a_pair_are_in_package_previews_and_what_a_patient_can_have(
    signed_in, view
) -> None:
    polarised, other = take_with(signed_in, view, POLARISED, NON_POLARISED)
    after = episodes.view_of(signed_in.vault, view.episode.id)
    both = {polarised.id, other.id}
    contents = package_contents(
        signed_in.vault, signed_in.operator, after, Practice(), options_of(Settings())
    )
    assert {one.id for one in contents.captures} == both
    assert set(capturing.previews(signed_in.vault, after).pictures) == both
    assert {capture.id for _, capture in offered(after)} == both


def test_both_of_a_pair_must_be_covered_or_cleared(signed_in, view) -> None:
    taken = take_with(signed_in, view, POLARISED, NON_POLARISED)
    lesion = view.lesions[0]
    after = episodes.save_lesion(
        signed_in.vault,
        view.episode.id,
        lesion_id=lesion.id,
        site_code=lesion.site_code,
        side=lesion.side,
        safeguards=Safeguards(identifiable=Identifiable.TATTOO),
    )
    assert {one.id for one in after.to_cover(after.lesions[0])} == {one.id for one in taken}
    for one in taken:
        after = picture_review.say_nothing_to_cover(
            signed_in.vault, signed_in.operator, view.episode.id, one.id, holds=True
        )
    assert after.to_cover(after.lesions[0]) == ()


@pytest.mark.parametrize("place", [0, 1])
def test_either_of_a_pair_can_be_left_out_and_the_other_is_sent(signed_in, view, place) -> None:
    taken = take_with(signed_in, view, POLARISED, NON_POLARISED)
    after = picture_review.leave_out(
        signed_in.vault, signed_in.operator, view.episode.id, taken[place].id, "Hair over it"
    )
    lesion = after.lesions[0]
    assert [one.id for one in after.packed(lesion)] == [taken[1 - place].id]
    assert after.left_out(lesion) == {ShotKind.DERMOSCOPIC: "Hair over it"}
    assert {one.origin_id for one in tiles_of(after, lesion)} == {one.id for one in taken}
    both = picture_review.leave_out(
        signed_in.vault, signed_in.operator, view.episode.id, taken[1 - place].id, "Too poor"
    )
    assert both.packed(lesion) == ()


def test_an_older_picture_does_not_take_the_place_of_one_left_out(signed_in, view) -> None:
    _, last, other = take_with(signed_in, view, POLARISED, POLARISED, NON_POLARISED)
    after = picture_review.leave_out(
        signed_in.vault, signed_in.operator, view.episode.id, last.id, "Hair over it"
    )
    assert [one.id for one in after.packed(after.lesions[0])] == [other.id]
