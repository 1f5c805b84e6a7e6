"""The records of who sent an episode for review, and who reviewed it. Runs in the vault's thread.

Neither holds for an episode that is taken up again: `Episodes` ends both with that move.
"""

from dermstation.domain.audit import AuditEvent
from dermstation.domain.records import Review, ReviewRequest, now
from dermstation.vault import columns
from dermstation.vault.audit import Audit
from dermstation.vault.connection import Database
from dermstation.vault.tables import OR_IGNORE, Table, insert, replace

_REVIEWS = Table("reviews", Review)
_REQUESTS = Table("review_requests", ReviewRequest)


class Reviews:
    """The tables of reviews that are asked for and of reviews made."""

    def __init__(self, database: Database, audit: Audit) -> None:
        self._database = database
        self._audit = audit

    def ask(self, episode_id: str, operator_id: str) -> None:
        """Send an episode for review; one that was already sent stays as it is."""
        with self._database.transaction():
            if self._request(episode_id, operator_id):
                self._audit.append(
                    AuditEvent.REVIEW_ASKED, operator_id=operator_id, episode_id=episode_id
                )

    def asked(self, episode_id: str) -> ReviewRequest | None:
        """Return who asked for a review, or None if nobody did or it is done."""
        return self.asked_of((episode_id,)).get(episode_id)

    def asked_of(self, episode_ids: tuple[str, ...]) -> dict[str, ReviewRequest]:
        """Map those episodes that wait for a review to who asked for it."""
        these = f"WHERE episode_id IN ({columns.marks(episode_ids)})"
        rows = self._database.rows(f"{_REQUESTS.select('episode_id')} {these}", episode_ids)
        return {row["episode_id"]: _REQUESTS.read(row) for row in rows}

    def save(self, episode_id: str, review: Review) -> None:
        """Store a review in place of an earlier one; the episode no longer waits for it."""
        with self._database.transaction():
            self._database.change("DELETE FROM review_requests WHERE episode_id = ?", (episode_id,))
            made = {"episode_id": episode_id, **_REVIEWS.write(review)}
            replace(self._database, "reviews", made)
            self._audit.append(
                AuditEvent.REVIEWED,
                operator_id=review.reviewed_by,
                episode_id=episode_id,
                content=review.content,
            )

    def get(self, episode_id: str) -> Review | None:
        """Return an episode's review, or None."""
        found = _REVIEWS.find(self._database, "WHERE episode_id = ?", (episode_id,))
        return found[0] if found else None

    def void(self, episode_id: str, *, asked_by: str) -> None:
        """Withdraw a review because its content has changed; it is asked for again.

        Does nothing if there is no review.
        """
        with self._database.transaction():
            if not self._database.change("DELETE FROM reviews WHERE episode_id = ?", (episode_id,)):
                return
            self._request(episode_id, asked_by)
            self._audit.append(
                AuditEvent.REVIEW_VOIDED, operator_id=asked_by, episode_id=episode_id
            )

    def _request(self, episode_id: str, operator_id: str) -> bool:
        request = {"episode_id": episode_id, **_REQUESTS.write(ReviewRequest(now(), operator_id))}
        return insert(self._database, "review_requests", request, OR_IGNORE) > 0
