"""The text of an Advice & Guidance message, which the specialist reads with the attachments.

It does not name the patient: e-RS knows who it is, and the text goes through the clipboard.
Pure functions.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from dermstation.domain.consents import Answer
from dermstation.domain.quality import Verdict
from dermstation.domain.records import Capture, Episode, Lesion
from dermstation.domain.shots import ShotKind
from dermstation.handover.contents import left_out_words
from dermstation.handover.plan import picture_words
from dermstation.handover.told import told_words

NOTHING_LEFT_OUT: Mapping[str, Mapping[ShotKind, str]] = MappingProxyType({})


def message_text(
    episode: Episode,
    lesions: Sequence[tuple[Lesion, Sequence[Capture]]],
    files: Sequence[str],
    told: Answer = Answer.NOT_ASKED,
    *,
    left_out: Mapping[str, Mapping[ShotKind, str]] = NOTHING_LEFT_OUT,
) -> str:
    """Return the message: the question, each lesion's history and pictures, what the patient knows.

    `left_out` maps lesion ids to the pictures that are left out, each with its reason.
    """
    parts = [episode.question.strip() or "No question recorded."]
    has_pictures = any(captures for _, captures in lesions)
    for lesion, captures in lesions:
        lines = [
            f"{lesion.label}: {lesion.told_site}",
            *([f"{words}."] if (words := lesion.facts.opinion.words) else []),
            lesion.history_words or "No history recorded.",
        ]
        if has_pictures or lesion.facts.safeguards.without_pictures:
            lines.append(f"Pictures: {_pictures(lesion, captures)}.")
        if left_out.get(lesion.id):
            lines.append(f"Left out: {left_out_words(left_out[lesion.id])}.")
        parts.append("\n".join(lines))
    consent = episode.consent
    if not has_pictures:
        reason = consent.no_pictures_because if consent else ""
        parts.append(f"No pictures. {reason}".strip())
    if words := told_words(episode.route, told):
        parts.append(words)
    if files:
        parts.append("Attached: " + ", ".join(files) + ".")
    return "\n\n".join(parts)


def _pictures(lesion: Lesion, captures: Sequence[Capture]) -> str:
    """List the pictures; "none" is written too, so that nobody looks for missing ones."""
    if captures:
        return "; ".join(map(_picture, captures))
    withheld = lesion.facts.safeguards.without_pictures
    return "none; they could identify the patient" if withheld else "none"


def _picture(capture: Capture) -> str:
    title = picture_words(capture)
    if capture.report.verdict is not Verdict.POOR:
        return title
    return f"{title} (poor quality; {capture.override_reason or 'no reason written'})"
