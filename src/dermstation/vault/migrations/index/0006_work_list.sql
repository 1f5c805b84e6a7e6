-- The folded words of each patient's name, by which the work list is searched.
CREATE TABLE patient_words (
    word TEXT NOT NULL,
    patient_id TEXT NOT NULL REFERENCES patients (id) ON DELETE CASCADE,
    PRIMARY KEY (word, patient_id)
) STRICT;

CREATE INDEX patient_words_by_patient ON patient_words (patient_id);
CREATE INDEX patients_by_birth ON patients (born_on);

-- What the list reads of an episode, in three orders: no consent, question or key is read for it.
CREATE INDEX episodes_by_state ON episodes (state, opened_at, id, patient_id);
CREATE INDEX episodes_by_opening ON episodes (opened_at, state, id, patient_id);
CREATE INDEX episodes_by_patient_and_state ON episodes (patient_id, state, opened_at, id);
DROP INDEX episodes_by_patient;

-- Who handed an episode to a clinician for review.
CREATE TABLE review_requests (
    episode_id TEXT PRIMARY KEY REFERENCES episodes (id) ON DELETE CASCADE,
    asked_at TEXT NOT NULL,
    asked_by TEXT NOT NULL
) STRICT;

-- Who reviewed an episode. content is a SHA-256 of what was reviewed: the review holds for no other.
CREATE TABLE reviews (
    episode_id TEXT PRIMARY KEY REFERENCES episodes (id) ON DELETE CASCADE,
    reviewed_at TEXT NOT NULL,
    reviewed_by TEXT NOT NULL,
    content TEXT NOT NULL
) STRICT;
