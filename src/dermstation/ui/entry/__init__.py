"""Set up the station, sign in, recover, restore."""
