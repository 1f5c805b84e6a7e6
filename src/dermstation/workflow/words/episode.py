"""Words for troubles on the way through an episode, and with what a role may do."""

from dermstation.domain.errors import ErrorCode as E
from dermstation.workflow.words.message import HELD, NOTHING_LOST, SAVED, Message

WORDS: dict[E, Message] = {
    E.STEP_NOT_ALLOWED: Message(
        "This step is not possible at this point.", SAVED, "Go back to the list of episodes."
    ),
    E.EPISODE_NOT_KNOWN: Message(
        "No episode on this station has that number.",
        NOTHING_LOST,
        "Look its number up with dermstation archive status, or in the list of episodes.",
    ),
    E.CONSENT_MISSING: Message(
        "The patient's consent has not been recorded yet.", NOTHING_LOST, "Record it first."
    ),
    E.CONSENT_NEEDS_OTHER: Message(
        "A patient who cannot decide cannot consent.",
        "",
        "Say who decided for the patient, or continue without pictures.",
    ),
    E.CONSENT_GIVER_MISSING: Message(
        "The name of the person who answered is missing.", "", "Type the name."
    ),
    E.CONSENT_ROLE_MISSING: Message(
        "The role of the person who made the best-interests decision is missing.",
        "",
        "Type the role, such as GP or community nurse.",
    ),
    E.CONSENT_CAN_DECIDE: Message(
        "A best-interests decision is only for a patient who cannot decide.",
        "",
        "Record that the patient cannot decide, or say who answered.",
    ),
    E.ROUTE_MISSING: Message("No route is chosen.", SAVED, "Choose a route on the summary."),
    E.LESION_MISSING: Message("The episode has no lesion.", SAVED, "Add one first."),
    E.LESION_EMPTY: Message(
        "{label} is empty: it has no picture, and nothing is said of it.",
        SAVED,
        "Take a picture, describe it in its history, or remove it.",
    ),
    E.PRACTICE_NOT_OPENED: Message(
        "The window for practice could not be opened.", "", "Start \u201cdermstation demo\u201d."
    ),
    E.LESION_NOT_THERE: Message(
        "This lesion cannot be brought back.", SAVED, "Add it again if it is needed."
    ),
    E.INTIMATE_NOT_ASKED: Message(
        "Nobody has recorded whether the site of {label} is intimate.",
        SAVED,
        "Answer yes or no where its site is chosen.",
    ),
    E.IDENTIFIABLE_NOT_ASKED: Message(
        "Nobody has recorded whether a face, tattoo or name is visible on {label}.",
        SAVED,
        "Answer where its site is chosen.",
    ),
    E.HISTORY_MISSING: Message(
        "{label} has no history.", SAVED, "Answer at least one question of its history."
    ),
    E.QUESTION_MISSING: Message(
        "The question to the specialist is missing.", SAVED, "Write it on the summary."
    ),
    E.SHOT_MISSING: Message(
        "A picture needed for this route is missing: {shots}.", SAVED, "Take it, then try again."
    ),
    # G-care: RADS (local care pathway): both pictures, and the patient told, or it is no RADS
    E.RADS_PICTURES_MISSING: Message(
        "It cannot be RADS without these pictures: {shots}.",
        SAVED,
        "Take them, or choose urgent suspected cancer or a routine referral.",
    ),
    E.RADS_NOT_TOLD: Message(
        "It cannot be RADS before the patient knows that it may become a suspected-cancer"
        " referral.",
        SAVED,
        "Tell the patient, or choose urgent suspected cancer or a routine referral.",
    ),
    E.TOLD_MISSING: Message(
        "Nobody has recorded whether the patient was told of a possible cancer.",
        SAVED,
        "Answer yes or no below the route.",
    ),
    E.DERMOSCOPY_REASON_MISSING: Message(
        "{label} has no dermoscopic picture, and no reason is recorded.",
        SAVED,
        "Choose the reason beside its pictures, or take the picture.",
    ),
    E.OVERRIDE_REASON_MISSING: Message(
        "A poor picture can only be used with a reason.", HELD, "Choose or type the reason."
    ),
    E.LEFT_OUT_REASON_MISSING: Message(
        "A picture can only be left out with a reason.",
        SAVED,
        "Choose or type the reason.",
    ),
    E.COVER_MISSING: Message(
        "These pictures may show who the patient is: {pictures}.",
        SAVED,
        'Cover each one, mark it "not identifying", or leave it out.',
    ),
    E.NOTHING_DRAWN: Message(
        "Nothing is drawn on the picture, or there are more than {most} shapes.",
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
        "Tell IT: the file named by the setting pathway_file needs to be corrected.",
    ),
    E.HOW_TO_LINK_INVALID: Message(
        "The practice's own how-to links cannot be used: there is a mistake in number {place}.",
        "All the station's own steps are still here.",
        "Tell IT: the setting how_to_links takes Title|https address, or Title|path of a"
        " film on a drive of this PC.",
    ),
    E.PATHWAY_LINK_INVALID: Message(
        "The practice's own links on the chart cannot be used: there is a mistake in number"
        " {place}.",
        "The chart itself is complete.",
        "Tell IT: the setting pathway_links takes box|Title|https address, or box|Title|path of"
        " a file on a drive of this PC.",
    ),
    E.PICTURE_POLICY_INVALID: Message(
        "The link to the practice's policy on pictures cannot be used.",
        "The station's own rules are still here.",
        "Tell IT: the setting picture_policy takes an https address, or the path of a PDF on a"
        " drive of this PC.",
    ),
    E.HOW_TO_FILE_ABSENT: Message(
        "The practice's file is not where the settings say.",
        "All the station's own texts are still here.",
        "Tell IT: the link in the settings is wrong, or the drive is not connected.",
    ),
    E.HOW_TO_NOT_OPENED: Message(
        "This PC has no program to open it.",
        "All the station's own texts are still here.",
        "Tell IT which link it is.",
    ),
    E.NOTE_NOT_KNOWN: Message(
        "This entry is not valid: {note}.", NOTHING_LOST, "Correct it, or leave it empty."
    ),
    E.CHAPERONE_NOT_ASKED: Message(
        "For an intimate site, a chaperone must be offered first.",
        NOTHING_LOST,
        "Offer one, and record whether the patient accepted.",
    ),
    E.SCORE_NOT_ACKNOWLEDGED: Message(
        "The 7-point list of {label} reaches NICE's threshold for urgent suspected cancer.",
        SAVED,
        "Choose that route, or tick in the history of {label} that you have considered it.",
    ),
    E.REVIEW_MISSING: Message(
        "This route needs a clinician's review first.",
        SAVED,
        "Tick that you have reviewed it. If your role does not allow that, send it for review.",
    ),
    E.HANDOVER_NOT_CONFIRMED: Message(
        "Nothing was wiped: the hand-over has not been confirmed.", SAVED, "Tick every box first."
    ),
    E.RIGHT_MISSING: Message(
        "Your role on this station does not allow this step.",
        SAVED,
        "Press Lock and ask somebody who may do it to sign in. The episode stays as it is.",
    ),
    E.PROFESSIONAL_NUMBER_FORMAT: Message(
        "This is neither a GMC nor an NMC number.",
        "",
        "A GMC number has 7 digits; an NMC PIN is like 12A3456B. It may be left empty.",
    ),
    E.OPERATOR_NAME_TAKEN: Message(
        "There is already an operator with this name.", "", "Add a middle name or initial."
    ),
    E.OPERATOR_NOT_KNOWN: Message(
        "No operator with this name can sign in here.",
        NOTHING_LOST,
        "Name the operator with --operator, or use --recovery.",
    ),
    E.OPERATOR_NEEDED: Message(
        "You cannot revoke yourself, and at least one administrator must remain.",
        NOTHING_LOST,
        "Ask another administrator to do it.",
    ),
    E.OPERATORS_FULL: Message(
        "The station can have at most {most} operators.",
        NOTHING_LOST,
        "Revoke those who have left, then try again.",
    ),
}
