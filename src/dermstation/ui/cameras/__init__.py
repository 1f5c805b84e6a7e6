"""Which cameras are attached, and which takes which picture."""
