"""The frame sources: attached device, network stream, files and simulated dermatoscope."""
