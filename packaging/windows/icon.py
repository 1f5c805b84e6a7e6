"""The program's icon for Windows, drawn from resources/icons/dermstation.svg."""

import io
import os

from PIL import Image

from dermstation.resources import resource_bytes

SIZES = (16, 20, 24, 32, 40, 48, 64, 128, 256)  # for 100 to 400 %


def windows_icon() -> bytes:
    """Return an .ico file with the drawing in every size."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    pictures = [_drawn(size) for size in SIZES]
    made = io.BytesIO()
    pictures[-1].save(
        made, "ICO", sizes=[(size, size) for size in SIZES], append_images=pictures[:-1]
    )
    return made.getvalue()


def _drawn(size: int) -> Image.Image:
    from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt  # noqa: PLC0415 - after the platform
    from PySide6.QtGui import QImage, QPainter  # noqa: PLC0415
    from PySide6.QtSvg import QSvgRenderer  # noqa: PLC0415

    picture = QImage(size, size, QImage.Format.Format_ARGB32)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    QSvgRenderer(QByteArray(resource_bytes("icons", "dermstation.svg"))).render(painter)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")
    return Image.open(io.BytesIO(buffer.data().data()))
