"""Widgets that two rooms or more use. They know Qt and the domain, and no room."""
