"""The long tests, in independent parts, each with a summary in JSON."""
