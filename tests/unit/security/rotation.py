"""The changes to the key files while an open vault changes the index key."""

import secrets
from dataclasses import replace

from dermstation.security.keyfile import read_key_file, write_key_file


def begin_rotation(folder, present):
    """Store a next key sealed beside the present one, and return it."""
    key = bytearray(secrets.token_bytes(32))
    content = read_key_file(folder)
    begun = replace(content.with_next(key), generation=content.generation + 1)
    write_key_file(folder, begun, [present, key])
    return key


def finish_rotation(folder, key):
    """Make the next key the only one."""
    content = read_key_file(folder)
    done = replace(content.advanced(), generation=content.generation + 1)
    write_key_file(folder, done, [key])
