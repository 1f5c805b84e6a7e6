"""What the key files know of the index: how far its audit had come, proved by the audit's key.

Pure. An index that is put back is then older than its anchor; without the key nobody can make an
anchor that fits. Index and key files put back together, from one moment, cannot be told from
the past.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_PURPOSE = b"dermstation audit anchor v1"


@dataclass(frozen=True, slots=True)
class Anchor:
    """Count of audit entries and the last one's MAC; `proof` is an HMAC over both."""

    count: int
    head: str
    proof: str

    def is_proved_by(self, audit_key: bytes) -> bool:
        """Tell whether this was written by whoever holds the audit's key."""
        return hmac.compare_digest(self.proof, _proof(audit_key, self.count, self.head))

    def to_json(self) -> dict[str, Any]:
        """Give plain JSON values."""
        return {"count": self.count, "head": self.head, "proof": self.proof}

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | None) -> "Anchor | None":
        """Read what `to_json` gave, or None."""
        if data is None:
            return None
        return cls(int(data["count"]), str(data["head"]), str(data["proof"]))


def make_anchor(audit_key: bytes, count: int, head: str) -> Anchor:
    """Anchor an audit of `count` entries whose last MAC is `head`."""
    return Anchor(count, head, _proof(audit_key, count, head))


def _proof(audit_key: bytes, count: int, head: str) -> str:
    return hmac.new(audit_key, _PURPOSE + f" {count} {head}".encode(), hashlib.sha256).hexdigest()
