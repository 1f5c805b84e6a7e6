"""Dermatoscope capture station for general practice."""

__version__ = "0.1.0"
