"""Which held pictures are used without a question. Pure functions."""

from dermstation.domain.lesion_facts import Identifiable
from dermstation.domain.quality import Verdict
from dermstation.domain.records import Lesion
from dermstation.settings import Settings
from dermstation.workflow.capturing import Held


def is_used_unasked(held: Held, lesion: Lesion, settings: Settings) -> bool:
    """Return whether nobody is asked about a picture once it was shown.

    It was pressed by hand, every judgement is good, and there is nothing to say about it. Where
    somebody could be recognised, or the site is intimate, each picture is asked about.
    """
    wanted = settings.use_good_at_once and not settings.hands_free
    safeguards = lesion.facts.safeguards
    nobody_seen = safeguards.identifiable is Identifiable.NOTHING
    is_open = nobody_seen and safeguards.is_intimate is False
    is_good = held.report.verdict is Verdict.GOOD and not held.report.causes
    return wanted and is_open and is_good
