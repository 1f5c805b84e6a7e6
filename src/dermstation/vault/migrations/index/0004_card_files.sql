-- Where on a memory card an imported picture lies: noted before it is stored, so that nothing that
-- is still on a card is ever forgotten. path is a JSON string: a card's names need not be Unicode.
-- removed is NULL while the picture is on the card as far as anybody knows.
CREATE TABLE card_files (
    capture_id TEXT PRIMARY KEY,
    episode_id TEXT NOT NULL REFERENCES episodes (id),
    card TEXT NOT NULL,
    path TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    noted_at TEXT NOT NULL,
    method TEXT,
    removed INTEGER
) STRICT;

CREATE INDEX card_files_by_episode ON card_files (episode_id);
