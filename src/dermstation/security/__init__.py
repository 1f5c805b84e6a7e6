"""Keys, sealing and secrets; no database, no pixels, no window."""
