"""A developer's program that fits the quality measures to real pictures and reports on them.

`python -m calibration DATA` degrades sharp pictures in known ways, fits the models, chooses the
limits and writes the table that `dermstation.imaging` reads. It runs from a checkout and is not in
the package; the station never imports it.
"""
