"""The kind of shot is told from the light, not from a ring or from the skin's tone."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from dermstation.camera.sources.simulated.knobs import Knobs, Scene
from dermstation.camera.sources.simulated.scenes import SceneKey, render
from dermstation.domain.quality import Cause, Verdict
from dermstation.domain.shots import ShotKind
from dermstation.imaging.assessment import assess
from dermstation.imaging.field import Field, field_of
from dermstation.imaging.lesion import find_lesion
from dermstation.imaging.scale import small_grey, to_grey
from dermstation.imaging.scope_ring import is_through_scope, scope_roundness
from dermstation.imaging.shot_kind import FEATURES, KINDS, kind_chances, kind_features, kind_model
from dermstation.imaging.shot_scene import SceneMemory, see_scene
from dermstation.imaging.spots import similar_spots
from tests.skin_pictures import pictures

SHOTS = {
    Scene.GENERAL: ShotKind.GENERAL,
    Scene.CLOSEUP: ShotKind.CLOSEUP,
    Scene.DERMOSCOPIC: ShotKind.DERMOSCOPIC,
}


def scene(kind: Scene, *, seed: int = 1, tone: float = 0.2) -> np.ndarray:
    knobs = replace(Knobs(), scene=kind, seed=seed, tone=tone)
    return render(SceneKey.of(knobs, 960, 720))


def with_ring(picture: np.ndarray, share: float = 0.48) -> np.ndarray:
    height, width = picture.shape[:2]
    inside = np.zeros((height, width, 1), np.uint8)
    cv2.circle(inside, (width // 2, height // 2), round(height * share), 1, -1, cv2.LINE_AA)
    return picture * inside


@pytest.mark.parametrize("tone", [0.1, 0.7])
@pytest.mark.parametrize("kind", Scene)
def test_drawn_scenes_are_of_their_kind_on_pale_and_dark_skin(kind: Scene, tone: float) -> None:
    found = kind_chances(field_of(scene(kind, tone=tone)))
    assert found.likeliest is SHOTS[kind]
    assert sum(map(found.of, KINDS)) == pytest.approx(1)


@pytest.mark.parametrize("share", [0.42, 0.5, 0.56])
def test_a_ring_alone_does_not_decide(share: float) -> None:
    picture = scene(Scene.DERMOSCOPIC)
    for one in (picture, with_ring(picture, share)):
        assert kind_chances(field_of(one)).likeliest is ShotKind.DERMOSCOPIC


@pytest.mark.parametrize(
    ("folder", "own"),
    [("dermoscopic", ShotKind.DERMOSCOPIC), ("clinical_closeup", ShotKind.CLOSEUP)],
)
def test_a_real_picture_is_green_only_as_what_it_is(folder: str, own: ShotKind) -> None:
    paths = pictures(folder)[::6]
    for asked in KINDS:
        verdicts = [assess(cv2.imread(str(path)), asked) for path in paths]
        if asked is own:
            assert sum(one.looks_like is not None for one in verdicts) == 0
        else:
            assert sum(one.verdict is Verdict.GOOD for one in verdicts) <= 1


def test_a_scope_left_on_is_told_by_its_round_field() -> None:
    picture = scene(Scene.CLOSEUP)
    assert not is_through_scope(scope_roundness(field_of(picture)))
    ringed = with_ring(picture)
    assert is_through_scope(scope_roundness(field_of(ringed)))
    for shot in (ShotKind.GENERAL, ShotKind.CLOSEUP, ShotKind.LATERAL):
        causes = assess(ringed, shot).causes
        assert Cause.SCOPE_ON in causes or Cause.LOOKS_DERMOSCOPIC in causes
    assert Cause.SCOPE_ON not in assess(ringed, ShotKind.DERMOSCOPIC).causes


def test_a_dark_side_or_a_dark_square_is_no_scope() -> None:
    picture = scene(Scene.CLOSEUP)
    square, side = picture.copy(), picture.copy()
    square[:90] = square[-90:] = 0
    side[:, :300] = 0
    for one in (square, side):
        assert not is_through_scope(scope_roundness(field_of(one)))


def with_spots(picture: np.ndarray, places: list[tuple[int, int]], radius: int) -> np.ndarray:
    spotted = picture.copy()
    for place in places:
        cv2.circle(spotted, place, radius, (40, 60, 95), -1, cv2.LINE_AA)
    return spotted


def test_several_similar_lesions_ask_which_one_is_meant() -> None:
    rng = np.random.default_rng(2)
    bare = np.empty((720, 960, 3), np.float32)
    bare[:] = (140, 165, 205)
    bare = np.clip(bare + rng.normal(0, 2, (720, 960, 1)), 0, 255).astype(np.uint8)
    places = [(480, 360), (300, 250), (640, 480), (330, 500)]
    for shot, radius in ((ShotKind.CLOSEUP, 30), (ShotKind.GENERAL, 9)):
        one, several = (with_spots(bare, places[:count], radius) for count in (1, 4))
        assert similar(several, shot) >= 3
        assert similar(one, shot) == 1


def similar(picture: np.ndarray, shot: ShotKind) -> float:
    field = field_of(picture)
    return find_lesion(field).alike + 1 if shot is ShotKind.CLOSEUP else similar_spots(field)


def test_features_are_finite_for_any_picture() -> None:
    odd = [np.zeros((30, 40, 3), np.uint8), np.full((300, 400, 3), 255, np.uint8)]
    odd += [np.random.default_rng(1).integers(0, 256, (9, 500, 3)).astype(np.uint8)]
    for one in odd:
        found = kind_features(field_of(one))
        assert found.shape == (len(FEATURES),)
        assert np.isfinite(found).all()
        assert np.isfinite(kind_model().chances(found)).all()


def test_the_live_view_sees_one_part_of_a_changed_scene_at_a_time() -> None:
    memory = SceneMemory()
    near, far = (picture_parts(scene(one)) for one in (Scene.CLOSEUP, Scene.GENERAL))
    first = memory.see(*near, ShotKind.CLOSEUP)
    assert first == see_scene(*near, ShotKind.CLOSEUP)
    assert memory.parts == 4
    seen = [memory.see(*far, ShotKind.CLOSEUP) for _ in range(memory.parts)]
    assert seen[1].kind.likeliest is ShotKind.GENERAL
    assert (seen[1].ruler, seen[1].middle_stops) == (first.ruler, first.middle_stops)
    assert seen[-1] == see_scene(*far, ShotKind.CLOSEUP)


def test_for_another_shot_the_live_view_sees_all_of_the_scene_at_once() -> None:
    memory = SceneMemory()
    near = picture_parts(scene(Scene.CLOSEUP))
    memory.see(*near, ShotKind.GENERAL)
    for shot in (ShotKind.CLOSEUP, ShotKind.DERMOSCOPIC):
        assert memory.see(*near, shot) == see_scene(*near, shot)


def picture_parts(picture: np.ndarray) -> tuple[Field, np.ndarray]:
    return field_of(picture), small_grey(to_grey(picture))
