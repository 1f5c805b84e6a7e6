-- Which vault this is: its key files and its backups carry the same id.
-- recovery_public is NULL until this index has taken over from the key files who may unlock it.
-- tries_seen counts the sign-in tries that were known when the vault was last opened.
CREATE TABLE vault_identity (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    vault_id TEXT NOT NULL,
    recovery_public BLOB,
    tries_seen INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Who may unlock the vault, and by which slot: JSON of security.slots, without the sealed keys.
-- coming is the slot of a new secret until the key files hold it.
CREATE TABLE key_holders (
    operator_id TEXT PRIMARY KEY REFERENCES operators (id) ON DELETE CASCADE,
    slot TEXT NOT NULL,
    coming TEXT
) STRICT;
