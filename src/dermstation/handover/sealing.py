"""The summary as a PDF that only a passphrase opens: AES-256, as every PDF reader knows it.

Encrypting is random by nature: the same PDF never gives the same bytes twice. Pure, in memory.
"""

import logging
import secrets
from io import BytesIO

from mnemonic import Mnemonic
from pypdf import PdfReader, PdfWriter

SEALED_PDF = "application/pdf; encrypted"
_WORDS = 6  # of 2,048; those whose passphrase is short enough: 62 bits
_CHARS_MOST = 32  # what every PDF reader takes, old and simple ones too
_ALGORITHM = "AES-256"


def new_passphrase() -> str:
    """Make a passphrase of six plain English words, to be shown once and kept nowhere."""
    words = Mnemonic("english").wordlist
    while True:
        passphrase = " ".join(secrets.choice(words) for _ in range(_WORDS))
        if len(passphrase) <= _CHARS_MOST:
            return passphrase


def sealed_pdf(pdf: bytes, passphrase: str) -> bytes:
    """Encrypt a PDF; its title and keywords are inside the encryption."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(pdf)))
    writer.encrypt(passphrase, algorithm=_ALGORITHM)
    written = BytesIO()
    writer.write(written)
    return written.getvalue()


def opens_to(sealed: bytes, passphrase: str, pdf: bytes) -> bool:
    """Tell whether a sealed PDF opens to what `pdf` shows, and with the passphrase alone."""
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
    except Exception:  # noqa: BLE001 - whatever pypdf makes of damaged bytes, it does not open
        return False
