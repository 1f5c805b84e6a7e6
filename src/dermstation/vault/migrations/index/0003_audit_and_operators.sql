-- The audit: a chain of entries, each bound to the one before by an HMAC; ids only, no identity.
-- keys_generation is the generation of the key files that the writer knew of.
CREATE TABLE audit (
    number INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    event TEXT NOT NULL,
    operator_id TEXT NOT NULL,
    episode_id TEXT NOT NULL,
    subject TEXT NOT NULL,
    facts TEXT NOT NULL,
    keys_generation INTEGER NOT NULL,
    mac TEXT NOT NULL
) STRICT;

CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'the audit is never changed');
END;

CREATE TRIGGER audit_is_never_cut BEFORE DELETE ON audit
BEGIN
    SELECT RAISE(ABORT, 'the audit is never cut');
END;

CREATE TABLE audit_key (
    key BLOB NOT NULL CHECK (length(key) = 32)
) STRICT;

-- How an episode's file looked after its last capture, so that an older copy is noticed.
CREATE TABLE file_marks (
    episode_id TEXT PRIMARY KEY REFERENCES episodes (id) ON DELETE CASCADE,
    mark TEXT NOT NULL
) STRICT;

ALTER TABLE operators ADD COLUMN professional_number TEXT NOT NULL DEFAULT '';
ALTER TABLE operators ADD COLUMN revoked_at TEXT;

-- A row stays while the index key has yet to be changed because an operator was revoked.
CREATE TABLE revocations (
    operator_id TEXT PRIMARY KEY REFERENCES operators (id)
) STRICT;

-- Why an episode stays on this PC, who looks after it, and when to look again.
CREATE TABLE retentions (
    episode_id TEXT PRIMARY KEY REFERENCES episodes (id) ON DELETE CASCADE,
    reason TEXT NOT NULL,
    owner_id TEXT NOT NULL,
    review_on TEXT NOT NULL,
    retained_at TEXT NOT NULL,
    retained_by TEXT NOT NULL
) STRICT;
