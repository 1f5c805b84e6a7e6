"""Widgets used by two or more rooms. They depend on Qt and the domain, and on no room."""
