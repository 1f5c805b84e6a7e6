"""Show the attached cameras, and choose which one takes which picture."""
