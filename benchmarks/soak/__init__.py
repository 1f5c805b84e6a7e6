"""The long runs: parts that know nothing of one another, each with a summary in JSON."""
