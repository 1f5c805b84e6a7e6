"""The encrypted store: one small index and one SQLCipher file an episode."""
