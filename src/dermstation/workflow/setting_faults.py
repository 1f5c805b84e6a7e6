"""Words for lines of the settings file that have no effect: for the window and for IT."""

from collections.abc import Sequence

from dermstation.domain.setting_lines import LineFault, SettingFault
from dermstation.workflow.messages import Message

_MOST_NAMED = 5
_WORDS = {
    LineFault.FORM: "is not in the form name = value",
    LineFault.VALUE: "has a value that the station cannot use",
    LineFault.UNKNOWN: "is no setting of this version",
    LineFault.TWICE: "is there twice, with another value",
}


def fault_words(faults: Sequence[SettingFault]) -> str:
    """Return which lines have no effect, and why; empty if all have one."""
    if not faults:
        return ""
    if faults[0].fault is LineFault.UNREADABLE:
        return "The settings file cannot be read: every setting has its default."
    lines = []
    for one in faults[:_MOST_NAMED]:
        name = f" ({one.setting})" if one.setting else ""
        lines.append(f"line {one.line}{name} {_WORDS[one.fault]}")
    more = f"; and {len(faults) - _MOST_NAMED} more" if len(faults) > _MOST_NAMED else ""
    return f"In the settings file, {'; '.join(lines)}{more}. The default holds instead."


def fault_message(faults: Sequence[SettingFault]) -> Message | None:
    """Return the notice for whoever starts the station, or None."""
    if not faults:
        return None
    if faults[0].fault is LineFault.UNREADABLE:
        what = "The settings of this station cannot be read."
    else:
        numbers = ", ".join(str(one.line) for one in faults[:_MOST_NAMED])
        dots = " ..." if len(faults) > _MOST_NAMED else ""
        what = f"Some settings have no effect: see lines {numbers}{dots} of the settings file."
    return Message(what, "The station works with its defaults.", "Tell IT.")
