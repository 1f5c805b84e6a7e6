"""No text about a picture reads like a diagnosis, or like a risk of the lesion."""

import pytest

from dermstation.domain.quality import ADVICE, Cause

DIAGNOSTIC = (
    *("risk", "cancer", "melanoma", "malign", "benign", "suspicious", "carcinoma", "naevus"),
    *("diagnos", "harmless", "dangerous", "abnormal", "normal", "healthy", "mole"),
)


@pytest.mark.parametrize("cause", Cause)
def test_an_advice_is_about_the_hand_and_the_room(cause) -> None:
    words = ADVICE[cause].lower()
    assert not any(word in words for word in DIAGNOSTIC)
    assert len(words.split()) <= 10
