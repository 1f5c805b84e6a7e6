"""The test protocol: degrade every test picture in known ways and judge it with the shipped table.

Pictures are judged by `assess`, as everywhere in the program. Work is spread over processes.
"""

import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import cv2
import numpy as np

from calibration.cards import TINTS as LIGHTS
from calibration.cards import in_light, with_card
from calibration.composites import before_background, with_scale
from calibration.degrade import (
    STANDARD,
    Camera,
    Linear,
    Picture,
    blurred,
    darkened,
    disk,
    drawn_camera,
    drawn_wide_camera,
    linear_of,
    noise_bank,
    shake,
    taken,
    tinted,
    with_glare,
)
from calibration.pigment import TONES, pigmented
from calibration.rulers import LEAST_LONG_SIDE_PX, with_drawn_ruler
from calibration.sources import Source, read
from calibration.tone import tone_degrees
from dermstation.domain.quality import Aspect, Cause, QualityReport, Verdict
from dermstation.domain.shots import ShotKind
from dermstation.imaging.assessment import assess

STANDARD_RADII_PX = (0.0, 0.5, 1.0, 1.5, 3.0, 5.0, 8.0)
NUISANCE_RADII_PX = (0.0, 0.5, 1.0, 3.0, 3.0, 5.0, 8.0)
SMALL_RADII_PX = (0.0, 1.0, 3.0, 5.0)
SHAKE_PX = 16.0
SHAKES = 4
SCALE_RADII_PX = (0.0, 1.0, 3.0, 3.0, 5.0, 8.0)
SCALE_SHAKES_PX = (8.0, 8.0, 16.0, 16.0)
BACKGROUND_RADII_PX = (0.0, 1.0, 3.0, 3.0, 5.0, 8.0)
RULERS = 2
NOISY_RADII_PX = (0.0, 0.0, 1.0, 1.0, 3.0, 4.0, 5.0)
NOISY_SIGMAS = (0.006, 0.02)  # in linear light
TONE_RADII_PX = (0.0, 1.0, 3.0, 5.0)
_MORE_SEED, _CARD_SEED = 1, 2  # series of their own: the draws of older cases stay as they were
WELL_EXPOSED_EVS = (-1.0, -0.5, 0.5)
_SMALL_SCALE = 0.5
_TINTS = ((0.6, 0.0, -0.3), (-0.6, 0.0, 0.3))


@dataclass(frozen=True, slots=True)
class Case:
    """One degraded copy and its report. `kind` is what was done, `blur_px` the amount of blur."""

    name: str
    kind: str
    blur_px: float
    tone_degrees: float  # of the original picture
    report: QualityReport

    @property
    def score(self) -> float:
        """Return the focus score."""
        return self.report.judgement(Aspect.FOCUS).score

    def verdict(self, aspect: Aspect | None = None) -> Verdict:
        """Return the verdict on one aspect, or on the whole picture."""
        return self.report.verdict if aspect is None else self.report.judgement(aspect).verdict

    def cause(self, aspect: Aspect) -> Cause | None:
        """Return the cause found for one aspect."""
        return self.report.judgement(aspect).cause


def judge_cases(
    chosen: Sequence[Source],
    shot: ShotKind,
    backgrounds: Sequence[Source],
    *,
    seed: int,
    workers: int,
) -> list[Case]:
    """Degrade and judge all of `chosen` as shots of one kind.

    Close-ups are also placed in front of `backgrounds`.
    """
    jobs = [(source, shot, backgrounds, seed) for source in chosen]
    if workers > 1:
        with ProcessPoolExecutor(workers) as pool:
            parts = list(pool.map(_cases_of, jobs))
    else:
        parts = [_cases_of(job) for job in jobs]
    return [case for part in parts for case in part]


def judge_plain(chosen: Sequence[Source], shot: ShotKind) -> list[Case]:
    """Judge pictures without changing them."""
    return [Case(source.name, "as taken", 0, 0, assess(read(source), shot)) for source in chosen]


def _cases_of(job: tuple[Source, ShotKind, Sequence[Source], int]) -> list[Case]:
    source, shot, backgrounds, seed = job
    cv2.setNumThreads(1)
    rng = np.random.default_rng([seed, zlib.crc32(source.name.encode())])
    picture = read(source)
    tone = tone_degrees(picture)
    cases = [Case(source.name, "as taken", 0, tone, assess(picture, shot))]
    cases += [
        Case(source.name, kind, blur_px, tone, assess(made, shot))
        for kind, blur_px, made in (*_blurs(picture, rng), *_lights(linear_of(picture), rng))
    ]
    composed = (
        _beside_scale(linear_of(picture), rng)
        if shot is ShotKind.DERMOSCOPIC
        else _before_backgrounds(picture, backgrounds, rng)
    )
    more = np.random.default_rng([seed, _MORE_SEED, zlib.crc32(source.name.encode())])
    others = [*_noises(linear_of(picture), more), *_tones(linear_of(picture), more)]
    if shot is ShotKind.CLOSEUP:
        laid = np.random.default_rng([seed, _CARD_SEED, zlib.crc32(source.name.encode())])
        others += _cards(linear_of(picture), laid)
    cases += [
        Case(source.name, kind, px, tone, assess(made, shot))
        for kind, px, made in (*composed, *others)
    ]
    return cases


_Made = Iterator[tuple[str, float, Picture]]


def _blurs(picture: Picture, rng: np.random.Generator) -> _Made:
    linear = linear_of(picture)
    for radius in sorted({*STANDARD_RADII_PX, *NUISANCE_RADII_PX}):
        soft = _soft(linear, radius)
        if radius in STANDARD_RADII_PX:
            yield "standard", radius, taken(soft, STANDARD, rng)
        for _ in range(NUISANCE_RADII_PX.count(radius)):
            yield "nuisance", radius, taken(soft, drawn_camera(rng), rng)
    for number in range(SHAKES):
        camera = drawn_camera(rng) if number % 2 else STANDARD
        angle = float(rng.uniform(0, np.pi))
        yield "shake", SHAKE_PX, taken(blurred(linear, shake(SHAKE_PX, angle)), camera, rng)
    half = cv2.resize(picture, None, fx=_SMALL_SCALE, fy=_SMALL_SCALE, interpolation=cv2.INTER_AREA)
    linear = linear_of(np.asarray(half, np.uint8))
    for radius in SMALL_RADII_PX:
        yield "small", radius, taken(_soft(linear, radius), drawn_camera(rng), rng)


def _noises(linear: Linear, rng: np.random.Generator) -> _Made:
    """Yield copies under the widened nuisances, and under strong noise alone."""
    for radius in NUISANCE_RADII_PX:
        camera = drawn_wide_camera(rng)
        yield "widened", radius, taken(_soft(linear, radius), camera, rng, noise_bank())
    for radius in NOISY_RADII_PX:
        camera = drawn_wide_camera(rng, NOISY_SIGMAS)
        yield "noisy", radius, taken(_soft(linear, radius), camera, rng, noise_bank())


def _tones(linear: Linear, rng: np.random.Generator) -> _Made:
    """Yield copies with darker skin: in good light as it is, and with the protocol's nuisances."""
    for tone in TONES:
        dark = pigmented(linear, tone)
        yield f"tone {tone.name}, well lit", 0, taken(dark, STANDARD, rng, noise_bank())
        for radius in TONE_RADII_PX:
            camera = drawn_camera(rng)
            yield f"tone {tone.name}", radius, taken(_soft(dark, radius), camera, rng, noise_bank())


def _cards(linear: Linear, rng: np.random.Generator) -> _Made:
    """Yield copies with a white card, in white light and in tinted light."""
    for name in LIGHTS:
        made = in_light(with_card(linear, rng), name)
        yield f"card, {name}", 0, taken(made, drawn_camera(rng), rng, noise_bank())


def _soft(linear: Linear, radius_px: float) -> Linear:
    return blurred(linear, disk(radius_px)) if radius_px else linear


def _lights(linear: Linear, rng: np.random.Generator) -> _Made:
    yield "under", 0, taken(linear, Camera(ev=-3.0), rng)
    yield "over", 0, taken(linear, Camera(ev=2.5), rng)
    for ev in WELL_EXPOSED_EVS:
        yield "well exposed", 0, taken(linear, Camera(ev=ev), rng)
    dark = darkened(linear)
    yield "darkened", 0, taken(dark, STANDARD, rng)
    yield "darkened", 0, taken(dark, Camera(noise_dn=3.0, jpeg_quality=75), rng)
    yield "darkened blurred", 3, taken(blurred(dark, disk(3)), STANDARD, rng)
    yield "glare", 0, taken(with_glare(linear, 0.015, rng), STANDARD, rng)
    for stops in _TINTS:
        yield "tint", 0, taken(tinted(linear, stops), STANDARD, rng)


def _beside_scale(linear: Linear, rng: np.random.Generator) -> _Made:
    """Yield copies in which only the skin is degraded, not the dermatoscope's own scale."""
    for radius in SCALE_RADII_PX:
        soft = with_scale(_soft(linear, radius), rng)
        yield "scale", radius, taken(soft, drawn_camera(rng), rng)
    for length in SCALE_SHAKES_PX:
        shaken = blurred(linear, shake(length, float(rng.uniform(0, np.pi))))
        yield "scale shake", length, taken(with_scale(shaken, rng), drawn_camera(rng), rng)


def _before_backgrounds(
    picture: Picture, backgrounds: Sequence[Source], rng: np.random.Generator
) -> _Made:
    """Yield copies with degraded skin in front of a sharp background, and copies with a ruler."""
    linear = linear_of(picture)
    for radius in BACKGROUND_RADII_PX:
        behind = linear_of(read(backgrounds[int(rng.integers(len(backgrounds)))]))
        composed = before_background(_soft(linear, radius), behind, radius, rng)
        yield "background", radius, taken(composed, drawn_camera(rng), rng)
    if max(picture.shape) >= LEAST_LONG_SIDE_PX:
        for _ in range(RULERS):
            yield "ruler", 0, with_drawn_ruler(picture, rng)
