"""Where the words of a summary stand: poppler and PDFium must find each at the same place."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pypdfium2

from dermstation.handover.contents import PackageContents
from tests.opened.renderers import run

APART_PT = 2.0
LEAST_WORDS = 20  # on a first page
Box = tuple[
    float, float, float, float
]  # left, top, right, bottom in points from the page's top left
_WORD = re.compile(r"[A-Za-z0-9]{4,}")
_XHTML = "{http://www.w3.org/1999/xhtml}"


def complaints(pdf: Path, _: PackageContents) -> Iterator[str]:
    """Compare the places of plain words that each page has once, and look for words on others."""
    for number, (boxes, others) in enumerate(zip(_poppler(pdf), _pdfium(pdf), strict=True)):
        once = {word: found[0] for word, found in boxes.items() if len(found) == 1}
        compared = {word: (box, others[word]) for word, box in once.items() if word in others}
        if number == 0 and len(compared) < LEAST_WORDS:
            yield f"only {len(compared)} words can be compared"
        for word, (box, other) in compared.items():
            if not _holds(box, other):
                yield f"page {number + 1}: {word!r} stands at {box}, or at {other}"
        yield from _on_others([one for found in boxes.values() for one in found], number + 1)


def _holds(box: Box, ink: Box) -> bool:
    """Return whether the ink of a word fills its line's box from left to right, and is in it."""
    edges = abs(box[0] - ink[0]), abs(box[2] - ink[2]), box[1] - ink[1], ink[3] - box[3]
    return max(edges) <= APART_PT


def _on_others(boxes: list[Box], number: int) -> Iterator[str]:
    """Yield the words that stand on other words: their middle is inside of another one's box."""
    for box in boxes:
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        over = sum(left < x < right and top < y < bottom for left, top, right, bottom in boxes)
        if over > 1:
            yield f"page {number}: words stand on one another at {x:.0f}, {y:.0f}"


def _poppler(pdf: Path) -> list[dict[str, list[Box]]]:
    """Return the words of each page with the places that their lines give them."""
    pages = []
    for page in ET.fromstring(run("pdftotext", "-bbox", pdf, "-")).iter(f"{_XHTML}page"):
        found: dict[str, list[Box]] = {}
        for word in page.iter(f"{_XHTML}word"):
            left, top, right, bottom = (
                float(word.get(side, "nan")) for side in ("xMin", "yMin", "xMax", "yMax")
            )
            found.setdefault(word.text or "", []).append((left, top, right, bottom))
        pages.append(found)
    return pages


def _pdfium(pdf: Path) -> list[dict[str, Box]]:
    """Return the plain words that each page has once, with the places of their ink."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [_words(page) for page in document]
    finally:
        document.close()


def _words(page: pypdfium2.PdfPage) -> dict[str, Box]:
    letters, height = page.get_textpage(), page.get_height()
    text = "".join(letters.get_text_range(one, 1) or " " for one in range(letters.count_chars()))
    spans = [(found[0], found.span()) for found in _WORD.finditer(text)]
    counts = Counter(word for word, _ in spans)
    return {
        word: _around([letters.get_charbox(one) for one in range(*span)], height)
        for word, span in spans
        if counts[word] == 1
    }


def _around(boxes: list[Box], height: float) -> Box:
    left, low, right, high = zip(*boxes, strict=True)
    return min(left), height - max(high), max(right), height - min(low)
