"""The entries of the audit: who did what to which thing, and when; only ids, never identity."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class AuditEvent(StrEnum):
    """Every kind of event that is recorded."""

    # operators
    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGN_IN_REFUSED = "sign_in_refused"  # a secret or key that the vault does not accept any more
    RECOVERED = "recovered"  # signed in with the recovery key
    LOCKED = "locked"
    CONTINUED = "continued"  # in a fresh process, after a wipe
    OPERATOR_ADDED = "operator_added"
    OPERATOR_CHANGED = "operator_changed"
    OPERATOR_REVOKED = "operator_revoked"
    SECRET_CHANGED = "secret_changed"  # noqa: S105 - an event, not a secret

    # what happens to an episode
    EPISODE_OPENED = "episode_opened"
    VIEWED = "viewed"
    CONSENT_RECORDED = "consent_recorded"
    CAPTURES_WIPED = "captures_wiped"  # consent was withdrawn
    CAPTURED = "captured"
    OVERRIDDEN = "overridden"
    COPY_MARKED = "copy_marked"
    COPY_COVERED = "copy_covered"
    COPY_DROPPED = "copy_dropped"  # a marked or covered copy is not used any more
    ORIGINAL_WIPED = "original_wiped"  # after it was covered
    LEFT_OUT = "left_out"
    PUT_BACK = "put_back"  # a left-out picture is in the package again
    LESION_REMOVED = "lesion_removed"
    LESION_BROUGHT_BACK = "lesion_brought_back"
    NOTHING_TO_COVER = "nothing_to_cover"
    TURNED = "turned"  # a quarter turn to the right; no byte of it changed
    ERASED_FROM_CARD = "erased_from_card"
    REVIEW_ASKED = "review_asked"  # sent for review
    REVIEWED = "reviewed"
    REVIEW_VOIDED = "review_voided"  # the episode was changed after its review
    PACKAGED = "packaged"
    PACKAGE_WITHDRAWN = "package_withdrawn"
    ARCHIVE_QUEUED = "archive_queued"  # for the image archive
    ARCHIVE_PROVEN = "archive_proven"  # read back and found equal
    HANDED_OVER = "handed_over"
    COPY_GIVEN = "copy_given"  # of one capture, to the patient
    RETAINED = "retained"
    REOPENED = "reopened"
    WIPE_BEGUN = "wipe_begun"
    WIPED = "wiped"

    # the store itself
    AUDIT_EXPORTED = "audit_exported"
    POLICY_CHANGED = "policy_changed"
    SETTINGS_SAVED = "settings_saved"  # by an administrator, on the page
    BACKED_UP = "backed_up"
    RESTORED = "restored"
    TAKEN_OVER = "taken_over"  # from one account into the home that all of the PC share
    OLD_PLACE_WIPED = "old_place_wiped"  # in that account
    OLD_COPY_NOTICED = "old_copy_noticed"
    KEY_FILE_REFUSED = "key_file_refused"  # not this vault's own: set aside
    KEY_FILE_MENDED = "key_file_mended"  # one was missing or damaged
    TRIES_PUT_BACK = "tries_put_back"  # the count of tries is smaller than it was


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One entry of the chain; `mac` binds it to all entries before it."""

    number: int
    at: datetime
    event: AuditEvent
    operator_id: str
    episode_id: str
    subject: str  # the id of the capture, package, wipe or operator that it is about
    facts: dict[str, object] = field(default_factory=dict)  # numbers and technical words only
    mac: str = ""


class AuditFault(StrEnum):
    """A way in which the chain can be wrong."""

    CHANGED = "changed"  # an entry is not as it was written
    CUT_OUT = "cut_out"  # entries are missing in the middle
    CUT_OFF = "cut_off"  # the newest entries are missing: cut off, or an old index was put back
    PUT_BACK = "put_back"  # the chain is not the one that the key files know
    KEYS_PUT_BACK = "keys_put_back"  # the key files are older than the index
    ANCHOR_CHANGED = "anchor_changed"  # this vault did not write the chain's end in the key files
    NOTICED_BEFORE = "noticed_before"  # an old copy was put back earlier, and this was recorded


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """One thing wrong with the chain: from which entry to which, counted from 1."""

    fault: AuditFault
    first: int
    last: int
