"""Start the station: `python -m dermstation`, and the entry of the frozen program."""

import multiprocessing
import sys

from dermstation.cli import main

if __name__ == "__main__":
    multiprocessing.freeze_support()  # the camera process of a frozen program starts here again
    sys.exit(main())
