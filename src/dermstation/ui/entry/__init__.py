"""Set the station up, sign in, recover, restore."""
