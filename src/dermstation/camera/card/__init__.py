"""A standalone camera's memory card, or a folder: find, list, read, erase and eject it.

A separate process reads the card, so that a card that hangs or a crafted file that breaks a
decoder costs only a restart of that process.
"""
