"""The commands of the command line; each has a module with its options, its run and its output."""

from dermstation.commands import (
    assess,
    audit,
    cameras,
    demo,
    doctor,
    keys,
    policy,
    share_home,
    vault,
    verify_package,
    wipe,
)

# in the order in which `dermstation --help` lists them
COMMANDS = (
    demo,
    assess,
    cameras,
    verify_package,
    doctor,
    policy,
    keys,
    vault,
    audit,
    wipe,
    share_home,
)
