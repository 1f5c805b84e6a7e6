"""Open an episode and keep what is entered in it: consent, lesions, history, question, route.

Plain functions on an open vault, run on the vault's thread. Those that change an episode return it
as the vault now holds it.
"""

from collections.abc import Mapping
from dataclasses import astuple, dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from dermstation.domain.consents import (
    NOTHING_ASKED,
    ConsentCircumstances,
    SecondaryUse,
    check_circumstances,
)
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.identity import NhsNumber, Patient, Sex
from dermstation.domain.lesion_facts import (
    NO_FACTS,
    NO_SAFEGUARDS,
    History,
    LesionFacts,
    Safeguards,
    Spot,
)
from dermstation.domain.opinion import Opinion, made_opinion
from dermstation.domain.pasting import with_plain_apostrophes
from dermstation.domain.patient_facts import about_patient, with_patient
from dermstation.domain.records import (
    Consent,
    ConsentForm,
    Episode,
    Lesion,
    Operator,
    new_id,
    now,
)
from dermstation.domain.rights import Right, require
from dermstation.domain.routes import Route
from dermstation.domain.sites import Side
from dermstation.domain.states import EpisodeEvent, EpisodeState
from dermstation.domain.text_limits import (
    HISTORY_MAX_CHARS,
    NAME_MAX_CHARS,
    QUESTION_MAX_CHARS,
    REASON_MAX_CHARS,
    check_length,
)
from dermstation.vault.store import Vault
from dermstation.workflow import unfinished_entry
from dermstation.workflow.own_work import may_wipe
from dermstation.workflow.viewing import check_changeable, view_after_change, view_of
from dermstation.workflow.walk import EpisodeView

NO_CHANGE: Mapping[str, Opinion] = MappingProxyType({})
# printed on the referral
DECLINED = "The patient declined photographs."
WITHDRAWN = "The patient withdrew consent; the photographs taken were wiped."
WITHHELD = "The patient withdrew consent; the photographs taken are not used."


@dataclass(frozen=True, slots=True, repr=False)
class TypedPatient:
    """A patient as confirmed on the screen, before the vault has a record of them."""

    nhs_number: NhsNumber
    family_name: str
    given_name: str
    born_on: date
    sex: Sex = Sex.NOT_RECORDED

    def with_id(self, patient_id: str) -> Patient:
        """Return the patient's record, with its id in the vault."""
        names = (self.given_name, self.family_name)
        return Patient(patient_id, *names, self.born_on, self.nhs_number, self.sex)

    def is_of(self, patient: Patient) -> bool:
        """Return whether name, birth and number are that patient's, however apostrophes are."""
        names = (
            (self.family_name, patient.family_name),
            (self.given_name, patient.given_name),
        )
        has_names = all(
            with_plain_apostrophes(one) == with_plain_apostrophes(other) for one, other in names
        )
        facts = (self.nhs_number, self.born_on)
        return has_names and facts == (patient.nhs_number, patient.born_on)


def open_episode(vault: Vault, operator: Operator, typed: TypedPatient) -> EpisodeView:
    """Open an episode for a confirmed patient.

    Raises StationError PATIENT_DIFFERS if the vault has the number with another identity:
    one of the two is the wrong patient.
    """
    known = vault.patients.find_by_nhs_number(typed.nhs_number)
    if known is not None and not typed.is_of(known):
        raise StationError(ErrorCode.PATIENT_DIFFERS)
    patient = known or typed.with_id(new_id())
    if typed.sex is not Sex.NOT_RECORDED:
        patient = replace(patient, sex=typed.sex)
    episode = Episode(new_id(), patient.id, EpisodeState.OPEN, now(), operator.id)
    with vault.transaction():
        vault.patients.save(patient)
        vault.episodes.save(episode)
        unfinished_entry.clear(vault)
    return view_of(vault, episode.id)


def record_consent(
    vault: Vault,
    operator: Operator,
    episode_id: str,
    *,
    given: bool,
    form: ConsentForm,
    secondary_use: bool,
    circumstances: ConsentCircumstances = NOTHING_ASKED,
    uses: tuple[SecondaryUse, ...] = (),
) -> EpisodeView:
    """Record the patient's answer. Without consent to pictures, secondary use is recorded as "no".

    `uses` says for what the pictures may be used beyond the patient's care.

    A "no" after pictures were taken withdraws the consent: no capture is used from then on, and
    all are wiped. If the operator may not wipe them alone (`own_work`), they wait until somebody
    who may records the "no" again, or until the episode is wiped.
    Raises StationError RIGHT_MISSING, TEXT_TOO_LONG, CONSENT_* (see `check_circumstances`);
    STEP_NOT_ALLOWED once the package is made.
    """
    require(operator, Right.CAPTURE)
    check_circumstances(circumstances, given=given)
    episode = vault.episodes.get(episode_id)
    check_changeable(episode)
    has_captures = bool(vault.captures.of_episode(episode_id))
    wipes = has_captures and not given and may_wipe(vault, operator, episode_id)
    why = "" if given else WITHDRAWN if wipes else WITHHELD if has_captures else DECLINED
    before = episode.consent
    if before is not None and before.given == given and (given or not has_captures):
        why = before.no_pictures_because or why  # the same answer again: keep the written reason
    uses = uses if given else ()
    wider = given and secondary_use
    consent = Consent(given, form, wider, now(), operator.id, why, circumstances, uses)
    with vault.transaction():
        vault.episodes.save(replace(episode, consent=consent))
        if wipes:
            vault.withdrawals.wipe_captures(episode_id)
    if wipes:
        vault.withdrawals.remove_files()
        try:
            vault.rotate_index_key()
        except StationError as trouble:  # the next opening does it before anything else
            facts = {**trouble.facts, "step": "key change"}
            raise StationError(trouble.code, **facts) from trouble
    return view_after_change(vault, episode_id)


def save_lesion(
    vault: Vault,
    episode_id: str,
    *,
    lesion_id: str | None,
    site_code: str,
    side: Side | None,
    history: str | None = None,
    spot: Spot | None = None,
    safeguards: Safeguards = NO_SAFEGUARDS,
) -> EpisodeView:
    """Add a lesion with the next number, or correct the one with `lesion_id`.

    Adding a lesion reopens an episode whose pictures were finished. A history of None leaves the
    free text as it is. Raises StationError TEXT_TOO_LONG, STEP_NOT_ALLOWED.
    """
    check_length(history or "", HISTORY_MAX_CHARS)
    check_length(safeguards.chaperone_name, NAME_MAX_CHARS)
    check_changeable(vault.episodes.get(episode_id))
    lesions = vault.lesions.of_episode(episode_id)
    known = next((one for one in lesions if one.id == lesion_id), None)
    text = history.strip() if history is not None else known.history if known else ""
    facts = known.facts if known else _begun(lesions)
    facts = replace(facts, spot=spot, safeguards=safeguards)
    lesion = Lesion(
        lesion_id or new_id(),
        episode_id,
        known.number if known else len(lesions) + len(vault.lesions.removed_of(episode_id)) + 1,
        site_code,
        side,
        text,
        facts,
    )
    with vault.transaction():
        vault.lesions.save(lesion)
        vault.drafts.drop(lesion_draft(episode_id, lesion_id))
        if lesion_id is None and vault.episodes.get(episode_id).state is not EpisodeState.OPEN:
            vault.episodes.change_state(episode_id, EpisodeEvent.REOPENED)
    return view_after_change(vault, episode_id)


def _begun(lesions: tuple[Lesion, ...]) -> LesionFacts:
    """Return the facts of a new lesion: what was answered about the patient with another one."""
    if not lesions:
        return NO_FACTS
    return replace(NO_FACTS, history=about_patient(lesions[0].facts.history))


def save_history(
    vault: Vault, episode_id: str, lesion_id: str, *, history: History, text: str
) -> EpisodeView:
    """Keep the history of a lesion: its answers, notes and free text.

    The answers about the patient are kept for every lesion of the episode.
    Raises StationError TEXT_TOO_LONG, STEP_NOT_ALLOWED once the package is made; LookupError.
    """
    check_length(text, HISTORY_MAX_CHARS)
    lesion = vault.lesions.get(lesion_id)
    if lesion.episode_id != episode_id:
        raise LookupError("a lesion of another episode")
    check_changeable(vault.episodes.get(episode_id))
    with vault.transaction():
        vault.lesions.save(
            replace(lesion, history=text.strip(), facts=replace(lesion.facts, history=history))
        )
        others = (*vault.lesions.of_episode(episode_id), *vault.lesions.removed_of(episode_id))
        for other in others:
            if other.id != lesion_id:
                same = with_patient(other.facts.history, history)
                vault.lesions.save(replace(other, facts=replace(other.facts, history=same)))
        vault.drafts.drop(history_draft(episode_id, lesion_id))
    return view_after_change(vault, episode_id)


def history_draft(episode_id: str, lesion_id: str) -> str:
    """Return the key of the draft of a lesion's history."""
    return f"history:{episode_id}:{lesion_id}"


def lesion_draft(episode_id: str, lesion_id: str | None = None) -> str:
    """Return the key of the draft of a new lesion, or of the correction of an existing one."""
    return f"lesion:{episode_id}:{lesion_id}" if lesion_id else f"lesion:{episode_id}"


def finish_pictures(vault: Vault, episode_id: str) -> EpisodeView:
    """Finish the pictures for now; missing ones are still shown as missing."""
    if vault.episodes.get(episode_id).state is EpisodeState.OPEN:
        vault.episodes.change_state(episode_id, EpisodeEvent.SHOTS_COMPLETED)
    return view_of(vault, episode_id)


def take_more(vault: Vault, episode_id: str) -> EpisodeView:
    """Go back to taking pictures."""
    if vault.episodes.get(episode_id).state is not EpisodeState.OPEN:
        vault.episodes.change_state(episode_id, EpisodeEvent.REOPENED)
    return view_of(vault, episode_id)


def save_summary(
    vault: Vault,
    episode_id: str,
    *,
    histories: dict[str, str],
    question: str,
    route: Route | None,
    no_pictures_because: str | None = None,
    opinions: Mapping[str, Opinion] = NO_CHANGE,
) -> EpisodeView:
    """Keep the entries of the summary page: each lesion's history, the question, the route.

    `opinions` maps lesion ids to what the clinician thinks they are; others stay as they are.
    `no_pictures_because` is why the referral goes without pictures; None leaves it unchanged.
    Raises StationError TEXT_TOO_LONG, STEP_NOT_ALLOWED once the package is made.
    """
    check_length(question, QUESTION_MAX_CHARS)
    check_changeable(vault.episodes.get(episode_id))
    with vault.transaction():
        for lesion in vault.lesions.of_episode(episode_id):
            history = histories.get(lesion.id, lesion.history)
            check_length(history, HISTORY_MAX_CHARS)
            opinion = opinions.get(lesion.id, lesion.facts.opinion)
            facts = replace(lesion.facts, opinion=made_opinion(*astuple(opinion)))
            vault.lesions.save(replace(lesion, history=history, facts=facts))
        episode = replace(vault.episodes.get(episode_id), question=question, route=route)
        if episode.consent is not None and no_pictures_because is not None:
            reason = no_pictures_because.strip()[:REASON_MAX_CHARS]
            consent = replace(episode.consent, no_pictures_because=reason)
            episode = replace(episode, consent=consent)
        vault.episodes.save(episode)
    return view_after_change(vault, episode_id)


def draft(vault: Vault, key: str) -> dict[str, Any]:
    """Return a half-filled form as it was last typed, or an empty one if there is none."""
    return dict(vault.drafts.get(key) or {})


def keep_draft(
    vault: Vault, key: str, typed: dict[str, Any], episode_id: str | None = None
) -> None:
    """Keep a half-filled form, so that a crash loses no keystroke; a wipe removes it too."""
    vault.drafts.put(key, typed, episode_id=episode_id)
