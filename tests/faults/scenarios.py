"""The operations that the campaign interrupts: prepare, act, and check what must still hold.

Each function gets the folder it may use. `act` acknowledges what the screen would have shown as
done. `check` returns what is wrong, in words for a developer; the list should be empty.
"""

import sys

from tests.faults.of_episodes import (
    act_capture,
    act_cover,
    act_package,
    act_wipe,
    check_capture,
    check_cover,
    check_package,
    check_wipe,
    prepare_capture,
    prepare_cover,
    prepare_package,
    prepare_wipe,
)
from tests.faults.of_files import act_settings, check_settings, prepare_settings
from tests.faults.of_places import act_take_over, check_take_over, prepare_take_over
from tests.faults.of_vaults import (
    act_backup,
    act_holders,
    act_migrate,
    act_restore,
    act_revoke,
    act_rotate,
    check_backup,
    check_holders,
    check_migrate,
    check_plain,
    check_restore,
    check_revoke,
    prepare_backup,
    prepare_holders,
    prepare_migrate,
    prepare_restore,
    prepare_revoke,
)
from tests.faults.scene import Scenario

SCENARIOS = {
    "capture": Scenario(prepare_capture, act_capture, check_capture),
    "package": Scenario(prepare_package, act_package, check_package),
    "wipe": Scenario(prepare_wipe, act_wipe, check_wipe),
    "cover": Scenario(prepare_cover, act_cover, check_cover),
    "rotate": Scenario(prepare_capture, act_rotate, check_plain),
    "revoke": Scenario(prepare_revoke, act_revoke, check_revoke),
    "holders": Scenario(prepare_holders, act_holders, check_holders),
    "migrate": Scenario(prepare_migrate, act_migrate, check_migrate),
    "backup": Scenario(prepare_backup, act_backup, check_backup),
    "restore": Scenario(prepare_restore, act_restore, check_restore),
    "take_over": Scenario(prepare_take_over, act_take_over, check_take_over),
    "settings": Scenario(prepare_settings, act_settings, check_settings),
}

if __name__ == "__main__":
    sys.exit("run tests.faults.campaign")
