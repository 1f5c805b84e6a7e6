-- What was asked about a lesion: JSON of domain.findings, without what was not asked.
ALTER TABLE lesions ADD COLUMN facts TEXT NOT NULL DEFAULT '{}';

-- Files of captures that were wiped because consent was withdrawn. A row stays until the index
-- key has been changed.
CREATE TABLE withdrawals (
    file_id TEXT PRIMARY KEY
) STRICT;

-- Whether the patient was told that the referral may become one for suspected cancer.
CREATE TABLE route_notes (
    episode_id TEXT PRIMARY KEY REFERENCES episodes (id) ON DELETE CASCADE,
    told TEXT NOT NULL
) STRICT;
