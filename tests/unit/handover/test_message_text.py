import dataclasses

import pytest

from dermstation.domain.consents import Answer
from dermstation.domain.lesion_facts import LesionFacts, Safeguards
from dermstation.domain.routes import Route
from dermstation.domain.text_limits import MESSAGE_MAX_CHARS
from dermstation.handover.contents import LesionContents
from dermstation.handover.message_text import message_text


def text_of(contents, files=()) -> str:
    lesions = [(one.lesion, [held.capture for held in one.captures]) for one in contents.lesions]
    return message_text(contents.episode, lesions, files)


def test_it_begins_with_the_question_and_does_not_name_the_patient(made) -> None:
    text = text_of(made["standard"](), ["referral-summary.pdf", "L1-closeup.jpg"])
    assert text.startswith("Is excision needed?")
    for told in (
        "L1: Forearm, back (left)",
        "Changed over three months. No itch.",
        "close-up (poor quality; Tremor of the arm)",
        "Attached: referral-summary.pdf, L1-closeup.jpg.",
    ):
        assert told in text
    for identity in ("Patient-One", "PATIENT", "999", "1958"):
        assert identity not in text
    assert len(text) < MESSAGE_MAX_CHARS


def test_missing_text_is_mentioned(made) -> None:
    contents = made["contents_of"](LesionContents(made["lesion_of"](history=""), ()), question="")
    text = text_of(contents)
    assert "No question recorded." in text
    assert "No history recorded." in text
    assert "No pictures." in text
    consent = dataclasses.replace(contents.episode.consent, no_pictures_because="A face.")
    episode = dataclasses.replace(contents.episode, consent=consent)
    assert "No pictures. A face." in text_of(dataclasses.replace(contents, episode=episode))


def test_a_lesion_without_pictures_beside_one_with_pictures_is_mentioned(made) -> None:
    contents = made["standard"]()
    bare = made["lesion_of"](2)
    face = dataclasses.replace(
        made["lesion_of"](3), facts=LesionFacts(safeguards=Safeguards(without_pictures=True))
    )
    lesions = (*contents.lesions, LesionContents(bare, ()), LesionContents(face, ()))
    _, first, second, third, _told = text_of(dataclasses.replace(contents, lesions=lesions)).split(
        "\n\n"
    )
    assert "Pictures: general; close-up" in first
    assert second.endswith("Pictures: none.")
    assert third.endswith("Pictures: none; they could identify the patient.")


@pytest.mark.parametrize(
    ("route", "words"),
    [
        (Route.RADS, "Patient told it may become a suspected-cancer referral? Yes."),
        (Route.USC, "Patient told this is a suspected-cancer referral? Yes."),
        (Route.ADVICE, ""),
    ],
)
def test_what_the_patient_was_told_is_written_if_the_route_needs_it(made, route, words) -> None:
    contents = made["standard"]()
    episode = dataclasses.replace(contents.episode, route=route)
    lesions = [(one.lesion, []) for one in contents.lesions]
    text = message_text(episode, lesions, [], Answer.YES)
    assert ("Patient told" in text) is bool(words)
    assert words in text
