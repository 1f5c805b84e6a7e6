-- One episode's images, as the camera or the encoder gave them.

CREATE TABLE images (
    capture_id TEXT PRIMARY KEY,
    bytes BLOB NOT NULL
) STRICT;
