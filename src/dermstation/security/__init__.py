"""Keys, sealing and secrets; uses no database, no pixels and no window."""
