"""Words for troubles with the way through an episode, and who may go it."""

from dermstation.domain.errors import ErrorCode as E
from dermstation.workflow.words.message import HELD, NOTHING_LOST, SAVED, Message

WORDS: dict[E, Message] = {
    E.STEP_NOT_ALLOWED: Message(
        "This step is not possible at this point.", SAVED, "Go back to the list of episodes."
    ),
    E.CONSENT_MISSING: Message(
        "The patient's consent is not recorded yet.", NOTHING_LOST, "Record it first."
    ),
    E.CONSENT_NEEDS_OTHER: Message(
        "A patient who cannot decide cannot consent.",
        "",
        "Say who decided for the patient, or go on without pictures.",
    ),
    E.CONSENT_GIVER_MISSING: Message(
        "The name of the person who answered is missing.", "", "Type it."
    ),
    E.SHOT_MISSING: Message(
        "A picture that this route needs is missing: {shots}.", SAVED, "Take it, then try again."
    ),
    E.OVERRIDE_REASON_MISSING: Message(
        "A poor picture needs a reason to be used.", HELD, "Choose or type the reason."
    ),
    E.LEFT_OUT_REASON_MISSING: Message(
        "A picture is left out for a reason, and none is given.",
        SAVED,
        "Choose or type the reason.",
    ),
    E.COVER_MISSING: Message(
        "These pictures may show who the patient is: {pictures}.",
        SAVED,
        "Open each and cover it, or say that it shows nothing of that; or leave it out.",
    ),
    E.NOTHING_DRAWN: Message(
        "Nothing is drawn on the picture, or more than {most} things.",
        SAVED,
        "Drag on the picture, or press the key of the tool.",
    ),
    E.ORIGINAL_WIPED: Message(
        "The original of this picture was wiped when it was covered.",
        "The covered copy is safe.",
        "Take the picture again if more of it must be seen.",
    ),
    E.TEXT_TOO_LONG: Message(
        "The text is longer than {limit} characters.", NOTHING_LOST, "Shorten it."
    ),
    E.PATHWAY_NOT_USABLE: Message(
        "The practice's own pathway chart cannot be used.",
        "The station's chart is shown instead.",
        "Tell IT: the file named by the setting pathway_file is to be corrected.",
    ),
    E.NOTE_NOT_KNOWN: Message(
        "This is not right: {note}.", NOTHING_LOST, "Correct it, or leave it empty."
    ),
    E.CHAPERONE_NOT_ASKED: Message(
        "For an intimate site a chaperone is offered first.",
        NOTHING_LOST,
        "Offer one, and note whether the patient wanted it.",
    ),
    E.SCORE_NOT_ACKNOWLEDGED: Message(
        "The seven points of {label} reach NICE's threshold for urgent suspected cancer.",
        SAVED,
        "Choose that route, or tick on the history of {label} that you have considered it.",
    ),
    E.REVIEW_MISSING: Message(
        "This route needs a clinician's review first.",
        SAVED,
        "Tick that you have reviewed it; where your role may not, hand it over for review.",
    ),
    E.HANDOVER_NOT_CONFIRMED: Message(
        "Nothing was wiped: the hand-over is not confirmed.", SAVED, "Tick every box first."
    ),
    E.RIGHT_MISSING: Message(
        "Your role on this station does not allow this step.",
        SAVED,
        "Press Lock and let somebody sign in who may: the episode stays where it is.",
    ),
    E.PROFESSIONAL_NUMBER_FORMAT: Message(
        "This is neither a GMC nor an NMC number.",
        "",
        "A GMC number has 7 digits; an NMC PIN is like 12A3456B. It may be left empty.",
    ),
    E.OPERATOR_NAME_TAKEN: Message(
        "Somebody of this name can sign in already.", "", "Add a middle name or initial."
    ),
    E.OPERATOR_NOT_KNOWN: Message(
        "No operator of this name can sign in here.",
        NOTHING_LOST,
        "Say who with --operator, or use --recovery.",
    ),
    E.OPERATOR_NEEDED: Message(
        "Nobody can revoke themselves, and one administrator must stay.",
        NOTHING_LOST,
        "Let another administrator do it.",
    ),
    E.OPERATORS_FULL: Message(
        "The station holds {most} operators at most.",
        NOTHING_LOST,
        "Revoke those who have left, then try again.",
    ),
}
