"""The simulated dermatoscope: a rendered scene seen through a lens, a sensor and a hand."""
