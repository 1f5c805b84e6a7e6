"""The site and the history of a lesion."""
