"""The sound of the shutter. GUI thread; returns at once.

On Windows it is a short click generated here and played by the system; elsewhere it is the
desktop's bell, to avoid a sound library for a single click.
"""

import io
import math
import random
import struct
import sys
import threading
import wave

from PySide6.QtWidgets import QApplication

from dermstation.ui.system.adorning import adorning

_RATE_HZ = 22_050
_CLICKS_S = (0.0, 0.075)  # curtain opens, curtain closes
_LENGTH_S = 0.13
_DECAY_S = 0.009
_LOUDNESS = 9_000


def shutter_click() -> bytes:
    """Return the click as a WAV file: 16 bit, one channel, 0.13 s, always the same."""
    chance = random.Random(1)  # noqa: S311 - noise, not a secret
    samples = []
    for place in range(int(_RATE_HZ * _LENGTH_S)):
        at_s = place / _RATE_HZ
        level = sum(math.exp(-(at_s - start) / _DECAY_S) for start in _CLICKS_S if at_s >= start)
        samples.append(round(max(-1.0, min(1.0, chance.gauss(0, 0.4) * level)) * _LOUDNESS))
    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(_RATE_HZ)
        file.writeframes(struct.pack(f"<{len(samples)}h", *samples))
    return written.getvalue()


def play_shutter() -> None:
    """Play the click. A PC without sound stays silent."""
    with adorning("the sound of the shutter"):
        if sys.platform == "win32":
            threading.Thread(target=_play_on_windows, name="shutter sound", daemon=True).start()
        else:
            QApplication.beep()


def _play_on_windows() -> None:
    if sys.platform == "win32":
        import winsound  # noqa: PLC0415 - only Windows has it

        # a sound in memory cannot be played asynchronously: hence the thread
        with adorning("the sound of the shutter"):
            winsound.PlaySound(shutter_click(), winsound.SND_MEMORY | winsound.SND_NODEFAULT)
