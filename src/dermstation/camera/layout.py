"""The ring's memory: a header and a table, both native int64, then the arena of the payloads."""

ENTRIES = 64
LEAST_FRAMES = 4  # of full size fit into the arena
HEADER_WORDS = 16
FIELDS = 10
VERSION, SEQUENCE, INSTANT, ENCODING, WIDTH, HEIGHT, OFFSET, LENGTH, OF_GENERATION = range(
    FIELDS - 1
)  # the last word is unused, so that an entry is a multiple of 16 bytes
NEWEST, BEAT, ACTIVITY, GENERATION = range(4)
TABLE_BYTES = 8 * (HEADER_WORDS + ENTRIES * FIELDS)
