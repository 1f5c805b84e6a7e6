"""Fitting of the quality measures to real pictures, and the report on them; not part of the window.

`python -m dermstation.imaging.calibrate DATA` spoils sharp pictures in known ways, fits the models,
chooses the limits and writes the table that `imaging` reads. No other module imports this package.
"""
