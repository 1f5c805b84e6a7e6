"""The table that maps a PDF's glyphs to characters, so that text can be copied and read aloud.

reportlab's own table maps a character beyond U+FFFF, such as an emoji, to the wrong one. Pure
functions.
"""

from collections.abc import Sequence

_BLOCK = 100  # entries in one block, at most (ISO 32000-1, 9.10.3 and Adobe 5014)
_HEAD = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /{name} def
/CMapType 2 def
1 begincodespacerange
<00> <FF>
endcodespacerange"""
_FOOT = """endcmap
CMapName currentdict /CMap defineresource pop
end
end"""


def to_unicode_map(name: str, characters: Sequence[int]) -> str:
    """Return the table of a font with one-byte codes; `characters[i]` is code i's code point."""
    entries = [
        f"<{code:02X}> <{chr(character).encode('utf-16-be', 'surrogatepass').hex().upper()}>"
        for code, character in enumerate(characters)
    ]
    blocks = [
        "\n".join([f"{len(block)} beginbfchar", *block, "endbfchar"])
        for block in (entries[at : at + _BLOCK] for at in range(0, len(entries), _BLOCK))
    ]
    return "\n".join([_HEAD.format(name=name), *blocks, _FOOT])
