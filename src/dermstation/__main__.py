"""Start the station, by `python -m dermstation` or as the frozen program."""

import multiprocessing
import sys

from dermstation.cli import main

if __name__ == "__main__":
    multiprocessing.freeze_support()  # the camera process of a frozen program also starts here
    sys.exit(main())
