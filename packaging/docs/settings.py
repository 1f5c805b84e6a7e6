"""Write docs/settings.md, with every setting, from the program's table: make docs."""

import re
from pathlib import Path

from dermstation.domain.presets import PRESETS
from dermstation.domain.setting import NONE, SET_BY_IT, Kind, Setting, Who
from dermstation.machine_policy import INSTALLED_KEY, POLICY_FILE, POLICY_KEY
from dermstation.settings import SETTINGS, SHUTTER_KEYS, Group

PAGE = Path(__file__).resolve().parents[2] / "docs" / "settings.md"
HEAD = """\
# Settings

Settings are in `settings.toml`, a text file in the station's folder, one line for each:

```toml
practice_name = "Example Surgery"
lock_after_minutes = 2
```

- A setting that is not in the file has its default. When the station saves a setting, it changes
  that line alone; a setting that goes back to its default loses its line.
- A line that cannot be used costs that line alone: its setting has the default. The station says
  so when it starts, `dermstation doctor` says what is wrong, and the line stays in the file.
- The file may be UTF-8, UTF-16 or Windows-1252, with or without a byte order mark. A Windows path
  may be typed as it is: `"C:\\Exchange"` is the same as TOML's `"C:\\\\Exchange"`.
- What is only read when a page or a package is made takes effect at once if it is saved on the page
  (practice, review, package, e-mail, dermatoscope, names on the work list); everything else, and a
  change in the file, at the next lock or start. What an operator chooses on the capture page takes
  effect at once.
- *Administrator* means on the page **Station**, **Settings**; *operator* means on the capture page.
  IT can change every setting in the file; those marked *IT* can be changed there only.
- If the file is read-only for the people at the PC, the page shows the settings but changes none.
- The password of a network camera may stand in its address (`https://name:password@camera/`) once:
  the next sign-in moves it to the PC's keystore and takes it out of the file, where the address
  stays. Without a keystore it stays in the file, which only the account of the station can read,
  and `dermstation doctor` says so. Do not give it with `--camera`: other programs see it there.
- `dermstation doctor` lists the settings that differ from their defaults.

## Set by IT for the whole PC

A policy fixes settings for everybody who uses the PC. Neither `settings.toml` nor the command line
nor the pages change what it fixes: a page shows such a setting closed, as *{set_by_it}*

- **Linux**: `{file}`, lines as in `settings.toml`. The file and its
  folder must belong to root, and nobody else may be able to write to them.
- **Windows**: values below `HKEY_LOCAL_MACHINE\\{key}`, which Group
  Policy writes by the templates in `packaging/windows/policy/`, with the setting's name. The column
  *Policy* has the type of each; a truth value is 0 or 1. What the installer was given is below
  `HKEY_LOCAL_MACHINE\\{installed}`; Group Policy replaces it. Not tried on Windows yet.
- A policy that cannot be read, or that others may change, is as strict as can be until IT has put
  it right: each setting that has a strictest value in the column *Policy* gets it. A line that
  cannot be used does this for its setting; a line that is not in the form name = value, for all of
  them. The station says so when it starts.
- `dermstation policy show` prints every setting in force and where it was read;
  `dermstation doctor` prints the policy, and what is wrong with it.
- `packaging/linux/policy.toml.example` lists every line of a policy for Linux.

This page is written by `make docs` from the table in `src/dermstation/settings.py`.
"""
TABLE = """
| Setting | Default | Values | Meaning | Changed by | Policy |
|---|---|---|---|---|---|
"""
BAR = r"\|"  # in a cell
WHO = {Who.ADMINISTRATOR: "administrator", Who.OPERATOR: "operator"}


def page() -> str:
    """Return the text of the page."""
    head = HEAD.format(
        set_by_it=SET_BY_IT,
        file=POLICY_FILE.as_posix(),
        key=POLICY_KEY,
        installed=INSTALLED_KEY,
    )
    parts = [head]
    for group in Group:
        rows = [row for row in SETTINGS.values() if row.group == group]
        parts.append(f"\n## {group}\n{TABLE}{''.join(map(_line, rows))}")
    return "".join([*parts, _destinations(), _keys()])


def _line(row: Setting) -> str:
    title = f"{row.title} this many {row.unit}" if row.title.endswith("after") else row.title
    meaning = f"{title}. {_linked(row.help)}".strip()
    who = " or ".join(WHO[one] for one in row.changed_by) or "IT"
    cells = (f"`{row.name}`", f"`{_toml(row.default)}`", _values(row), meaning, who, _policy(row))
    return "".join(f"| {cell.replace('|', BAR)} " for cell in cells) + "|\n"


def _policy(row: Setting) -> str:
    """Return the type of a value in the registry, and the strictest value if there is one."""
    kind = "`REG_SZ`" if isinstance(row.default, str) else "`REG_DWORD`"
    return kind if row.strictest is None else f"{kind}; strictest: `{_toml(row.strictest)}`"


def _values(row: Setting) -> str:
    match row.kind:
        case Kind.TICK:
            return "`true` or `false`"
        case Kind.NUMBER:
            return row.range_words
        case Kind.CHOICES:
            named = ", ".join(f"`{value}`" for value in row.choices)
            return f"{named}, separated by spaces; `{NONE}` for none of them"
        case Kind.CHOICE if row.name == "shutter_key":
            return "the name of a [key](#shutter-keys)"
        case Kind.CHOICE:
            return ", ".join(f"`{value}`" for value in row.choices)
    return row.form or "a text"


def _destinations() -> str:
    lines = "".join(
        f"| `{preset.value}` | {guide.title} | {guide.words} |\n"
        for preset, guide in PRESETS.items()
    )
    head = "| `package_preset` | Destination | Takes |\n|---|---|---|\n"
    return f"\n## Destinations\n\n{head}{lines}"


def _keys() -> str:
    names = ", ".join(f"`{name}`" for name in SHUTTER_KEYS)
    return f"\n## Shutter keys\n\n{names}\n"


def _toml(value: bool | int | str) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)


def _linked(text: str) -> str:
    """Turn the path of another page of docs/ into a link."""
    return re.sub(r"docs/([\w-]+\.md)", r"[\1](\1)", text)


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8", newline="\n")
