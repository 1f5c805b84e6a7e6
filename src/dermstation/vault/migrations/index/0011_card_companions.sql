-- Companions, which are other files of an imported picture's shot that lie on the same card: raw, film, edited and second
-- copies. A row is written before the station touches the card, and says what became of the file.
-- removed is NULL while it is on the card as far as anybody knows. serial is that of the card's file
-- system, "" if the system does not tell: two cards may have the same label.
ALTER TABLE card_files ADD COLUMN serial TEXT NOT NULL DEFAULT '';

CREATE TABLE card_companions (
    episode_id TEXT NOT NULL REFERENCES episodes (id),
    capture_id TEXT NOT NULL,
    card TEXT NOT NULL,
    serial TEXT NOT NULL,
    path TEXT NOT NULL,
    is_certain INTEGER NOT NULL,
    noted_at TEXT NOT NULL,
    method TEXT,
    removed INTEGER,
    PRIMARY KEY (episode_id, card, serial, path)
) STRICT;
