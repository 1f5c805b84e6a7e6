"""The work list, its search, and the way to a new patient."""
