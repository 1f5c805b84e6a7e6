"""The anchor: how far the audit had got, kept in the key files and proved by the audit's key.

Pure. If an old index is put back, it is older than its anchor, and without the audit's key nobody
can forge a matching anchor. If the index and the key files are put back together from the same
moment, this cannot be detected.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_PURPOSE = b"dermstation audit anchor v1"


@dataclass(frozen=True, slots=True)
class Anchor:
    """The number of audit entries and the MAC of the last one; `proof` is an HMAC over both."""

    count: int
    head: str
    proof: str

    def is_proved_by(self, audit_key: bytes) -> bool:
        """Return whether this was written by someone who holds the audit's key."""
        return hmac.compare_digest(self.proof, _proof(audit_key, self.count, self.head))

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return {"count": self.count, "head": self.head, "proof": self.proof}

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | None) -> "Anchor | None":
        """Return the anchor for values from `to_json`, or None for None."""
        if data is None:
            return None
        return cls(int(data["count"]), str(data["head"]), str(data["proof"]))


def make_anchor(audit_key: bytes, count: int, head: str) -> Anchor:
    """Return an anchor for an audit of `count` entries whose last MAC is `head`."""
    return Anchor(count, head, _proof(audit_key, count, head))


def _proof(audit_key: bytes, count: int, head: str) -> str:
    return hmac.new(audit_key, _PURPOSE + f" {count} {head}".encode(), hashlib.sha256).hexdigest()
