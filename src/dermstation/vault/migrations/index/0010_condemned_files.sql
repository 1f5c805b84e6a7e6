-- Files of episodes whose key was destroyed by a wipe, a withdrawn consent or a cover: they alone
-- are ever overwritten. A row stays for good, so that a copy that is put back goes too.
CREATE TABLE condemned_files (
    file_id TEXT PRIMARY KEY
) STRICT;

INSERT OR IGNORE INTO condemned_files SELECT file_id FROM withdrawals;

INSERT OR IGNORE INTO condemned_files
    SELECT reference FROM wipe_items WHERE kind = 'episode file';

INSERT OR IGNORE INTO condemned_files
    SELECT json_extract(one.value, '$[1]') FROM certificates, json_each(certificates.items) AS one
    WHERE json_extract(one.value, '$[0]') = 'episode file';

-- A picture that was not found on its card was not erased by the station.
UPDATE card_files SET removed = 0, method = 'not found on the card; not erased by the station'
    WHERE method = 'was not on the card any more';

-- Files begun for pictures that move to a new key; until the commit they are no episode's.
CREATE TABLE files_begun (
    file_id TEXT PRIMARY KEY,
    episode_id TEXT NOT NULL REFERENCES episodes (id) ON DELETE CASCADE
) STRICT;
