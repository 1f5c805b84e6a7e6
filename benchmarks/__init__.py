"""Measure the promised speeds on the real window and the real vault."""
