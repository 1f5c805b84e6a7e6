"""The use cases of the station, free of Qt."""
