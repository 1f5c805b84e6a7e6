"""What is promised for speed, measured on the real window and the real vault."""
