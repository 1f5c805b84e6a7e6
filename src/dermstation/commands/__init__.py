"""The commands of the command line; each has a module with its options, its run and its output."""
