"""Where a lesion is, and its history."""
