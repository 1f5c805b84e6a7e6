"""The frame around every page: header, steps, one page at a time, and jobs in the background."""
