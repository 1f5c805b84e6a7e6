"""The package, the hand-over, the wipe and the certificate."""
