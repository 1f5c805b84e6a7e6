"""Which held pictures are used without a question. Pure functions."""

from dermstation.domain.lesion_facts import Identifiable
from dermstation.domain.quality import Verdict
from dermstation.domain.records import Lesion
from dermstation.domain.sites import FACE_REGION, body_site
from dermstation.settings import Settings
from dermstation.workflow.capturing import Held


def is_used_unasked(held: Held, lesion: Lesion, settings: Settings) -> bool:
    """Return whether nobody is asked about a picture once it was shown.

    It was pressed by hand, every judgement is good, and there is nothing to say about it. Where
    somebody could be recognised, as on the head whatever was answered, or the site is intimate,
    each picture is asked about.
    """
    wanted = settings.use_good_at_once and not settings.hands_free
    safeguards = lesion.facts.safeguards
    nobody_seen = safeguards.identifiable is Identifiable.NOTHING
    has_face = body_site(lesion.site_code).region == FACE_REGION
    is_open = nobody_seen and not has_face and safeguards.is_intimate is False
    is_good = held.report.verdict is Verdict.GOOD and not held.report.causes
    return wanted and is_open and is_good
