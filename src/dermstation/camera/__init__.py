"""Frame sources, the process that owns the driver, and the ring that carries its frames."""
