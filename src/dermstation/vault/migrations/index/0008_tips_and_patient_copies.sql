-- When an operator closed the tip of a shot last.
CREATE TABLE tips_closed (
    operator_id TEXT NOT NULL,
    shot TEXT NOT NULL,
    closed_at TEXT NOT NULL,
    PRIMARY KEY (operator_id, shot)
) STRICT;

-- Copies of captures that were given to the patient: no bytes, no password.
CREATE TABLE patient_copies (
    id TEXT PRIMARY KEY,
    episode_id TEXT NOT NULL REFERENCES episodes (id) ON DELETE CASCADE,
    capture_id TEXT NOT NULL,
    form TEXT NOT NULL,
    given_at TEXT NOT NULL,
    given_by TEXT NOT NULL
) STRICT;

-- What a certificate says of such copies: they are not the station's to wipe.
ALTER TABLE certificates ADD COLUMN copies TEXT NOT NULL DEFAULT '[]';
