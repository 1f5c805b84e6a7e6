"""Words for lines of the settings file that have no effect: for the window and for IT."""

from collections.abc import Sequence

from dermstation.domain.setting_lines import LineFault, SettingFault
from dermstation.machine_policy import Policy, PolicyFault
from dermstation.workflow.messages import Message

_MOST_NAMED = 5
_WORDS = {
    LineFault.FORM: "is not in the form name = value",
    LineFault.VALUE: "has a value that the station cannot use",
    LineFault.UNKNOWN: "is no setting of this version",
    LineFault.TWICE: "is there twice, with another value",
}
_POLICY_WORDS = {
    PolicyFault.UNREADABLE: "The policy of this PC cannot be read",
    PolicyFault.OPEN: "The policy of this PC can be changed by others than its administrator",
    PolicyFault.FORM: "a line is not in the form name = value",
    PolicyFault.VALUE: "has a value that the station cannot use",
    PolicyFault.TWICE: "is there twice",
    PolicyFault.UNKNOWN: "is no setting of this version",
}
_STRICTEST = "Settings that protect patients have their strictest value instead."


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


def policy_words(policy: Policy) -> str:
    """Return what is wrong with the policy of the PC; empty if nothing is."""
    if not policy.faults:
        return ""
    whole = {PolicyFault.UNREADABLE, PolicyFault.OPEN}
    lines = []
    for fault, name in policy.faults[:_MOST_NAMED]:
        lines.append(f"{name} {_POLICY_WORDS[fault]}" if name else _POLICY_WORDS[fault])
    left = len(policy.faults) - len(lines)
    more = f"; and {left} more" if left else ""
    subject = "" if policy.faults[0][0] in whole else "In the policy of this PC, "
    return f"{subject}{'; '.join(lines)}{more}. {_STRICTEST}"


def policy_message(policy: Policy) -> Message | None:
    """Return the notice for whoever starts the station, or None."""
    if not any(fault is not PolicyFault.UNKNOWN for fault, _ in policy.faults):
        return None
    return Message(
        "The rules that the practice\u2019s IT has set for this PC cannot be read.",
        "Until they can, the strictest ones apply: for review, the lock, the place of packages and"
        " e-mail drafts.",
        "Tell IT.",
    )


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
