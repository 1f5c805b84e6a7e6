"""The window's use of the operating system: lock, clipboard, screen capture, other programs."""
