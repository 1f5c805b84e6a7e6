-- A lesion that an operator removed; it can be brought back until the wipe.
ALTER TABLE lesions ADD COLUMN is_removed INTEGER NOT NULL DEFAULT 0;
