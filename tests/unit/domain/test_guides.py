import pytest

from dermstation.domain.routes import ROUTE_GUIDES, Route
from dermstation.domain.shots import SHOT_GUIDES, STANDARD_SHOTS, ShotKind


def test_every_shot_has_its_guide() -> None:
    assert set(SHOT_GUIDES) == set(ShotKind)
    for guide in SHOT_GUIDES.values():
        assert guide.title
        assert guide.purpose.endswith(".")
        assert guide.steps
        assert all(step.endswith(".") for step in guide.steps)


def test_the_standard_shots_go_from_afar_to_contact() -> None:
    assert STANDARD_SHOTS == (ShotKind.GENERAL, ShotKind.CLOSEUP, ShotKind.DERMOSCOPIC)


def test_every_route_has_its_guide() -> None:
    assert set(ROUTE_GUIDES) == set(Route)
    assert len({guide.title for guide in ROUTE_GUIDES.values()}) == len(Route)


def test_priorities_are_codes_of_ers() -> None:
    priorities = {route: guide.ers_priority for route, guide in ROUTE_GUIDES.items()}
    assert priorities == {
        Route.ADVICE: "ROUTINE",
        Route.RADS: "URGENT",
        Route.ROUTINE: "ROUTINE",
        Route.USC: "TWO_WEEK_WAIT",
        Route.MINOR_SURGERY: None,
        Route.RECORD_ONLY: None,
    }


@pytest.mark.parametrize(
    ("shot", "words"),
    [
        (ShotKind.GENERAL, ("1 to 1.5 m", "landmark", "Plain background", "no jewellery")),
        (ShotKind.CLOSEUP, ("20 to 30 cm", "straight at the lesion", "ruler")),
        (
            ShotKind.DERMOSCOPIC,
            ("Disinfect", "gel", "Eye, lips", "no alcohol gel", "on the skin", "press lightly"),
        ),
        (ShotKind.LATERAL, ("at the height of the skin", "from the side")),
    ],
)
def test_the_prompts_give_distance_and_technique_of_the_guidance(shot, words) -> None:
    said = " ".join(SHOT_GUIDES[shot].steps)
    for part in words:
        assert part in said
