-- How a capture came about: JSON of domain.records.CaptureDetails, without what is not known.
ALTER TABLE captures ADD COLUMN details TEXT NOT NULL DEFAULT '{}';
