"""Import every module of the station, and name those that cannot be imported. Runs on Windows."""

import importlib
import pkgutil
import sys

import dermstation

failed = []
names = [one.name for one in pkgutil.walk_packages(dermstation.__path__, "dermstation.")]
for name in names:
    try:
        importlib.import_module(name)
    except BaseException as error:  # noqa: BLE001 - the others are tried as well
        failed.append(f"{name}: {error!r}")
print(f"{len(names) - len(failed)} of {len(names)} modules import", *failed, sep="\n")
sys.exit(bool(failed))
