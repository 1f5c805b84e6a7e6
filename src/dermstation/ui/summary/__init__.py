"""The whole episode once more, the pathway, the route, the package."""
