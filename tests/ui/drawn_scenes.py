"""Draw the scenes of the simulated dermatoscope once, for all processes that are forked after it.

Loaded by the process that forks the tests' cameras; a scene that is not among them is drawn by the
camera process, as in the program.
"""

import gc
from functools import cache

import cv2

from dermstation.camera.sources.simulated import dermatoscope
from dermstation.camera.sources.simulated.knobs import Knobs, Scene
from dermstation.camera.sources.simulated.scenes import SceneKey
from tests.ui.camera_size import HEIGHT, WIDTH

cv2.setNumThreads(1)  # threads would not survive the fork
dermatoscope.render = cache(dermatoscope.render)
for scene in Scene:
    dermatoscope.render(SceneKey.of(Knobs(scene=scene), WIDTH, HEIGHT))
gc.freeze()  # otherwise a collection in a camera process would copy every page
