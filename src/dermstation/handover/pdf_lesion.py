"""One lesion of the referral summary: its pictures, its lines, and where on the body it is."""

from dataclasses import asdict
from typing import Any

from dermstation.domain.lesion_facts import Note, safeguard_words
from dermstation.domain.opinion import NO_OPINION
from dermstation.domain.shots import SHOT_GUIDES, STANDARD_SHOTS, ShotKind
from dermstation.handover.body_figure import body_figure
from dermstation.handover.contents import LesionContents, left_out_words
from dermstation.handover.lesion_lines import answer_lines, background, lesion_line, not_asked
from dermstation.handover.pdf_pictures import SummaryPictures

SOURCE = "G-care: RADS; DermNet and Sheffield: minimum data sets"
# the consultant looks for these with every lesion
_LOOKED_FOR = {Note.SIZE_MM: "size in mm", Note.ELEVATION: "flat or raised"}


class SummaryLesion:
    """A lesion as the template takes it: its words, and its drawing by file name."""

    def __init__(self, one: LesionContents, pictures: SummaryPictures) -> None:
        """Gather the lesion's words and pictures."""
        lesion, history = one.lesion, one.lesion.facts.history
        figure = body_figure(lesion)
        name = f"body-{lesion.label}.svg"
        self.drawings = {name: figure.svg} if figure is not None else {}
        self.words: dict[str, Any] = {
            "heading": f"{lesion.label} \u00b7 {lesion.told_site}",
            "rows": pictures.rows(lesion.id),
            "facts": lesion_line(history),
            "alerts": _alerts(one),
            "lines": [asdict(line) for line in answer_lines(history)],
            "background": background(history),
            "story": lesion.history.strip() or ("" if _is_asked(one) else "No history recorded."),
            "unasked": _unasked(one),
            "figure": None
            if figure is None
            else {
                "file": name,
                "left": figure.left,
                "right": figure.right,
                "below": figure.below,
                "alt": figure.alt,
            },
        }


def _is_asked(one: LesionContents) -> bool:
    history = one.lesion.facts.history
    return bool(history.answers or history.notes or history.points is not None)


def _alerts(one: LesionContents) -> list[str]:
    """List what must not be overlooked: pictures that are missing, and why; safeguards."""
    words = [f"Left out: {left_out_words(one.left_out)}."] if one.left_out else []
    gap = one.lesion.facts.no_dermoscopy
    if gap is not None and _lacks_dermoscopy(one):
        words.append(f"No dermoscopic picture: {gap.words}.")
    safeguards = safeguard_words(one.lesion.facts.safeguards)
    return [*words, safeguards] if safeguards else words


def _unasked(one: LesionContents) -> str:
    """Say in one line what the pictures score, and what a reader may look for but will not find."""
    count, unknown = not_asked(one.lesion.facts.history), _unknowns(one)
    words = [one.score.printed] if one.score is not None else []
    words += [f"Not asked: {count}."] if count else []
    words += [f"Not recorded: {', '.join(unknown)}."] if unknown else []
    return " ".join(words)


def _unknowns(one: LesionContents) -> list[str]:
    unknown = []
    notes = one.lesion.facts.history.notes
    if one.lesion.facts.opinion == NO_OPINION:
        unknown.append("working diagnosis")
    unknown += [words for note, words in _LOOKED_FOR.items() if note not in notes]
    shots = _shots(one)
    if one.captures:
        unknown += [
            f"{SHOT_GUIDES[shot].title.lower()} picture"
            for shot in STANDARD_SHOTS
            if shot not in shots
            and not (shot is ShotKind.DERMOSCOPIC and one.lesion.facts.no_dermoscopy is not None)
        ]
    return unknown


def _lacks_dermoscopy(one: LesionContents) -> bool:
    shots = _shots(one)
    return bool(shots) and ShotKind.DERMOSCOPIC not in shots


def _shots(one: LesionContents) -> set[ShotKind]:
    return {held.capture.shot for held in one.captures} | set(one.left_out)
