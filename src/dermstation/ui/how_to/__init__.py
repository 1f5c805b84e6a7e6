"""The how-to topics."""
