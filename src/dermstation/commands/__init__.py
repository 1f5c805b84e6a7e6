"""The command line's commands, one module each: its words, what it runs, what it prints."""

from dermstation.commands import (
    assess,
    audit,
    cameras,
    demo,
    doctor,
    keys,
    vault,
    verify_package,
    wipe,
)

# in the order in which `dermstation --help` lists them
COMMANDS = (demo, assess, cameras, verify_package, doctor, keys, vault, audit, wipe)
