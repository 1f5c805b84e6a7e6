-- The sex in the patient's record; a patient of an earlier station has none recorded.
ALTER TABLE patients ADD COLUMN sex TEXT NOT NULL DEFAULT 'not_recorded';
