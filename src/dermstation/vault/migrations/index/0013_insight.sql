-- Somebody saw a ruler in a close-up in which the station saw none.
ALTER TABLE picture_choices ADD COLUMN with_ruler INTEGER NOT NULL DEFAULT 0;

-- One row for each lesion's set of pictures in a package. The wipe of the episode cuts the row off
-- from it and leaves the figures; the random id keeps no order. lacks, shots, cameras: JSON lists.
CREATE TABLE set_scores (
    id INTEGER PRIMARY KEY,
    episode_id TEXT REFERENCES episodes (id) ON DELETE SET NULL,
    week TEXT NOT NULL,
    lacks TEXT NOT NULL,
    shots TEXT NOT NULL,
    cameras TEXT NOT NULL
) STRICT;

CREATE INDEX set_scores_by_episode ON set_scores (episode_id);

-- Checks of cameras by the colour chart; nothing in them is about a patient.
CREATE TABLE chart_checks (
    camera TEXT NOT NULL,
    checked_on TEXT NOT NULL,
    median REAL NOT NULL,
    worst REAL NOT NULL,
    sharpness_cy_px REAL,
    sharpness_lp_mm REAL,
    unevenness_stops REAL NOT NULL
) STRICT;
