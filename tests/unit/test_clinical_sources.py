"""Every clinical text names its source, and every line of the local pages is in the station."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

from dermstation.domain.routes import ROUTE_GUIDES
from dermstation.domain.shots import SHOT_GUIDES

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "src" / "dermstation"
CLINICAL = re.compile(
    r"\b(cancer|melanoma|carcinoma|dermoscop\w*|chaperone|consent\w*|polarised|capacity|intimate"
    r"|naked|gel|skin|surgery|immunosuppress\w*|anticoagulants?|specialist|referral|pathway|NICE"
    r"|tattoo|erasure|pacemaker)\b",
    re.IGNORECASE,
)
# Modules with such a word in a text that is not clinical: what it is instead.
OTHER = {
    "domain/purpose.py": "what the station is for",
    "domain/records.py": "names of kinds of light",
    "domain/sites.py": "a vocabulary; its docstring names CID 4029",
    "handover/email_draft.py": "an e-mail",
    "handover/fhir.py": "names of FHIR resources",
    "handover/fhir_documents.py": "titles, a code",
    "handover/fhir_resources.py": "codes",
    "handover/pdf.py": "a title",
    "ui/capture/scale_panel.py": "the measuring of a ruler",
    "ui/hand_over/message_page.py": "how to use the clipboard",
    "ui/hand_over/page.py": "what was done with the package",
    "ui/how_to/page.py": "a table of contents",
    "ui/parts/verdict_panel.py": "the picture's quality",
    "workflow/auditing.py": "names of audit entries",
    "workflow/capture_keys.py": "names of keys",
    "workflow/episodes.py": "what was done at a withdrawal",
    "workflow/notices.py": "what the station did",
    "workflow/patient_copy.py": "names of pictures",
    "workflow/words/camera.py": "troubles",
    "workflow/words/episode.py": "troubles; the rules behind them are in workflow/route_checks.py",
}
KNOWN = re.compile(
    r"G-care|NICE|GMC|MCA|DermNet|Sheffield|Devon|Homerton|NIST|NHS England|BJD|[Mm]akers?'"
    r"|The station's own words"
)
ROW = re.compile(r"^\| ((?:[AB]\d[^|]*)) \| ([^|]+) \| `([^`]+)` \| ([^|]+) \|$", re.MULTILINE)
PAGE = (ROOT / "docs" / "clinical-sources.md").read_text("utf-8")
ROWS = ROW.findall(PAGE)
# Every line of the two pages that asks for something.
LINES = {
    *("A3", "A5", "A6", "A8", "A10-12", "A16", "A18", "A20", "A22", "A24", "A26", "A28", "A30"),
    *("A32", "A34", "A39", "A43", "A44", "A46", "A48", "B3-5", "B11", "B12", "B14", "B16", "B17"),
    *("B18", "B20", "B22", "B27", "B29", "B33", "B34", "B35", "B36", "B37", "B44", "B48", "B49"),
    *("B53-54", "B55", "B59", "B60", "B61", "B62", "B63", "B64", "B68", "B69", "B70-71", "B71"),
    *("B75", "B77", "B79", "B81", "B85", "B87", "B89"),
}


def _assigned(tree: ast.Module) -> dict[str, ast.expr]:
    """Return the module's own names with their values."""
    found: dict[str, ast.expr] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found[node.targets[0].id] = node.value
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            found[node.target.id] = node.value
    return found


def _texts(value: ast.expr) -> list[str]:
    return [
        one.value
        for one in ast.walk(value)
        if isinstance(one, ast.Constant) and isinstance(one.value, str) and " " in one.value
    ]


def _has_clinical_texts(names: dict[str, ast.expr]) -> bool:
    return any(
        CLINICAL.search(text)
        for name, value in names.items()
        if name != "SOURCE"
        for text in _texts(value)
    )


def test_every_module_with_clinical_texts_names_their_source() -> None:
    unnamed, seen = [], set()
    for file in sorted(SOURCES.rglob("*.py")):
        module = file.relative_to(SOURCES).as_posix()
        names = _assigned(ast.parse(file.read_text("utf-8")))
        if not _has_clinical_texts(names):
            continue
        seen.add(module)
        has_rows = module in ("domain/routes.py", "domain/shots.py")  # a source in each row
        source = " ".join(_texts(names["SOURCE"])) if "SOURCE" in names else ""
        if module not in OTHER and not has_rows and not KNOWN.search(source):
            unnamed.append(module)
    assert unnamed == []
    assert set(OTHER) <= seen, "no longer needed"


@pytest.mark.parametrize("guide", [*SHOT_GUIDES.values(), *ROUTE_GUIDES.values()], ids=str)
def test_every_shot_and_route_names_its_source(guide) -> None:
    assert KNOWN.search(guide.source)


@pytest.mark.parametrize(
    "file",
    [
        *sorted((ROOT / "resources" / "how_to").glob("*.toml")),
        *sorted((ROOT / "resources" / "pathways").glob("*.toml")),
        *sorted((ROOT / "resources" / "guidance").glob("*.toml")),
    ],
    ids=lambda file: file.name,
)
def test_every_text_of_the_resources_names_its_source(file: Path) -> None:
    content = tomllib.loads(file.read_text("utf-8"))
    rows = content.get("box") or content.get("part") or [content]
    assert all(KNOWN.search(row["source"]) for row in rows)


def test_every_line_of_the_local_pages_is_in_the_map() -> None:
    found = {line.strip() for lines, *_ in ROWS for line in lines.split(",")}
    assert found == LINES
    assert PAGE.count("\n| A") + PAGE.count("\n| B") == len(ROWS)  # none is written otherwise


@pytest.mark.parametrize(("lines", "asks", "file", "says"), ROWS)
def test_what_the_map_says_is_there(lines: str, asks: str, file: str, says: str) -> None:
    text = (ROOT / file).read_text("utf-8")
    joined = re.sub(r'"\s*\n\s*f?"', "", text)  # a text over several lines of code
    assert says.strip() in " ".join(joined.split()), f"{lines}: {asks}"
