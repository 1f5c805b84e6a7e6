"""A standalone camera's memory card, or a folder: found, listed, read, erased, taken out.

Everything of the card is done in a process of its own, which costs a restart where a card hangs
or a crafted file breaks a decoder.
"""
