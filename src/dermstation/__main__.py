"""Start the station, by `python -m dermstation`, by `dermstation` or as the frozen program.

Python runs this module again in each process that the station starts. Nothing slow is imported
with it: the camera process would load the command line before the camera.
"""

import multiprocessing
import sys


def main() -> int:
    """Run the command line and return the exit status."""
    from dermstation.cli import main as run  # noqa: PLC0415 - not for the other processes

    return run()


if __name__ == "__main__":
    multiprocessing.freeze_support()  # the other processes of a frozen program also start here
    sys.exit(main())
