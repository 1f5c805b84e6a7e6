"""The kinds of frame sources: attached device, network stream, files, simulated dermatoscope."""
