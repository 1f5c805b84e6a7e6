-- A copy drawn from a capture, marked or covered, is a capture of its own that names its origin.
-- derivation: JSON of domain.copies.Derivation, without the origin.
ALTER TABLE captures ADD COLUMN origin_id TEXT
    REFERENCES captures (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE captures ADD COLUMN derivation TEXT;
-- When the bytes were wiped before the episode was, because a covered copy took their place.
ALTER TABLE captures ADD COLUMN wiped_at TEXT;

-- What was settled about a picture in its review: left out, with the reason; nothing to cover.
CREATE TABLE picture_choices (
    capture_id TEXT PRIMARY KEY
        REFERENCES captures (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    left_out_because TEXT,
    nothing_to_cover INTEGER NOT NULL,
    chosen_at TEXT NOT NULL,
    chosen_by TEXT NOT NULL
) STRICT;

-- The order of a lesion's pictures, by their shots, so that a retake keeps its place.
CREATE TABLE picture_orders (
    lesion_id TEXT PRIMARY KEY REFERENCES lesions (id) ON DELETE CASCADE,
    shots TEXT NOT NULL
) STRICT;
