"""The summary of an episode, the pathway chart, the route and the package."""
