"""Showing a picture: where it lies, how it is scaled, and the layers painted over it."""
