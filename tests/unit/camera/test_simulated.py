from collections.abc import Callable
from functools import lru_cache

import cv2
import numpy as np
import pytest

from dermstation.camera.frames import Encoding
from dermstation.camera.source import RawFrame
from dermstation.camera.sources.simulated.dermatoscope import SimulatedDermatoscope
from dermstation.camera.sources.simulated.knobs import Knobs, Scene, SimulatedFault
from dermstation.camera.sources.simulated.optics import Optics, hand_at
from dermstation.camera.sources.simulated.scenes import SceneKey, render
from dermstation.domain.errors import ErrorCode, StationError

WIDTH, HEIGHT = 640, 480


def opened(**turns: object) -> SimulatedDermatoscope:
    source = SimulatedDermatoscope(Knobs().turned(turns), 320, 240)
    source.open()
    return source


def frame_of(source: SimulatedDermatoscope) -> RawFrame:
    while (raw := source.read()) is None:
        pass
    return raw


@lru_cache(maxsize=8)
def optics(key: SceneKey) -> Optics:
    return Optics(key, render(key))


def shot(number: int = 1, **turns: object) -> np.ndarray:
    knobs = Knobs().turned(turns)
    return optics(SceneKey.of(knobs, WIDTH, HEIGHT)).frame(number, knobs).copy()


def detail(image: np.ndarray) -> float:
    middle = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)[120:360, 200:440]
    return float(cv2.Laplacian(middle, cv2.CV_32F).var())


@pytest.mark.parametrize("scene", list(Scene))
def test_the_same_seed_gives_the_same_frame_and_another_seed_another(scene: Scene) -> None:
    first = shot(7, scene=scene, seed=4)
    optics.cache_clear()
    assert (first == shot(7, scene=scene, seed=4)).all()
    assert (first != shot(7, scene=scene, seed=5)).mean() > 0.5


@pytest.mark.parametrize("scene", list(Scene))
def test_blur_and_shake_take_detail_away(scene: Scene) -> None:
    sharp = detail(shot(scene=scene))
    assert detail(shot(scene=scene, focus=4)) < 0.6 * sharp
    assert detail(shot(scene=scene, shake=20)) < 0.6 * sharp


def test_exposure_moves_the_light_by_stops() -> None:
    middle = np.s_[200:280, 280:360]
    normal = shot()[middle].mean() ** 2.2
    assert shot(exposure=-1)[middle].mean() ** 2.2 == pytest.approx(normal / 2, rel=0.1)
    assert (shot(exposure=5)[middle][..., 2] == 255).mean() > 0.9


def test_a_darker_tone_gives_darker_skin() -> None:
    def skin(tone: float) -> float:
        return float(shot(scene="closeup", tone=tone)[20:80, 20:80].mean())

    assert skin(0) > 1.3 * skin(0.5) > 1.6 * skin(1)


def test_the_ring_is_dark_outside_the_plate_and_only_in_the_dermoscopic_scene() -> None:
    assert shot()[:20, :20].mean() < 20
    assert shot(ring=0)[:20, :20].mean() > 60
    assert shot(scene="closeup")[:20, :20].mean() > 60


@pytest.mark.parametrize("knob", ["glare", "hair", "ruler", "gel"])
def test_each_added_object_is_visible(knob: str) -> None:
    scene = "closeup" if knob == "ruler" else "dermoscopic"
    without, with_it = shot(scene=scene, **{knob: 0}), shot(scene=scene, **{knob: 1})
    assert (np.abs(with_it.astype(int) - without) > 30).mean() > 0.001


def test_the_view_moves_slowly_when_held() -> None:
    knobs = Knobs()
    steps = [(hand_at(number, knobs), hand_at(number + 1, knobs)) for number in range(300)]
    moves = [np.hypot(after.x - before.x, after.y - before.y) for before, after in steps]
    assert 0 < float(np.mean(moves)) < max(moves) < 2.5


def test_hunting_comes_and_goes() -> None:
    knobs = Knobs(hunting=1)
    hands = [hand_at(number, knobs) for number in range(900)]
    good = [hand.blur < 0.5 and abs(hand.shake_x) + abs(hand.shake_y) < 2 for hand in hands]
    assert 0.15 < float(np.mean(good)) < 0.6
    assert max(hand.blur for hand in hands) > 5


def test_a_knock_shakes_the_hand_and_dies_away() -> None:
    knobs = Knobs(jolt=24)
    moved = [
        float(np.hypot(hand.shake_x, hand.shake_y))
        for hand in (hand_at(40, knobs, after_s) for after_s in (0.0, 0.1, 0.3, 0.9))
    ]
    assert moved == sorted(moved, reverse=True)
    assert moved[0] == pytest.approx(24)
    assert moved[2] < 1


def test_neighbouring_frames_differ_at_least_in_noise() -> None:
    source = opened()
    first = frame_of(source).payload.copy()
    assert (frame_of(source).payload != first).mean() > 0.2
    source.close()


def test_packets_are_jpeg_of_the_full_size() -> None:
    source = opened(jpeg=1)
    raw = frame_of(source)
    source.close()
    assert raw.encoding is Encoding.JPEG
    assert cv2.imdecode(raw.payload, cv2.IMREAD_COLOR).shape == (240, 320, 3)


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (SimulatedFault.ABSENT, ErrorCode.CAMERA_ABSENT),
        (SimulatedFault.BUSY, ErrorCode.CAMERA_BUSY),
    ],
)
def test_a_missing_device_is_reported_on_opening_and_on_reading(
    fault: SimulatedFault, code: ErrorCode
) -> None:
    source = opened()
    source.set_knobs({"fault": fault})
    for step in (source.open, source.read):
        with pytest.raises(StationError) as caught:
            step()
        assert caught.value.code is code
    source.close()


@pytest.mark.parametrize(
    ("fault", "holds"),
    [
        ("black", lambda image: image.max() < 10),
        ("white", lambda image: image.min() > 245),
        ("wrong_size", lambda image: image.shape == (120, 160, 3)),
    ],
)
def test_faults_of_the_picture(fault: str, holds: Callable[[np.ndarray], bool]) -> None:
    source = opened(fault=fault)
    assert holds(frame_of(source).payload)
    source.close()


def test_flipped_colours_turn_skin_blue() -> None:
    true, flipped = opened(scene="closeup"), opened(scene="closeup", fault="colour_flip")
    blue, _, red = frame_of(true).payload[:100].mean((0, 1))
    assert red > blue
    blue, _, red = frame_of(flipped).payload[:100].mean((0, 1))
    assert blue > red
    true.close()
    flipped.close()


def test_a_new_scene_comes_while_the_old_one_still_streams(
    wait_until: Callable[[Callable[[], object]], None],
) -> None:
    source = opened(scene="closeup", ruler=0)
    corner = np.s_[:12, :12]
    assert frame_of(source).payload[corner].mean() > 60
    source.set_knobs({"scene": "dermoscopic", "ring": 1})
    wait_until(lambda: frame_of(source).payload[corner].mean() < 20)
    source.close()


@pytest.mark.parametrize("turn", [{"colour": 1}, {"focus": "much"}, {"tone": 1.1}, {"fault": "x"}])
def test_an_invalid_knob_is_refused(turn: dict[str, object]) -> None:
    with pytest.raises(StationError) as caught:
        Knobs().turned(turn)
    assert caught.value.code is ErrorCode.SETTING_INVALID


@pytest.mark.parametrize("fault", list(SimulatedFault))
def test_a_one_time_fault_is_over_after_a_restart(fault: SimulatedFault) -> None:
    after = Knobs(fault=fault).after_restart().fault
    assert after is (
        SimulatedFault.NONE if fault in {SimulatedFault.HANG, SimulatedFault.CRASH} else fault
    )
