"""Half-typed forms, so that a crash costs no word. Runs in the vault's thread.

A draft of an episode's form names the episode, so that a wipe takes it along.
"""

from collections.abc import Mapping
from typing import Any

from dermstation.vault import columns
from dermstation.vault.connection import Database


class Drafts:
    """The table of drafts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, key: str, body: Mapping[str, Any], *, episode_id: str | None = None) -> None:
        """Keep a form's present content (plain JSON values) under `key`."""
        with self._database.transaction():
            self._database.change(
                "INSERT INTO drafts VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET"
                " episode_id = excluded.episode_id, body = excluded.body",
                (key, episode_id, columns.from_json(dict(body))),
            )

    def get(self, key: str) -> dict[str, Any] | None:
        """Return a form's content, or None."""
        row = self._database.row("SELECT body FROM drafts WHERE key = ?", (key,))
        if row is None:
            return None
        body: dict[str, Any] = columns.to_json(row[0])
        return body

    def drop(self, key: str) -> None:
        """Forget a form's content."""
        with self._database.transaction():
            self._database.change("DELETE FROM drafts WHERE key = ?", (key,))
