"""The drawings of the body map, one for each view."""
