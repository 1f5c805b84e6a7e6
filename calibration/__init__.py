"""Fit the quality measures to real pictures, and report on the results: a program for developers.

`python -m calibration DATA` degrades sharp pictures in known ways, fits the models, chooses the
limits and writes the table that `dermstation.imaging` reads. It is run from a checkout and is not
part of the package; the station never imports it.
"""
