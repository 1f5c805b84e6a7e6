"""The layers painted over a picture, one per module. None ever reaches a stored capture."""
