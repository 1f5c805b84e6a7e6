"""The command line's commands, one module each: its words, what it runs, what it prints."""

from dermstation.commands import audit, demo, vault, verify_package

# in the order in which `dermstation --help` lists them
COMMANDS = (demo, verify_package, audit, vault)
