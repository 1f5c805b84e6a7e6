"""The table of the capture page's keys: what each key does, on which stage, in which words.

The page, its tool tips, the list of keys beside the picture, `docs/keys.md` and the printed card
all read it. Keys are named as in Qt (`Qt.Key`) without "Key_"; nothing here needs Qt.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """A stage of the capture page."""

    AIMING = "aiming"
    HOLDING = "holding"
    REVIEWING = "reviewing"
    TAKEN = "taken"  # a picture that was taken before is shown large
    SAVING = "saving"
    HOW_TO = "how_to"  # live, with the steps of the shot beside it
    KEYS = "keys"  # a key for the shutter is being chosen
    RULER = "ruler"  # live, to take a picture of a ruler
    MARKS = "marks"  # on the picture of a ruler


class Tool(StrEnum):
    """One tool beside the picture; it changes what is on the screen, never a stored capture."""

    GRID = "grid"
    SHARP = "sharp"
    LENS = "lens"
    ZOOM = "zoom"
    EARLIER = "earlier"
    TROUBLE = "trouble"
    RULER = "ruler"
    HOW = "how"
    MORE = "more"


class Act(StrEnum):
    """An action of a key other than pressing a tool."""

    TAKE = "take"
    CONFIRM = "confirm"
    RETAKE = "retake"
    REPLACE = "replace"
    HANDS_FREE = "hands_free"
    LIGHT = "light"
    MOVE = "move"
    MEASURE = "measure"
    FIRST_MARK = "first_mark"
    SECOND_MARK = "second_mark"
    NEW_PICTURE = "new_picture"
    CHOOSE_KEY = "choose_key"
    LEAVE = "leave"


# The other two stages end by themselves, so nobody needs to read which keys work there.
_STAGE_WORDS = {
    Stage.AIMING: "aiming",
    Stage.HOW_TO: "steps",
    Stage.REVIEWING: "held picture",
    Stage.TAKEN: "taken picture",
    Stage.RULER: "ruler",
    Stage.MARKS: "marks",
    Stage.KEYS: "key choice",
}
WHEN = (
    ("aiming", "before a picture is taken"),
    ("steps", "while the steps (F1) are shown beside the live picture"),
    ("held picture", "while you decide whether to use the picture"),
    ("taken picture", "while a picture taken before is shown large"),
    ("ruler", "before the picture of the ruler is taken, to measure the scale"),
    ("marks", "on the picture of the ruler"),
    ("key choice", "while you choose the key that takes the picture"),
)
_KEY_WORDS = {
    **dict.fromkeys(("Left", "Right", "Up", "Down"), "Arrows"),
    "Return": "Enter",
    "Escape": "Esc",
    "PageUp": "Page up",
    "PageDown": "Page down",
    "ScrollLock": "Scroll lock",
    "VolumeUp": "Volume up",
    "VolumeDown": "Volume down",
    "MediaPlay": "Play",
    "MediaNext": "Next track",
    "MediaPrevious": "Previous track",
    "WebCam": "Camera",
}


def key_words(name: str) -> str:
    """Return the name of a key as printed on keyboards."""
    return _KEY_WORDS.get(name, name)


@dataclass(frozen=True, slots=True)
class KeyRow:
    """One row of the table: each of `keys` does the same, on each of `stages`."""

    act: Tool | Act
    keys: tuple[str, ...]
    stages: frozenset[Stage]
    word: str
    about: str

    @property
    def key(self) -> str:
        """Return the first key, named as on keyboards."""
        return key_words(self.keys[0])

    @property
    def all_keys(self) -> str:
        """Return every key, named as on keyboards: "R, Esc"."""
        return ", ".join(dict.fromkeys(key_words(name) for name in self.keys))

    @property
    def tip(self) -> str:
        """Return the tool tip: what the key does, and the key."""
        return f"{self.about}  ({self.all_keys})"

    @property
    def when(self) -> str:
        """Return in words on which stages the key works."""
        words = [words for stage, words in _STAGE_WORDS.items() if stage in self.stages]
        return "always" if len(words) == len(_STAGE_WORDS) else ", ".join(words)


def _row(act: Tool | Act, keys: str, stages: Iterable[Stage], word: str, about: str) -> KeyRow:
    return KeyRow(act, tuple(keys.split()), frozenset(stages), word, about)


_LIVE = (Stage.AIMING, Stage.HOW_TO)
_SHUTTER = (*_LIVE, Stage.RULER)
_LOOK = (*_SHUTTER, Stage.REVIEWING)
_CLOSER = (*_LOOK, Stage.TAKEN, Stage.MARKS)
_LEFT = (Stage.HOW_TO, Stage.TAKEN, Stage.KEYS, Stage.RULER, Stage.MARKS)
_MOVING = frozenset(Stage) - {Stage.KEYS}

# In reading order.
KEY_TABLE = (
    _row(
        *(Act.TAKE, "Space Camera WebCam", (*_SHUTTER, Stage.REVIEWING), "Take picture"),
        "Take the picture, then use it if it is good; so does the key or footswitch chosen with K",
    ),
    _row(
        *(Act.CONFIRM, "Return Enter", Stage, "Confirm"),
        "Press the highlighted button; if there is none, the one at the bottom right",
    ),
    _row(
        *(Act.RETAKE, "R Escape", (Stage.REVIEWING,), "Retake"),
        "Take the picture again",
    ),
    _row(
        *(Act.REPLACE, "R", (Stage.TAKEN,), "Retake"),
        "Take this shot again; the new picture replaces it in the package",
    ),
    _row(
        *(Act.HANDS_FREE, "H", (Stage.AIMING,), "Hands-free"),
        "Takes the picture by itself once it is steady and good",
    ),
    _row(
        *(Act.LIGHT, "P", (Stage.AIMING,), "Light"),
        "Light of the dermatoscope: polarised, non-polarised or not known",
    ),
    _row(Tool.GRID, "G", _LOOK, "Grid", "Lines at each third of the picture"),
    _row(Tool.SHARP, "S", _LOOK, "Sharp", "Edges that are sharp now, in green"),
    _row(Tool.LENS, "L", _CLOSER, "Lens", "A part at full size; arrow keys move it"),
    _row(Tool.ZOOM, "Z", _CLOSER, "Zoom", "The picture at full size; arrow keys move it"),
    _row(
        *(Act.MOVE, "Left Right Up Down", _MOVING, "Move"),
        "Move the lens, the enlarged picture or the mark; Shift moves the lens or mark further",
    ),
    _row(
        *(Tool.EARLIER, "E", _SHUTTER, "Earlier"),
        "The earlier picture of this shot, overlaid at 30, 50 or 70 %",
    ),
    _row(Tool.TROUBLE, "T", _LOOK, "Trouble", "Areas that are not sharp or too bright"),
    _row(Tool.RULER, "M", _LOOK, "Ruler", "Millimetres, if the scale is known"),
    _row(Tool.HOW, "F1", _LIVE, "How", "How to take this shot, step by step"),
    _row(Tool.MORE, "O", _SHUTTER, "More", "Scale, shutter key and sounds"),
    _row(
        *(Act.MEASURE, "C", (Stage.AIMING,), "Measure the scale"),
        "Measure the scale, once for each camera and picture size",
    ),
    _row(Act.FIRST_MARK, "1", (Stage.MARKS,), "Mark 1", "Choose mark 1; the arrow keys move it"),
    _row(Act.SECOND_MARK, "2", (Stage.MARKS,), "Mark 2", "Choose mark 2; the arrow keys move it"),
    _row(
        *(Act.NEW_PICTURE, "N", (Stage.MARKS,), "New picture"),
        "Take another picture of the ruler; the lengths measured so far are kept",
    ),
    _row(
        *(Act.CHOOSE_KEY, "K", (Stage.AIMING,), "Shutter key and sounds"),
        "Choose another key or a footswitch for the shutter, and sounds",
    ),
    _row(Act.LEAVE, "Escape", _LEFT, "Cancel", "Go back to the live picture"),
)
_ROWS = {row.act: row for row in KEY_TABLE}
_AT = {(stage, key): row for row in KEY_TABLE for stage in row.stages for key in row.keys}


def row_of(act: Tool | Act) -> KeyRow:
    """Return the row of a tool or act."""
    return _ROWS[act]


def row_at(stage: Stage, key: str) -> KeyRow | None:
    """Return the row of a key on a stage, by its name in Qt, or None if it does nothing there."""
    return _AT.get((stage, key))
