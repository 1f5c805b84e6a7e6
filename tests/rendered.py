"""What a reader sees of a PDF: its pages as pictures, drawn by PDFium, and patches of a colour."""

from typing import NamedTuple

import cv2
import numpy as np
import pypdfium2


class Patch(NamedTuple):
    """A connected area of one colour: its middle, in shares of the page, and its pixels."""

    x: float
    y: float
    pixels: int


def pages_of(pdf: bytes, dots_per_inch: int = 144) -> list[np.ndarray]:
    """Return the pages as BGR pictures."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        scale = dots_per_inch / 72
        return [page.render(scale=scale, rev_byteorder=False).to_numpy() for page in document]
    finally:
        document.close()


def patches(page: np.ndarray, rgb: tuple[int, int, int], least_pixels: int = 6) -> list[Patch]:
    """Return the areas of a page that have the colour, from left to right."""
    away = np.abs(page[:, :, :3].astype(int) - np.array(rgb[::-1])).max(axis=2)
    count, _, stats, middles = cv2.connectedComponentsWithStats((away < 12).astype(np.uint8))
    height, width = page.shape[:2]
    found = [
        Patch(middles[one][0] / width, middles[one][1] / height, int(stats[one][4]))
        for one in range(1, count)
    ]
    return sorted(one for one in found if one.pixels >= least_pixels)
