-- The index: who, what and when; no pixels. Instants are ISO 8601 in UTC with microseconds.

CREATE TABLE operators (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    role TEXT NOT NULL
) STRICT;

CREATE TABLE patients (
    id TEXT PRIMARY KEY,
    given_name TEXT NOT NULL,
    family_name TEXT NOT NULL,
    born_on TEXT NOT NULL,
    nhs_number TEXT NOT NULL UNIQUE
) STRICT;

-- file_key is the only copy of the key of episodes/<file_id>.db; a wipe overwrites it with zeros.
CREATE TABLE episodes (
    id TEXT PRIMARY KEY,
    patient_id TEXT NOT NULL REFERENCES patients (id),
    state TEXT NOT NULL,
    opened_at TEXT NOT NULL,
    opened_by TEXT NOT NULL,
    consent TEXT,
    route TEXT,
    question TEXT NOT NULL,
    file_id TEXT NOT NULL UNIQUE,
    file_key BLOB NOT NULL CHECK (length(file_key) = 32)
) STRICT;

CREATE INDEX episodes_by_patient ON episodes (patient_id);

CREATE TABLE lesions (
    id TEXT PRIMARY KEY,
    episode_id TEXT NOT NULL REFERENCES episodes (id),
    number INTEGER NOT NULL,
    site_code TEXT NOT NULL,
    side TEXT,
    history TEXT NOT NULL,
    UNIQUE (episode_id, number),
    UNIQUE (id, episode_id)
) STRICT;

-- The pair of keys keeps a capture from being filed under a lesion of another patient's episode.
CREATE TABLE captures (
    id TEXT PRIMARY KEY,
    episode_id TEXT NOT NULL,
    lesion_id TEXT NOT NULL,
    shot TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    captured_at TEXT NOT NULL,
    captured_by TEXT NOT NULL,
    camera TEXT NOT NULL,
    report TEXT NOT NULL,
    override_reason TEXT,
    FOREIGN KEY (lesion_id, episode_id) REFERENCES lesions (id, episode_id)
) STRICT;

CREATE INDEX captures_by_episode ON captures (episode_id);
CREATE INDEX captures_by_lesion ON captures (lesion_id, episode_id);

CREATE TABLE packages (
    id TEXT PRIMARY KEY,
    episode_id TEXT NOT NULL REFERENCES episodes (id),
    folder TEXT NOT NULL,
    files TEXT NOT NULL,
    created_at TEXT NOT NULL,
    created_by TEXT NOT NULL,
    verified_at TEXT
) STRICT;

CREATE INDEX packages_by_episode ON packages (episode_id);

-- Every file written in the clear, noted before it is written.
CREATE TABLE package_files (
    package_id TEXT NOT NULL REFERENCES packages (id) ON DELETE CASCADE,
    path TEXT NOT NULL,
    noted_at TEXT NOT NULL,
    PRIMARY KEY (package_id, path)
) STRICT;

CREATE TABLE hand_overs (
    episode_id TEXT PRIMARY KEY REFERENCES episodes (id),
    hand_over TEXT NOT NULL
) STRICT;

CREATE TABLE drafts (
    key TEXT PRIMARY KEY,
    episode_id TEXT REFERENCES episodes (id),
    body TEXT NOT NULL
) STRICT;

CREATE INDEX drafts_by_episode ON drafts (episode_id);

-- Wipes under way. A row stays, as "rotating", until the index key is another one.
CREATE TABLE wipes (
    id TEXT PRIMARY KEY,
    episode_id TEXT NOT NULL UNIQUE,
    stage TEXT NOT NULL CHECK (stage IN ('begun', 'rotating')),
    wiped_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    hand_over TEXT,
    started_at TEXT NOT NULL
) STRICT;

-- removed is NULL until somebody has tried.
CREATE TABLE wipe_items (
    wipe_id TEXT NOT NULL REFERENCES wipes (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    reference TEXT NOT NULL,
    sha256 TEXT,
    method TEXT NOT NULL,
    removed INTEGER,
    PRIMARY KEY (wipe_id, position),
    UNIQUE (wipe_id, kind, reference)
) STRICT;

CREATE TABLE certificates (
    id TEXT PRIMARY KEY,
    episode_id TEXT NOT NULL,
    items TEXT NOT NULL,
    hand_over TEXT,
    started_at TEXT NOT NULL,
    finished_at TEXT NOT NULL,
    wiped_by TEXT NOT NULL,
    reason TEXT NOT NULL
) STRICT;
