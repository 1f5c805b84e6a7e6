"""The large light beside the live picture: its words, its size, and when it is green."""

import itertools
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication, QLabel

from dermstation.domain.advice import IN_SHORT
from dermstation.domain.quality import Aspect, Cause, Judgement, QualityReport, Verdict
from dermstation.domain.shots import ShotKind
from dermstation.ui.capture.traffic_light import TrafficLight


@pytest.mark.parametrize("small", [False, True])
def test_every_advice_fits_into_the_traffic_light(qtbot, small) -> None:
    light = TrafficLight()
    qtbot.addWidget(light)
    light.set_small(small=small)
    light.resize(304, light.height())  # in the narrowest panel
    light.show()
    for cause, shot in itertools.product(Cause, ShotKind):
        light.show_report(replace(one_finding(Aspect.FOCUS, Verdict.POOR, cause), shot=shot))
        QApplication.processEvents()
        word, advice = light.findChildren(QLabel)[:2]
        needed = word.height() + advice.heightForWidth(advice.width())
        assert needed <= light.height(), light.words
        room = word.fontMetrics().horizontalAdvance(word.text())
        assert room <= word.width(), light.words


def test_the_light_is_green_only_if_nothing_is_left_to_do(qtbot) -> None:
    light = TrafficLight()
    qtbot.addWidget(light)
    for cause in Cause:
        light.show_report(one_finding(Aspect.FRAMING, Verdict.GOOD, cause))
        assert light.property("role") == "light-fair"
        assert light.words.startswith(f"Nearly good. {IN_SHORT[cause]}")
    ruler = one_finding(Aspect.FRAMING, Verdict.GOOD, Cause.NO_RULER)
    light.show_report(replace(ruler, shot=ShotKind.CLOSEUP))
    assert light.words == "Nearly good. Add a ruler. Lay one beside the lesion."
    light.show_report(one_finding(Aspect.FRAMING, Verdict.GOOD, None))
    assert light.property("role") == "light-good"
    assert light.words == "Good. Take the picture."
    light.show_report(None)
    assert light.property("role") == "light-none"


def one_finding(aspect: Aspect, verdict: Verdict, cause: Cause | None) -> QualityReport:
    found = Judgement(aspect, {"good": 90, "fair": 50, "poor": 10}[verdict], verdict, cause)
    fine = Judgement(Aspect.EXPOSURE, 88, Verdict.GOOD)
    return QualityReport(ShotKind.DERMOSCOPIC, 1600, 1200, (fine, found), 1.0)


def test_the_light_gives_advice_on_the_worst_cause_and_names_the_others(qtbot, made) -> None:
    light = TrafficLight()
    qtbot.addWidget(light)
    assert "No live picture" in light.words
    light.show_report(made.report(Verdict.FAIR, Verdict.POOR))
    assert light.words == "Poor. Too bright. Turn the scope's light down."
    assert light.others == ""  # focus and light have bars of their own
    light.show_report(one_finding(Aspect.GLARE, Verdict.FAIR, Cause.GLARE))
    assert light.words == "Fair. Shiny spots. Add gel, or use polarised light."
    assert light.others == ""  # already named
    light.show_report(made.full_report())
    assert light.words == "Poor. Check the scope. Rest the dermatoscope flat on the skin."
    assert light.others == "Glare fair  \u00b7  Colour fair"
    light.show_report(made.report())
    assert light.words.startswith("Good.")


def test_the_light_keeps_its_size_whatever_it_shows(qtbot, made) -> None:
    light = TrafficLight()
    qtbot.addWidget(light)
    light.setFixedWidth(368)
    light.show()
    sizes = set()
    for report in (None, made.report(), made.report(Verdict.POOR, Verdict.FAIR)):
        light.show_report(report)
        sizes.add(light.sizeHint().height())
    assert len(sizes) == 1
