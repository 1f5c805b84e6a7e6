"""An earlier picture of the lesion, semi-transparent over the live one. GUI thread."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage, QPainter

from dermstation.ui.picture.fitting import scaled
from dermstation.ui.picture.layers.layer import Canvas, Layer


class Ghost(Layer):
    """An earlier capture at a chosen opacity, to hold the camera the same way again."""

    def __init__(self) -> None:
        super().__init__()
        self.opacity = 0.0
        self._picture: NDArray[np.uint8] | None = None
        self._fitted: tuple[QImage, NDArray[np.uint8]] | None = None

    def show_picture(self, picture: NDArray[np.uint8] | None) -> None:
        """Set the earlier picture, BGR of shape (height, width, 3), or None if there is none."""
        self._picture, self._fitted = picture, None

    @property
    def has_picture(self) -> bool:
        """Return whether there is an earlier picture."""
        return self._picture is not None

    def paint(self, painter: QPainter, canvas: Canvas) -> None:
        """Paint it over the live picture's area, whatever its own size is."""
        if self._picture is None or canvas.still:
            return
        size = canvas.picture.size().toSize().boundedTo(QSize(4096, 4096))
        if self._fitted is None or self._fitted[0].size() != size:
            self._fitted = scaled(self._picture, size, rgb=False, well=True)
        painter.setOpacity(self.opacity)
        painter.drawImage(canvas.picture, self._fitted[0])
