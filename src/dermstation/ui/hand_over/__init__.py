"""Package, hand-over, wipe and certificate."""
