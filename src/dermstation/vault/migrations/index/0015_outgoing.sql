-- DICOM objects on their way to the image archive. datasets: the hashes of what was sent under the
-- UID, a JSON list. The bytes are made anew from the capture for each try.
CREATE TABLE outgoing (
    instance_uid TEXT PRIMARY KEY,
    episode_id TEXT NOT NULL REFERENCES episodes (id),
    capture_id TEXT NOT NULL,
    state TEXT NOT NULL,
    queued_at TEXT NOT NULL,
    pixels_sha256 TEXT NOT NULL,
    datasets TEXT NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    next_try_at TEXT,
    trouble TEXT NOT NULL DEFAULT '',
    facts TEXT NOT NULL DEFAULT '{}',
    proven_at TEXT,
    archive TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX outgoing_by_episode ON outgoing (episode_id);
