"""The how-to topics, read from TOML, and the practice's own links. Pure: it opens no file.

A topic has a few short steps with a drawing each, a source, and for some shots a tip of one
sentence. A practice may add links to films or pages, which the PC's own programs open.
"""

import tomllib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any
from urllib.parse import urlsplit

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.shots import ShotKind

TITLE_MAX_CHARS = 32  # as wide as the column beside the picture
POLICY_TITLE = "Our policy on pictures"
LINKS_APART, PARTS_APART = ";;", "|"
# Only types that players and viewers open: a link must never start a program.
FILE_TYPES = (".mp4", ".m4v", ".mov", ".webm", ".avi", ".wmv", ".mkv", ".pdf", ".png", ".jpg")


@dataclass(frozen=True, slots=True)
class HowToStep:
    """One step: what to do, a drawing, and a description of the drawing.

    Beside the live picture it is shown for its `shots` alone, if it names any, and only once the
    shot `after` was taken at this visit.
    """

    drawing: str
    words: str
    shows: str
    shots: tuple[ShotKind, ...] = ()
    after: ShotKind | None = None

    def fits(self, shot: ShotKind, done: Collection[ShotKind]) -> bool:
        """Return whether the step is one for a shot, after what was done before it."""
        is_of_shot = not self.shots or shot in self.shots
        return is_of_shot and (self.after is None or self.after in done)


@dataclass(frozen=True, slots=True)
class Tip:
    """One sentence for a shot, with a drawing."""

    shot: ShotKind
    drawing: str
    words: str


@dataclass(frozen=True, slots=True)
class Topic:
    """One how-to: its steps, its shots, and its source."""

    id: str
    title: str
    about: str
    shots: tuple[ShotKind, ...]
    steps: tuple[HowToStep, ...]
    tips: tuple[Tip, ...]
    source: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class HowTo:
    """All topics, in the order in which they are offered."""

    topics: tuple[Topic, ...]

    def of_shot(self, shot: ShotKind, done: Collection[ShotKind] = ()) -> tuple[Topic, ...]:
        """List the topics of a shot, the one about the shot itself first, with the steps that fit.

        `done` are the shots that were taken before at this visit.
        """
        belonging = [
            replace(topic, steps=tuple(one for one in topic.steps if one.fits(shot, done)))
            for topic in self.topics
            if shot in topic.shots
        ]
        return tuple(sorted(belonging, key=lambda topic: not _has_tip(topic, shot)))

    def tip(self, shot: ShotKind) -> Tip | None:
        """Return the tip for a shot, or None if there is none."""
        return next((tip for topic in self.topics for tip in topic.tips if tip.shot is shot), None)


class LinkKind(StrEnum):
    """The kind of target of a practice's own link."""

    FILE = "file"
    WEB = "web"


@dataclass(frozen=True, slots=True)
class OwnLink:
    """A film or page of the practice: its title, and its path or address as in the setting."""

    title: str
    target: str
    kind: LinkKind


def read_how_to(texts: Iterable[str]) -> HowTo:
    """Read topics, one TOML text each. Raises ValueError for a text that is not a topic."""
    try:
        return HowTo(tuple(_topic(tomllib.loads(text)) for text in texts))
    except RecursionError as error:
        raise ValueError("not a how-to topic") from error


def read_links(setting: str) -> tuple[OwnLink, ...]:
    """Read the practice's own links: "Title|target", separated by ";;".

    A target is an https address, or the full path of a film, picture or PDF on this PC or on a
    drive with a letter.
    Raises StationError HOW_TO_LINK_INVALID (`place`, from 1; `fault`).
    """
    entries = [one.strip() for one in setting.split(LINKS_APART)]
    named = enumerate(filter(None, entries), start=1)
    return tuple(read_link(entry, place) for place, entry in named)


def read_link(entry: str, place: int = 1) -> OwnLink:
    """Read one "Title|target". Raises StationError HOW_TO_LINK_INVALID (`place`, `fault`)."""
    title, apart, target = (part.strip() for part in entry.partition(PARTS_APART))
    if not (title and apart and target) or not entry.isprintable():
        raise StationError(ErrorCode.HOW_TO_LINK_INVALID, place=place, fault="form")
    if len(title) > TITLE_MAX_CHARS:
        raise StationError(ErrorCode.HOW_TO_LINK_INVALID, place=place, fault="title")
    if "://" in target:
        return OwnLink(title, _checked_address(target, place), LinkKind.WEB)
    path = PureWindowsPath(target)  # knows the forms of Windows, and "/" too
    if not (path.is_absolute() or PurePosixPath(target).is_absolute()):
        raise StationError(ErrorCode.HOW_TO_LINK_INVALID, place=place, fault="path")
    if path.drive.startswith("\\\\"):  # Windows would sign in there with the operator's account
        raise StationError(ErrorCode.HOW_TO_LINK_INVALID, place=place, fault="share")
    if path.suffix.lower() not in FILE_TYPES:
        raise StationError(ErrorCode.HOW_TO_LINK_INVALID, place=place, fault="type")
    return OwnLink(title, target, LinkKind.FILE)


def _checked_address(target: str, place: int) -> str:
    try:
        parts = urlsplit(target)
        is_right = (
            parts.scheme == "https"
            and bool(parts.hostname)
            and parts.username is None
            and not any(one.isspace() for one in target)
        )
    except ValueError:
        is_right = False
    if not is_right:
        raise StationError(ErrorCode.HOW_TO_LINK_INVALID, place=place, fault="address")
    return target


def read_policy(setting: str) -> OwnLink | None:
    """Read where the practice's own policy on pictures is; None if the setting is empty.

    Raises StationError PICTURE_POLICY_INVALID (`fault`).
    """
    if not setting.strip():
        return None
    try:
        return read_link(f"{POLICY_TITLE}{PARTS_APART}{setting}")
    except StationError as trouble:
        fault = trouble.facts["fault"]
        raise StationError(ErrorCode.PICTURE_POLICY_INVALID, fault=fault) from None


def _topic(data: dict[str, Any]) -> Topic:
    try:
        return Topic(
            id=data["id"],
            title=data["title"],
            about=data["about"],
            shots=tuple(ShotKind(shot) for shot in data["shots"]),
            steps=tuple(map(_step, data["step"])),
            tips=tuple(
                Tip(ShotKind(tip["shot"]), tip["drawing"], tip["words"])
                for tip in data.get("tip", ())
            ),
            source=data["source"],
            note=data.get("note", ""),
        )
    except (KeyError, TypeError) as error:
        raise ValueError("not a how-to topic") from error


def _step(data: dict[str, Any]) -> HowToStep:
    after = data.get("after")
    return HowToStep(
        drawing=data["drawing"],
        words=data["words"],
        shows=data["shows"],
        shots=tuple(ShotKind(shot) for shot in data.get("shots", ())),
        after=ShotKind(after) if after is not None else None,
    )


def _has_tip(topic: Topic, shot: ShotKind) -> bool:
    return any(tip.shot is shot for tip in topic.tips)
