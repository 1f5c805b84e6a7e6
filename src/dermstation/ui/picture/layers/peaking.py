"""The edges of the picture that are sharp at the moment, in colour. GUI thread."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage, QPainter

from dermstation.imaging.peaking import sharp_edges
from dermstation.ui.picture.layers.layer import Canvas, Layer

_COLOUR = QColor(60, 255, 120)  # a colour that neither skin nor lesions have


class Peaking(Layer):
    """The sharp edges in one bright colour, computed only for a picture that is painted."""

    def __init__(self) -> None:
        super().__init__()
        self._of: object = None
        self._edges = QImage()
        self._kept: NDArray[np.uint8] | None = None  # keeps the pixels of _edges alive

    def forget(self) -> None:
        """Drop the edges."""
        self._of, self._kept, self._edges = None, None, QImage()

    def paint(self, painter: QPainter, canvas: Canvas) -> None:
        """Paint the edges of the picture that is shown."""
        if self._of is not canvas.pixels:  # painting the same picture again costs nothing
            self._of = canvas.pixels
            self._kept = np.ascontiguousarray(sharp_edges(canvas.pixels), np.uint8)
            rows, columns = self._kept.shape
            kind = QImage.Format.Format_Indexed8
            self._edges = QImage(self._kept.data, columns, rows, self._kept.strides[0], kind)
            self._edges.setColorTable([0, _COLOUR.rgba()])
        painter.drawImage(canvas.picture, self._edges)
