"""Sign programs, libraries and the installer with a test authority, and verify what is signed.

The authority is made here, its names say TEST, and no Windows trusts it: it shows that each step
works. A release is signed on Windows with a real certificate: build.ps1 and docs/deploy.md.
"""

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT, SIGNER, TIMESTAMPS, STRANGER = "root", "signer", "timestamps", "stranger"
_NAMES = {
    ROOT: "/O=TEST ONLY/CN=dermstation TEST root, not trusted",
    SIGNER: "/O=TEST ONLY/CN=dermstation TEST signer",
    TIMESTAMPS: "/O=TEST ONLY/CN=dermstation TEST time stamps",
    STRANGER: "/O=TEST ONLY/CN=TEST stranger",
}
_USES = {SIGNER: "codeSigning", TIMESTAMPS: "critical,timeStamping", STRANGER: "codeSigning"}
_OF_LEAF = """\
basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage={use}
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
"""
_PROGRAMS = {".exe", ".dll", ".pyd"}


@dataclass(frozen=True)
class Authority:
    """A folder with the certificates and keys of the test authority."""

    folder: Path

    def make(self) -> None:
        """Make what is missing; keys and certificates are for the tests of this folder alone."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.certificate(STRANGER).exists():
            return
        _openssl(
            *("req", "-x509", "-newkey", "rsa:3072", "-nodes", "-days", "3650"),
            *("-keyout", self.key(ROOT), "-out", self.certificate(ROOT)),
            *("-subj", _NAMES[ROOT], "-addext", "basicConstraints=critical,CA:TRUE"),
            *("-addext", "keyUsage=critical,keyCertSign,cRLSign"),
        )
        for name, use in _USES.items():
            self._issue(name, use)

    def sign(self, file: Path, signer: str = SIGNER) -> None:
        """Sign a program, library or installer in place, with a time stamp."""
        signed = file.with_name(f"{file.name}.signed")
        _call(
            *("osslsigncode", "sign", "-h", "sha256", "-n", "dermstation (TEST)"),
            *("-certs", self.certificate(signer), "-key", self.key(signer)),
            *("-TSA-certs", self.certificate(TIMESTAMPS), "-TSA-key", self.key(TIMESTAMPS)),
            *("-in", file, "-out", signed),
        )
        shutil.copymode(file, signed)
        signed.replace(file)

    def is_signed(self, file: Path) -> bool:
        """Return whether a file is as this authority's signer signed it, with a time stamp."""
        root = self.certificate(ROOT)
        told = _told("osslsigncode", "verify", "-CAfile", root, "-TSA-CAfile", root, "-in", file)
        return told.returncode == 0 and _NAMES[SIGNER].rpartition("=")[2] in told.stdout

    def certificate(self, name: str) -> Path:
        """Return the file of a certificate."""
        return self.folder / f"{name}.pem"

    def key(self, name: str) -> Path:
        """Return the file of a key."""
        return self.folder / f"{name}.key"

    def _issue(self, name: str, use: str) -> None:
        request, facts = self.folder / f"{name}.csr", self.folder / f"{name}.ext"
        facts.write_text(_OF_LEAF.format(use=use))
        _openssl(
            *("req", "-newkey", "rsa:3072", "-nodes", "-keyout", self.key(name)),
            *("-out", request, "-subj", _NAMES[name]),
        )
        _openssl(
            *("x509", "-req", "-in", request, "-days", "3650", "-extfile", facts),
            *("-CA", self.certificate(ROOT), "-CAkey", self.key(ROOT), "-CAcreateserial"),
            *("-out", self.certificate(name)),
        )


def programs(tree: Path) -> list[Path]:
    """Return every program and library below a folder, sorted."""
    return sorted(one for one in tree.rglob("*") if one.suffix.lower() in _PROGRAMS)


def is_signed_by_anyone(file: Path) -> bool:
    """Return whether a file carries a signature that fits its content, whoever made it."""
    told = _told("osslsigncode", "verify", "-ignore-crl", "-in", file).stdout
    return "Current message digest" in told and not re.search("MISMATCH|No signature", told)


def sign_unsigned(tree: Path, authority: Authority) -> int:
    """Sign what nobody signed of a tree; return how many files that were."""
    unsigned = [one for one in programs(tree) if not is_signed_by_anyone(one)]
    for one in unsigned:
        authority.sign(one)
    return len(unsigned)


def _told(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(one) for one in words], capture_output=True, text=True, errors="replace", check=False
    )


def _call(*words: object) -> None:
    told = _told(*words)
    if told.returncode:
        sys.exit(f"{words[0]} failed: {told.stdout[-500:]} {told.stderr[-500:]}")


def _openssl(*words: object) -> None:
    _call("openssl", *words)
