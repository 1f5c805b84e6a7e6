"""What a wipe can claim, for screen and print, and what it cannot.

Source: NIST SP 800-88r2 (cryptographic erase; overwriting proves nothing on an SSD); what the
station itself does: docs/threat-model.md. Claims no more than is true.
"""

SOURCE = "NIST SP 800-88r2; docs/threat-model.md"
PICTURES = "Pictures: the key of their file was destroyed; without it nobody can read what is left."
FILES = (
    "Package files, unencrypted: overwritten and deleted. On an SSD this rests on the encryption of"
    " the disk."
)
NOT_REACHED = (
    "Not reached: any backup made earlier, any copy given to the patient, what was copied"
    " elsewhere, and small pictures that a file browser of this PC may have kept. They may still"
    " hold this episode."
)
IDENTITY = "Name, NHS number, date of birth: deleted from the encrypted index; its key is changed."
CLAIM_LINES = (PICTURES, IDENTITY, FILES, NOT_REACHED)
NO_MORE = "This is not a laboratory-proof erasure of the disk."
