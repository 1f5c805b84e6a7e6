"""The command line's commands, one module each: its words, what it runs, what it prints."""

from dermstation.commands import assess, cameras, demo, verify_package

# in the order in which `dermstation --help` lists them
COMMANDS = (demo, cameras, assess, verify_package)
