"""Half-typed forms, so that a crash costs no word. Runs in the vault's thread.

A draft of an episode's form names the episode, so that a wipe takes it along.
"""

from collections.abc import Mapping
from typing import Any

from dermstation.vault import columns
from dermstation.vault.connection import Database
from dermstation.vault.tables import insert, or_update


class Drafts:
    """The table of drafts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, key: str, body: Mapping[str, Any], *, episode_id: str | None = None) -> None:
        """Keep a form's present content (plain JSON values) under `key`."""
        with self._database.transaction():
            draft = {"key": key, "episode_id": episode_id, "body": columns.from_json(dict(body))}
            insert(self._database, "drafts", draft, or_update("key", "episode_id", "body"))

    def get(self, key: str) -> dict[str, Any] | None:
        """Return a form's content, or None."""
        text = self._database.value("SELECT body FROM drafts WHERE key = ?", (key,))
        if text is None:
            return None
        body: dict[str, Any] = columns.to_json(text)
        return body

    def drop(self, key: str) -> None:
        """Forget a form's content."""
        with self._database.transaction():
            self._database.change("DELETE FROM drafts WHERE key = ?", (key,))
