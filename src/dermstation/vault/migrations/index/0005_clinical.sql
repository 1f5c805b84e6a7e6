-- What was asked about a lesion: JSON of domain.findings, without what was not asked.
ALTER TABLE lesions ADD COLUMN facts TEXT NOT NULL DEFAULT '{}';

-- Files of captures that were wiped because consent was withdrawn. A row stays until the index
-- key has been changed.
CREATE TABLE withdrawals (
    file_id TEXT PRIMARY KEY
) STRICT;
