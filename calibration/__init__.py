"""Fitting of the quality measures to real pictures, and the report on them: a developer's program.

`python -m calibration DATA` spoils sharp pictures in known ways, fits the models, chooses the
limits and writes the table that `dermstation.imaging` reads. It is run from a checkout and is not
in the package; the station never imports it.
"""
