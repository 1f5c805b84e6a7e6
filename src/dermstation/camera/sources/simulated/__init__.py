"""The simulated dermatoscope: a rendered scene, a lens, a sensor and an unsteady hand."""
