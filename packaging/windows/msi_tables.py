"""The tables of a Windows Installer database, and their text form for `msibuild`.

Names and types of the columns are those of Microsoft's "Windows Installer database reference"
(learn.microsoft.com/windows/win32/msi/database-tables): s a text, l a text that is translated,
i a number, v a stream; in capitals if it may be empty; then the longest length.
"""

from dataclasses import dataclass, field
from pathlib import Path

LINE_END = "\r\n"
_SUMMARY = "_SummaryInformation"
_CODEPAGE = "_ForceCodepage"
_COLUMNS = {
    _SUMMARY: "PropertyId:i2* Value:l255",
    "AppSearch": "Property:s72* Signature_:s72*",
    "Component": "Component:s72* ComponentId:S38 Directory_:s72 Attributes:i2 Condition:S255"
    " KeyPath:S72",
    "CreateFolder": "Directory_:s72* Component_:s72*",
    "Directory": "Directory:s72* Directory_Parent:S72 DefaultDir:l255",
    "DrLocator": "Signature_:s72* Parent:S72* Path:S255* Depth:I2",
    "Feature": "Feature:s38* Feature_Parent:S38 Title:L64 Description:L255 Display:I2 Level:i2"
    " Directory_:S72 Attributes:i2",
    "FeatureComponents": "Feature_:s38* Component_:s72*",
    "File": "File:s72* Component_:s72 FileName:l255 FileSize:i4 Version:S72 Language:S20"
    " Attributes:I2 Sequence:i4",
    "Icon": "Name:s72* Data:v0",
    "InstallExecuteSequence": "Action:s72* Condition:S255 Sequence:I2",
    "InstallUISequence": "Action:s72* Condition:S255 Sequence:I2",
    "LaunchCondition": "Condition:s255* Description:l255",
    "Media": "DiskId:i2* LastSequence:i4 DiskPrompt:L64 Cabinet:S255 VolumeLabel:S32 Source:S72",
    "MsiFileHash": "File_:s72* Options:i2 HashPart1:i4 HashPart2:i4 HashPart3:i4 HashPart4:i4",
    "MsiLockPermissionsEx": "MsiLockPermissionsEx:s72* LockObject:s72 Table:s32 SDDLText:s0"
    " Condition:S255",
    "Property": "Property:s72* Value:l0",
    "RegLocator": "Signature_:s72* Root:i2 Key:s255 Name:S255 Type:I2",
    "Registry": "Registry:s72* Root:i2 Key:l255 Name:L255 Value:L0 Component_:s72",
    "Shortcut": "Shortcut:s72* Directory_:s72 Name:l128 Component_:s72 Target:s72 Arguments:S255"
    " Description:L255 Hotkey:I2 Icon_:S72 IconIndex:I2 ShowCmd:I2 WkDir:S72"
    " DisplayResourceDLL:S255 DisplayResourceId:I2 DescriptionResourceDLL:S255"
    " DescriptionResourceId:I2",
    "Signature": "Signature:s72* FileName:s255 MinVersion:S20 MaxVersion:S20 MinSize:I4 MaxSize:I4"
    " MinDate:I4 MaxDate:I4 Languages:S255",
    "Upgrade": "UpgradeCode:s38* VersionMin:S20* VersionMax:S20* Language:S255* Attributes:i4*"
    " Remove:S255 ActionProperty:s72",
}
CODEPAGE = 1252

Cell = str | int | None


@dataclass
class Database:
    """The rows of each table, in the order in which they were added."""

    tables: dict[str, list[tuple[Cell, ...]]] = field(default_factory=dict)

    def add(self, table: str, *cells: Cell) -> None:
        """Add a row; empty cells at its end may be left out. Raises ValueError if one is wrong."""
        columns = _columns(table)
        if len(cells) > len(columns):
            raise ValueError(f"{table}: {len(cells)} cells for {len(columns)} columns")
        row = (*cells, *[None] * (len(columns) - len(cells)))
        for (name, kind, _), cell in zip(columns, row, strict=True):
            _check(f"{table}.{name}", kind, cell)
        self.tables.setdefault(table, []).append(row)

    def texts(self) -> dict[str, str]:
        """Return each table as a text, by its name; the order of the tables is fixed."""
        made = {_CODEPAGE: LINE_END.join(["", "", f"{CODEPAGE}\t{_CODEPAGE}", ""])}
        for table in sorted(self.tables):
            columns = _columns(table)
            head = [
                "\t".join(name for name, _, _ in columns),
                "\t".join(kind for _, kind, _ in columns),
                "\t".join([table, *(name for name, _, is_key in columns if is_key)]),
            ]
            lines = ["\t".join(map(_text, row)) for row in self.tables[table]]
            made[table] = LINE_END.join([*head, *lines, ""])
        return made

    def write(self, folder: Path) -> list[Path]:
        """Write each table into a file for `msibuild -i`; return them in order."""
        files = []
        for table, text in self.texts().items():
            file = folder / f"{table}.idt"
            file.write_bytes(text.encode(f"cp{CODEPAGE}"))
            files.append(file)
        return files


def _columns(table: str) -> list[tuple[str, str, bool]]:
    """Return the name and the type of each column, and whether it is a part of the key."""
    parts = (column.partition(":") for column in _COLUMNS[table].split())
    return [(name, kind.rstrip("*"), kind.endswith("*")) for name, _, kind in parts]


def _check(place: str, kind: str, cell: Cell) -> None:
    if cell is None or cell == "":
        if kind[0].islower():
            raise ValueError(f"{place} is empty")
        return
    if (kind[0] in "iI") != isinstance(cell, int):
        raise ValueError(f"{place}: {cell!r} is of the wrong type")
    longest = int(kind[1:])
    if isinstance(cell, str) and longest and len(cell) > longest:
        raise ValueError(f"{place}: {cell!r} is longer than {longest}")


def _text(cell: Cell) -> str:
    text = "" if cell is None else str(cell)
    if set(text) & set("\t\r\n"):
        raise ValueError(f"{text!r} does not fit into a line")
    return text
