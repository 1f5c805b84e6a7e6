"""Encrypt the summary as a PDF that only a passphrase opens: AES-256, which PDF readers support.

Encryption is random: the same PDF never gives the same bytes twice. Works in memory.
"""

import logging
import secrets
from io import BytesIO

from mnemonic import Mnemonic

_WORDS = 6  # out of 2,048; the passphrases that are short enough give 62 bits
_CHARS_MOST = 32  # every PDF reader accepts this many, even old and simple ones
_ALGORITHM = "AES-256"


def new_passphrase() -> str:
    """Return a new passphrase of six plain English words, to be shown once and stored nowhere."""
    words = Mnemonic("english").wordlist
    while True:
        passphrase = " ".join(secrets.choice(words) for _ in range(_WORDS))
        if len(passphrase) <= _CHARS_MOST:
            return passphrase


def sealed_pdf(pdf: bytes, passphrase: str) -> bytes:
    """Return the PDF encrypted, including its title and keywords."""
    from pypdf import PdfReader, PdfWriter  # noqa: PLC0415 - 14 MiB, for a package

    writer = PdfWriter(clone_from=PdfReader(BytesIO(pdf)))
    writer.pdf_header = "%PDF-2.0"  # the first version with this encryption (ISO 32000-2)
    writer.encrypt(passphrase, algorithm=_ALGORITHM)
    written = BytesIO()
    writer.write(written)
    return written.getvalue()


def opens_to(sealed: bytes, passphrase: str, pdf: bytes) -> bool:
    """Return whether a sealed PDF opens only with the passphrase and shows the same as `pdf`."""
    from pypdf import PdfReader  # noqa: PLC0415 - as above

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader, original = PdfReader(BytesIO(sealed)), PdfReader(BytesIO(pdf))
        if not reader.is_encrypted or reader.decrypt("") or not reader.decrypt(passphrase):
            return False
        pages = [page.get_contents() for page in reader.pages]
        wanted = [page.get_contents() for page in original.pages]
        return [one and one.get_data() for one in pages] == [
            one and one.get_data() for one in wanted
        ]
    except Exception:  # noqa: BLE001 - damaged bytes may make pypdf raise anything
        return False
