"""All commands, in the order of the help; the window starts without them."""

from dermstation.commands import (
    archive,
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
    archive,
    share_home,
)
