"""What is painted over a picture, one layer a module. None of it ever reaches a stored capture."""
