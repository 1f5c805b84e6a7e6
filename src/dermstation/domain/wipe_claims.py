"""What a wipe can claim, for screen and print, and what it cannot.

Source: NIST SP 800-88r2 (cryptographic erase; overwriting proves nothing on an SSD); what the
station itself does: docs/threat-model.md. Claims no more than is true.
"""

PICTURES = "Pictures: the key of their file was destroyed; without it nobody can read what is left."
FILES = (
    "Package files, unencrypted: overwritten and deleted. On an SSD this rests on the encryption of"
    " the disk."
)
NOT_REACHED = (
    "Not reached: backups made earlier, the patient's own copy, and what was copied elsewhere. They"
    " may still hold this episode."
)
CLAIM_LINES = (PICTURES, FILES, NOT_REACHED)
NO_MORE = "This is not a laboratory-proof erasure of the disk."
