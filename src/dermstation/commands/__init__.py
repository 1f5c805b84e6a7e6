"""The command line's commands, one module each: its words, what it runs, what it prints."""

from dermstation.commands import audit, cameras, demo, vault, verify_package, wipe

# in the order in which `dermstation --help` lists them
COMMANDS = (demo, cameras, verify_package, vault, audit, wipe)
