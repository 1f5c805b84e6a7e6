"""The only exception that carries a known trouble to the person at the screen.

A `StationError` says what happened by a code and facts; the words are in `workflow.messages`. It
never carries prose or anything about a patient. Any other exception is a bug.
"""

from collections.abc import Callable
from enum import StrEnum
from functools import partial


class ErrorCode(StrEnum):
    """Everything that can go wrong and that a person can do something about."""

    # the patient's identity
    NHS_NUMBER_EMPTY = "nhs_number_empty"
    NHS_NUMBER_CHARACTERS = "nhs_number_characters"
    NHS_NUMBER_LENGTH = "nhs_number_length"
    NHS_NUMBER_CHECK_DIGIT = "nhs_number_check_digit"
    NHS_NUMBER_REPEATED = "nhs_number_repeated"
    SCAN_NOT_KNOWN = "scan_not_known"
    NAME_EMPTY = "name_empty"
    NAME_TOO_LONG = "name_too_long"
    NAME_CHARACTERS = "name_characters"
    BIRTH_DATE_FORMAT = "birth_date_format"
    BIRTH_DATE_FUTURE = "birth_date_future"
    BIRTH_DATE_TOO_LONG_AGO = "birth_date_too_long_ago"
    PATIENT_DIFFERS = "patient_differs"
    TEST_NUMBER = "test_number"
    REAL_NUMBER = "real_number"
    PATIENT_FILE_INVALID = "patient_file_invalid"
    PATIENT_FILE_UNREADABLE = "patient_file_unreadable"
    PATIENT_FILE_OTHER = "patient_file_other"
    PATIENT_FILE_STAYS = "patient_file_stays"
    PATIENT_FILE_FOREIGN = "patient_file_foreign"
    PATIENT_FOLDER_ABSENT = "patient_folder_absent"
    PATIENT_FOLDER_FULL = "patient_folder_full"

    # the way through an episode
    STEP_NOT_ALLOWED = "step_not_allowed"
    EPISODE_NOT_KNOWN = "episode_not_known"
    CONSENT_MISSING = "consent_missing"
    CONSENT_NEEDS_OTHER = "consent_needs_other"
    CONSENT_GIVER_MISSING = "consent_giver_missing"
    CONSENT_ROLE_MISSING = "consent_role_missing"
    CONSENT_CAN_DECIDE = "consent_can_decide"
    ROUTE_MISSING = "route_missing"
    LESION_MISSING = "lesion_missing"
    LESION_EMPTY = "lesion_empty"
    PRACTICE_NOT_OPENED = "practice_not_opened"
    LESION_NOT_THERE = "lesion_not_there"
    INTIMATE_NOT_ASKED = "intimate_not_asked"
    IDENTIFIABLE_NOT_ASKED = "identifiable_not_asked"
    HISTORY_MISSING = "history_missing"
    QUESTION_MISSING = "question_missing"
    SHOT_MISSING = "shot_missing"
    RADS_PICTURES_MISSING = "rads_pictures_missing"
    RADS_NOT_TOLD = "rads_not_told"
    TOLD_MISSING = "told_missing"
    DERMOSCOPY_REASON_MISSING = "dermoscopy_reason_missing"
    OVERRIDE_REASON_MISSING = "override_reason_missing"
    LEFT_OUT_REASON_MISSING = "left_out_reason_missing"
    COVER_MISSING = "cover_missing"
    NOTHING_DRAWN = "nothing_drawn"
    ORIGINAL_WIPED = "original_wiped"
    TEXT_TOO_LONG = "text_too_long"
    PATHWAY_NOT_USABLE = "pathway_not_usable"
    HOW_TO_LINK_INVALID = "how_to_link_invalid"
    PATHWAY_LINK_INVALID = "pathway_link_invalid"
    PICTURE_POLICY_INVALID = "picture_policy_invalid"
    HOW_TO_FILE_ABSENT = "how_to_file_absent"
    HOW_TO_NOT_OPENED = "how_to_not_opened"
    NOTE_NOT_KNOWN = "note_not_known"
    CHAPERONE_NOT_ASKED = "chaperone_not_asked"
    SCORE_NOT_ACKNOWLEDGED = "score_not_acknowledged"
    REVIEW_MISSING = "review_missing"
    HANDOVER_NOT_CONFIRMED = "handover_not_confirmed"

    # rights and operators
    RIGHT_MISSING = "right_missing"
    PROFESSIONAL_NUMBER_FORMAT = "professional_number_format"
    OPERATOR_NAME_TAKEN = "operator_name_taken"
    OPERATOR_NOT_KNOWN = "operator_not_known"
    OPERATOR_NEEDED = "operator_needed"
    OPERATORS_FULL = "operators_full"

    # the camera
    CAMERA_NOT_KNOWN = "camera_not_known"
    CAMERA_ABSENT = "camera_absent"
    CAMERA_OTHER = "camera_other"
    CAMERA_ALIKE = "camera_alike"
    CAMERA_BUSY = "camera_busy"
    CAMERA_REFUSED = "camera_refused"
    CAMERA_STALLED = "camera_stalled"
    CAMERA_FAILED = "camera_failed"
    CAMERA_CERTIFICATE = "camera_certificate"
    CAMERA_SLOW = "camera_slow"
    CAMERA_TORN = "camera_torn"
    CAMERA_BLACK = "camera_black"
    CAMERA_WHITE = "camera_white"
    CAMERA_COLOURS = "camera_colours"
    CAMERA_MEMORY = "camera_memory"
    FRAME_STALE = "frame_stale"
    FRAME_WRONG = "frame_wrong"
    HELD_LOST = "held_lost"

    # a standalone camera's memory card
    CARD_ABSENT = "card_absent"
    CARD_UNREADABLE = "card_unreadable"
    CARD_EMPTY = "card_empty"
    CARD_PICTURE_KNOWN = "card_picture_known"
    CARD_NOT_VERIFIED = "card_not_verified"

    # the scale of a picture
    SCALE_SPAN_SHORT = "scale_span_short"
    SCALE_SPANS_FEW = "scale_spans_few"
    SCALE_ONE_DIRECTION = "scale_one_direction"
    SCALE_TOO_UNSURE = "scale_too_unsure"
    SCALE_NOT_CONTACT = "scale_not_contact"
    SCALE_NOT_MEASURED = "scale_not_measured"
    SCALE_OTHER_SIZE = "scale_other_size"
    SCALE_CAMERA_NAMELESS = "scale_camera_nameless"
    SCALE_NOT_KEPT = "scale_not_kept"

    # the colour chart
    CHART_NOT_FOUND = "chart_not_found"
    CHART_TOO_BRIGHT = "chart_too_bright"

    # images
    IMAGE_UNREADABLE = "image_unreadable"
    IMAGE_TOO_LARGE = "image_too_large"

    # secrets and keys
    SECRET_WEAK = "secret_weak"  # noqa: S105 - a code, not a secret
    SECRET_WRONG = "secret_wrong"  # noqa: S105
    SECRET_WAIT = "secret_wait"  # noqa: S105
    SECRET_NOT_GIVEN = "secret_not_given"  # noqa: S105
    SECRET_FILE_REFUSED = "secret_file_refused"  # noqa: S105
    RECOVERY_KEY_MISTYPED = "recovery_key_mistyped"
    RECOVERY_KEY_WRONG = "recovery_key_wrong"
    KEYSTORE_FAILED = "keystore_failed"
    KEYS_DAMAGED = "keys_damaged"
    KEYS_ASIDE_FULL = "keys_aside_full"
    OPERATOR_REFUSED = "operator_refused"

    # the vault
    HOME_CLOSED = "home_closed"
    HOME_NOT_MADE = "home_not_made"
    STORE_NOT_EMPTY = "store_not_empty"
    TAKE_OVER_TAKEN = "take_over_taken"
    TAKE_OVER_FILES = "take_over_files"
    TAKE_OVER_DAMAGED = "take_over_damaged"
    VAULT_ABSENT = "vault_absent"
    VAULT_EXISTS = "vault_exists"
    VAULT_IN_USE = "vault_in_use"
    VAULT_LOCKED = "vault_locked"
    VAULT_DAMAGED = "vault_damaged"
    VAULT_NEWER = "vault_newer"
    VAULT_DISK_FULL = "vault_disk_full"
    VAULT_READ_ONLY = "vault_read_only"
    VAULT_WRITE_FAILED = "vault_write_failed"
    CIPHER_MISSING = "cipher_missing"
    CAPTURE_CHANGED = "capture_changed"
    EPISODE_FILE_MISSING = "episode_file_missing"
    BACKUP_FAILED = "backup_failed"
    BACKUP_DAMAGED = "backup_damaged"
    RESTORE_PLACE_TAKEN = "restore_place_taken"
    EXPORT_FAILED = "export_failed"
    REVIEW_DATE_FORMAT = "review_date_format"
    RETAIN_REASON_MISSING = "retain_reason_missing"

    # the package and its wipe
    PACKAGE_FOLDER_ABSENT = "package_folder_absent"
    PACKAGE_FOLDER_NOT_OPENED = "package_folder_not_opened"
    PACKAGE_FOLDER_READ_ONLY = "package_folder_read_only"
    PACKAGE_DISK_FULL = "package_disk_full"
    PACKAGE_CANCELLED = "package_cancelled"
    PACKAGE_WRITE_FAILED = "package_write_failed"
    PACKAGE_TOO_BIG = "package_too_big"
    PACKAGE_TOO_MANY_FILES = "package_too_many_files"
    PACKAGE_DEVICE_UNKNOWN = "package_device_unknown"
    PLACE_SYNCED = "place_synced"
    PLACE_NETWORK = "place_network"
    PLACE_SHARED = "place_shared"
    PLACE_REMOVABLE = "place_removable"
    EMAIL_ADDRESS = "email_address"
    EMAIL_DOMAIN = "email_domain"
    EMAIL_TOO_BIG = "email_too_big"
    PACKAGE_NOT_VERIFIED = "package_not_verified"
    PACKAGE_MOVED = "package_moved"
    WIPE_INCOMPLETE = "wipe_incomplete"
    ARCHIVE_NOT_STORED = "archive_not_stored"
    ARCHIVE_DIFFERS = "archive_differs"
    ARCHIVE_OTHER = "archive_other"
    ARCHIVE_CORRECTED = "archive_corrected"
    ARCHIVE_NOT_PROVEN = "archive_not_proven"
    COPY_NOT_SAVED = "copy_not_saved"
    COPY_NOT_PRINTED = "copy_not_printed"
    PRINTER_ABSENT = "printer_absent"
    CERTIFICATE_NOT_PRINTED = "certificate_not_printed"
    CERTIFICATE_NOT_SAVED = "certificate_not_saved"

    # the archive and the worklist
    ARCHIVE_NOT_SET = "archive_not_set"
    ARCHIVE_UNREACHABLE = "archive_unreachable"
    ARCHIVE_CERTIFICATE = "archive_certificate"
    ARCHIVE_OWN_CERTIFICATE = "archive_own_certificate"
    ARCHIVE_REFUSED = "archive_refused"
    ARCHIVE_TITLE = "archive_title"
    ARCHIVE_FORMAT = "archive_format"
    ARCHIVE_FULL = "archive_full"
    ARCHIVE_FAILED = "archive_failed"
    ARCHIVE_ANSWER = "archive_answer"
    ARCHIVE_TOKEN = "archive_token"  # noqa: S105 - a code, not a secret

    # settings, and the PC itself
    SETTING_INVALID = "setting_invalid"
    SETTING_FIXED = "setting_fixed"  # by IT, for this PC
    SETTING_NOT_KEPT = "setting_not_kept"
    OUT_NOT_WRITTEN = "out_not_written"
    MEDIA_ABSENT = "media_absent"
    SCREEN_ABSENT = "screen_absent"


class StationError(Exception):
    """A problem that a person can act on: its code, and facts without prose or identity."""

    def __init__(self, code: ErrorCode, **facts: object) -> None:
        super().__init__(code.value)
        self.code = code
        self.facts = facts

    def __reduce__(self) -> tuple[Callable[[], "StationError"], tuple[()]]:
        """Keep the facts when the error passes between processes; pickle alone would drop them."""
        return partial(StationError, self.code, **self.facts), ()

    def __repr__(self) -> str:
        facts = ", ".join(f"{name}={value!r}" for name, value in self.facts.items())
        return f"StationError({self.code.value}{', ' if facts else ''}{facts})"
