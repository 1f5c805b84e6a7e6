"""The station's own icons, drawn for it; loaded at run time."""
