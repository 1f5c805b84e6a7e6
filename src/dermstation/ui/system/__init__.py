"""What the window asks of the operating system: its lock, its clipboard, its screen capture."""
