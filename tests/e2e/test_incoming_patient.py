"""The record system starts the program with a file; a second start passes it to the first."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from dermstation.workflow.patient_file import FORMAT
from tests.e2e.hand import CONFIRM, CONSENT, HOME, Hand
from tests.e2e.place import Place
from tests.e2e.screen import PATIENCE_S, clean_environment
from tests.e2e.traces import Planted, files_below, traces

PLANTED = Planted()


def patient_file(place: Place, name: str) -> Path:
    file = place.screen.scratch / name
    content = {
        "format": FORMAT,
        "nhs_number": PLANTED.nhs_number,
        "family_name": PLANTED.family_name,
        "given_name": PLANTED.given_name,
        "born_on": PLANTED.born_on.isoformat(),
    }
    file.write_text(json.dumps(content), encoding="utf-8")
    return file


def test_a_patient_named_by_file_is_confirmed_and_leaves_no_trace(
    make_place: Callable[[], Place],
) -> None:
    place = make_place()
    place.choose_small_pictures()
    first = patient_file(place, "first.json")
    place.screen.start(place.home, "--camera", "sim:jpeg=1", "--patient", str(first))
    hand = Hand(place.screen)
    hand.sign_in(CONFIRM, HOME)
    place.screen.wait_for_page(CONFIRM)
    assert first.exists()
    place.screen.press_until(CONSENT)
    place.screen.wait(lambda: not first.exists(), "the removal of the file")

    hand.back()
    place.screen.wait_for_page(HOME)
    second = patient_file(place, "second.json")
    again = subprocess.run(
        [sys.executable, "-m", "dermstation", "--home", str(place.home), "--patient", str(second)],
        env={**clean_environment(place.screen.scratch), "DISPLAY": place.screen.display},
        timeout=PATIENCE_S,
        check=False,
    )
    assert again.returncode == 0  # no second window: the first one takes the file
    place.screen.wait_for_page(CONFIRM)
    second.unlink()
    assert place.screen.quit() == 0
    assert traces(PLANTED, files_below(*place.everywhere)) == []
