"""The data and the mixtures for the exercises on categorization."""

import numpy as np

from autograder.exercises import f32

POINTS = f32(-2.1, -1.2, -0.4, 0.3, 0.8, 1.5, 2.7, 3.4)
WIDE = f32(-6.5, -5.25, -1.5, -0.75, 0.0, 2.5, 4.0, 7.25)
TABLE = f32(498.0, 352.0, 425.0, 349.0, 497.0, 503.0, 380.0, 500.0)
HEAVY = f32(1e6, 498.0, 352.0, 425.0, 2e5, 5e4, 2000.0, 350.0)
RECIPE = (f32(0.7, 0.3), f32(500, 350), f32(2, 2))
ORDERED = (f32(0.2, 0.5, 0.3), f32(-2, 0.5, 3), f32(1, 0.8, 1.25))
THREE = (f32(0.3, 0.6, 0.1), f32(4, -4, 0.5), f32(2, 3, 0.75))
FIVE = (f32(0.1, 0.2, 0.3, 0.25, 0.15), f32(-6, -3, 0, 3, 6), f32(1, 2, 1.5, 2.5, 3))

# The clusters problem of the tutorial: variances 1/2 and 2.
CLUSTERS = (f32(-1, 1), f32(np.sqrt(0.5), np.sqrt(2)))

# The components are so narrow that a floor under the standard deviations shows, and one is so rare that a floor under
# the weights shows.
CLOSE, CLOSER = POINTS / np.float32(1000), WIDE / np.float32(2000)
NARROW = (f32(4e-4, 0.9996), f32(-0.001, 0.002), f32(8e-4, 0.0015))
NARROWER = (f32(0.9993, 7e-4), f32(0.0015, -0.002), f32(9e-4, 0.00125))
