"""The command line's commands, one module each: its words, what it runs, what it prints."""

from dermstation.commands import assess, demo, verify_package

# in the order in which `dermstation --help` lists them
COMMANDS = (demo, assess, verify_package)
