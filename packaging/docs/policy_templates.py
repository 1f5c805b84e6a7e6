"""Write the templates for Group Policy and the example of a Linux policy from the table: make docs.

The form of ADMX and ADML is Microsoft's "Group Policy ADMX syntax reference guide"
(learn.microsoft.com/windows-server/identity/ad-ds/manage/group-policy/admx-syntax).
"""

from pathlib import Path
from xml.etree import ElementTree as ET

from dermstation.domain.setting import NONE, Kind, Setting
from dermstation.machine_policy import POLICY_FILE, POLICY_KEY
from dermstation.settings import SETTINGS, Group

PACKAGING = Path(__file__).resolve().parents[1]
FOLDER = PACKAGING / "windows" / "policy"
TEMPLATE = FOLDER / "dermstation.admx"
WORDS = FOLDER / "en-GB" / "dermstation.adml"
EXAMPLE = PACKAGING / "linux" / "policy.toml.example"

NAMESPACE = "http://schemas.microsoft.com/GroupPolicy/2006/07/PolicyDefinitions"
OURS = "Dermstation.Policies"
_VERSIONS = {"revision": "1.0", "schemaVersion": "1.0"}
_ROOT_CATEGORY = "Dermstation"
_SUPPORTED = "SupportedByStation"
_MOST_LETTERS = "1023"  # the default of a text box; the station checks the text itself
_EXAMPLE_HEAD = f"""\
# Settings that IT fixes for everybody who uses this PC. Copy this file to {POLICY_FILE.as_posix()},
# which must belong to root and be writable by root alone, and take the # away from the lines that
# are to hold. Each line here shows a default. `dermstation policy show` prints what is in force.
"""


def documents() -> dict[Path, str]:
    """Return the text of each file that is made from the table."""
    words: dict[str, str] = {}
    presentations: list[ET.Element] = []
    template = _template(words, presentations)
    return {
        TEMPLATE: _text(template),
        WORDS: _text(_resources(words, presentations)),
        EXAMPLE: _example(),
    }


def _template(words: dict[str, str], presentations: list[ET.Element]) -> ET.Element:
    """Return the ADMX; note the texts and the forms that it refers to."""
    root = ET.Element("policyDefinitions", {"xmlns": NAMESPACE, **_VERSIONS})
    names = ET.SubElement(root, "policyNamespaces")
    ET.SubElement(names, "target", prefix="dermstation", namespace=OURS)
    ET.SubElement(root, "resources", minRequiredRevision="1.0")
    definitions = ET.SubElement(ET.SubElement(root, "supportedOn"), "definitions")
    words[_SUPPORTED] = "dermstation 0.1 or later"
    ET.SubElement(definitions, "definition", name=_SUPPORTED, displayName=_string(_SUPPORTED))
    categories = ET.SubElement(root, "categories")
    words[_ROOT_CATEGORY] = "dermstation"
    ET.SubElement(categories, "category", name=_ROOT_CATEGORY, displayName=_string(_ROOT_CATEGORY))
    for group in Group:
        words[_of(group)] = str(group)
        made = ET.SubElement(
            categories, "category", name=_of(group), displayName=_string(_of(group))
        )
        ET.SubElement(made, "parentCategory", ref=_ROOT_CATEGORY)
    policies = ET.SubElement(root, "policies")
    for row in SETTINGS.values():
        policies.append(_policy(row, words))
        if row.kind is not Kind.TICK:
            presentations.append(_presentation(row))
    return root


def _policy(row: Setting, words: dict[str, str]) -> ET.Element:
    words[row.name] = row.title
    words[f"{row.name}_help"] = _help(row)
    facts = {
        "name": row.name,
        "class": "Machine",
        "displayName": _string(row.name),
        "explainText": _string(f"{row.name}_help"),
        "key": POLICY_KEY,
    }
    if row.kind is Kind.TICK:
        facts["valueName"] = row.name
    else:
        facts["presentation"] = f"$(presentation.{row.name})"
    made = ET.Element("policy", facts)
    ET.SubElement(made, "parentCategory", ref=_of(Group(row.group)))
    ET.SubElement(made, "supportedOn", ref=_SUPPORTED)
    if row.kind is Kind.TICK:
        for name, number in (("enabledValue", "1"), ("disabledValue", "0")):
            ET.SubElement(ET.SubElement(made, name), "decimal", value=number)
        return made
    elements = ET.SubElement(made, "elements")
    facts = {"id": row.name, "valueName": row.name}
    match row.kind:
        case Kind.NUMBER:
            least, most = map(str, row.bounds)
            ET.SubElement(elements, "decimal", facts, minValue=least, maxValue=most)
        case Kind.CHOICE:
            _choices(ET.SubElement(elements, "enum", facts, required="true"), row, words)
        case _:
            ET.SubElement(elements, "text", facts, maxLength=_MOST_LETTERS)
    return made


def _choices(element: ET.Element, row: Setting, words: dict[str, str]) -> None:
    for place, (value, title) in enumerate(row.choices.items()):
        name = f"{row.name}_{place}"
        words[name] = title
        item = ET.SubElement(element, "item", displayName=_string(name))
        ET.SubElement(ET.SubElement(item, "value"), "string").text = value


def _help(row: Setting) -> str:
    """Return what an administrator of Group Policy reads beside the setting."""
    allowed = {
        Kind.TICK: "Enabled: yes. Disabled: no.",
        Kind.NUMBER: f"Allowed: {row.range_words}.",
        Kind.CHOICES: f"Any of {', '.join(row.choices)}, separated by spaces; {NONE} for none.",
    }.get(row.kind, row.form and f"Allowed: {row.form}.".replace("`", ""))
    kept = "Not configured: the practice chooses." if row.changed_by else ""
    return "\n".join(filter(None, (f"{row.title}. {row.help}".strip(), allowed, kept)))


def _presentation(row: Setting) -> ET.Element:
    made = ET.Element("presentation", id=row.name)
    label = f"{row.title} ({row.unit})" if row.unit else row.title
    match row.kind:
        case Kind.NUMBER:
            box = ET.SubElement(made, "decimalTextBox", refId=row.name)
            box.set("defaultValue", str(row.default))
            box.text = label
        case Kind.CHOICE:
            place = str(list(row.choices).index(str(row.default)))
            box = ET.SubElement(made, "dropdownList", refId=row.name, noSort="true")
            box.set("defaultItem", place)
            box.text = label
        case _:
            box = ET.SubElement(made, "textBox", refId=row.name)
            ET.SubElement(box, "label").text = label
            ET.SubElement(box, "defaultValue").text = str(row.default)
    return made


def _resources(words: dict[str, str], presentations: list[ET.Element]) -> ET.Element:
    """Return the ADML: every text, and the form of every setting with a value."""
    root = ET.Element("policyDefinitionResources", {"xmlns": NAMESPACE, **_VERSIONS})
    ET.SubElement(root, "displayName").text = "dermstation"
    ET.SubElement(root, "description").text = "Settings of the capture station for the whole PC."
    resources = ET.SubElement(root, "resources")
    table = ET.SubElement(resources, "stringTable")
    for name, text in words.items():
        ET.SubElement(table, "string", id=name).text = text
    ET.SubElement(resources, "presentationTable").extend(presentations)
    return root


def _example() -> str:
    parts = [_EXAMPLE_HEAD]
    for group in Group:
        parts.append(f"\n# {group}\n")
        parts += [
            f"# {row.title}.\n#{row.name} = {_toml(row)}\n"
            for row in SETTINGS.values()
            if row.group == group
        ]
    return "".join(parts)


def _toml(row: Setting) -> str:
    value = row.default
    return f'"{value}"' if isinstance(value, str) else str(value).lower()


def _of(group: Group) -> str:
    return f"{_ROOT_CATEGORY}_{group.name.title()}"


def _string(name: str) -> str:
    return f"$(string.{name})"


def _text(root: ET.Element) -> str:
    ET.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, "unicode")}\n'


if __name__ == "__main__":
    for file, text in documents().items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8", newline="\n")
