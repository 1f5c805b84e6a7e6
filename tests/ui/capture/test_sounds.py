"""The click is a short WAV file, the same each time; playing it never waits or fails."""

import io
import wave

import numpy as np

from dermstation.ui.capture.sounds import play_shutter, shutter_click


def test_the_click_is_a_short_wav_file_that_is_audible_and_does_not_clip() -> None:
    with wave.open(io.BytesIO(shutter_click())) as file:
        assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
        assert 0.05 < file.getnframes() / file.getframerate() < 0.3
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    assert 2000 < np.abs(samples.astype(int)).max() < 32_000
    assert shutter_click() == shutter_click()


def test_playing_without_a_sound_device_does_not_fail(qapp) -> None:
    play_shutter()
