"""The kinds of forged key files: what each does to the bytes of one, and in a word, where.

No forger holds a key of the vault. `tests.faults.forged` tries them.
"""

import random
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from dermstation.security.accounts import recovery_private
from dermstation.security.keyfile import key_id
from dermstation.security.sealing import public_key
from dermstation.security.slots import IndexKeys, SealedKeys
from tests.faults.forging import data_of, generation_of, rehashed, rewritten, slot_of

if TYPE_CHECKING:
    from tests.faults.forged import Attack

STATES = ("first", "before revoking", "before the new secret", "now")  # of the vault
Forge = Callable[["Attack", bytes, random.Random], tuple[bytes, str]]


def _leaves(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path of every value in a key file's JSON."""
    if isinstance(data, dict):
        return [one for key, value in data.items() for one in _leaves(value, (*path, key))]
    if isinstance(data, list):
        return [one for at, value in enumerate(data) for one in _leaves(value, (*path, at))]
    return [path]


def _at(data: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        data = data[key]
    return data


def _put(data: Any, path: tuple[Any, ...], value: Any) -> None:
    _at(data, path[:-1])[path[-1]] = value


def _flip_byte(_attack: "Attack", image: bytes, chance: random.Random) -> tuple[bytes, str]:
    content = bytearray(image)
    at = chance.choice((chance.randrange(4_000), chance.randrange(len(content)), len(content) - 50))
    content[at] ^= 1 << chance.randrange(8)
    if chance.random() < 0.5:
        return bytes(content), f"byte {at}"
    return rehashed(bytes(content)), f"byte {at}, rehashed"


def _flip_field(_attack: "Attack", image: bytes, chance: random.Random) -> tuple[bytes, str]:
    data = data_of(image)
    path = chance.choice(_leaves(data))
    _put(data, path, _flipped(_at(data, path), chance))
    return rewritten(image, data), f"field {path}"


def _flipped(value: Any, chance: random.Random) -> Any:
    if isinstance(value, str) and value:
        at = chance.randrange(len(value))
        other = chance.choice([one for one in "0123456789abcdef" if one != value[at]])
        return value[:at] + other + value[at + 1 :]
    if isinstance(value, int):
        return value + 1
    return chance.choice(["0" * 64, 7, "", None, True, [], {"a": 1}])


def _swap_fields(_attack: "Attack", image: bytes, chance: random.Random) -> tuple[bytes, str]:
    data = data_of(image)
    slots = data["slots"]
    one, other = chance.sample(range(len(slots)), 2)
    path = chance.choice(_leaves(slots[one]))
    mine, theirs = _at(slots[one], path), _at(slots[other], path)
    if mine == theirs:
        path = ("keys", "public")
        mine, theirs = _at(slots[one], path), _at(slots[other], path)
    _put(slots[one], path, theirs)
    _put(slots[other], path, mine)
    return rewritten(image, data), f"slots' {path}"


def _older_fields(attack: "Attack", image: bytes, chance: random.Random) -> tuple[bytes, str]:
    return _fields_of(attack, image, chance, chance.choice(STATES[:-1]))


def _foreign_fields(attack: "Attack", image: bytes, chance: random.Random) -> tuple[bytes, str]:
    return _fields_of(attack, image, chance, "other")


def _fields_of(
    attack: "Attack", image: bytes, chance: random.Random, state: str
) -> tuple[bytes, str]:
    """Take one field, a slot, all slots or the recovery key of another key file."""
    data, source = data_of(image), data_of(attack.image("keys.a", state))
    part = chance.choice(("field", "slot", "slots", "recovery", "anchor", "keys"))
    if part == "slot":
        slot = chance.choice(source["slots"])
        data["slots"] = [one for one in data["slots"] if one["id"] != slot["id"]] + [slot]
    elif part == "keys":
        for name in ("current_id", "next_id", "recovery"):
            data[name] = source[name]
        for slot in source["slots"]:
            with suppress(StopIteration):
                slot_of(data, slot["id"])["keys"] = slot["keys"]
    elif part == "field":
        common = [one for one in _leaves(source) if one in _leaves(data)]
        path = chance.choice([one for one in common if _at(source, one) != _at(data, one)])
        _put(data, path, _at(source, path))
    else:
        data[part] = source[part]
    return rewritten(image, data, generation_of(image) + chance.choice((0, 1, 100))), part


def _older_file(attack: "Attack", _image: bytes, chance: random.Random) -> tuple[bytes, str]:
    state = chance.choice(STATES[:-1])
    return attack.image("keys.a", state), f"the file of {state}"


def _foreign_file(attack: "Attack", _image: bytes, chance: random.Random) -> tuple[bytes, str]:
    image = attack.image("keys.a", "other")
    generation = chance.choice((1, 1_000, 1 << 62))
    return rewritten(image, data_of(image), generation), f"another vault's, generation {generation}"


def _generation(_attack: "Attack", image: bytes, chance: random.Random) -> tuple[bytes, str]:
    ahead = chance.choice((-1, 1, 1_000, 1 << 62))
    return rewritten(image, data_of(image), generation_of(image) + ahead), f"generation {ahead:+}"


def _their_recovery(attack: "Attack", image: bytes, chance: random.Random) -> tuple[bytes, str]:
    """Paste in a recovery key of the stranger's own, with or without a key sealed to it."""
    data = data_of(image)
    public = public_key(recovery_private(attack.theirs))
    data["recovery"]["public"] = public.hex()
    if chance.random() < 0.5:
        known = IndexKeys(bytearray(chance.randbytes(32)))
        data["recovery"] = SealedKeys.seal(public, known).to_json()
    return rewritten(image, data, generation_of(image) + 1), "recovery key"


def _their_next_key(_attack: "Attack", image: bytes, chance: random.Random) -> tuple[bytes, str]:
    """Seal an index key of the stranger's choice to everybody, as the one to change to."""
    data = data_of(image)
    chosen = bytearray(chance.randbytes(32))
    data["next_id"] = key_id(chosen)
    for sealed in (data["recovery"], *(one["keys"] for one in data["slots"])):
        sealed.update(SealedKeys.from_json(sealed).with_next(chosen).to_json())
    return rewritten(image, data, generation_of(image) + 1), "next key"


def _old_format(_attack: "Attack", image: bytes, chance: random.Random) -> tuple[bytes, str]:
    """Turn a key file into one of the format without a MAC, in which counters can be reset."""
    data = data_of(image)
    data["format"] = chance.choice((1, 2))
    for slot in data["slots"]:
        slot |= {"wrong_tries": 0, "waits_since_s": 0.0, "pepper_name": None}
    return rewritten(image, data, generation_of(image) + 1), "format"


KINDS: list[tuple[str, Forge]] = [
    ("byte flipped", _flip_byte),
    ("field flipped", _flip_field),
    ("fields swapped", _swap_fields),
    ("fields rolled back", _older_fields),
    ("fields of another vault", _foreign_fields),
    ("file rolled back", _older_file),
    ("file of another vault", _foreign_file),
    ("generation changed", _generation),
    ("recovery key pasted in", _their_recovery),
    ("next key pasted in", _their_next_key),
    ("older format", _old_format),
]
