"""The frame around every page: header, steps, one page at a time, and the way to the workflow."""
