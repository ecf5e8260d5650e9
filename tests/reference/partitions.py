"""Data sets for mixtures with any number of clusters: observations, concentration, base (loc, count, shape, rate).

No alpha, count, shape or rate is 1 in data that should reveal mistakes; "ten" are bentos, with an odd one of 425 g.
"""

from typing import Any, NamedTuple

import numpy as np


class Base(NamedTuple):
    loc: float
    count: Any  # a float, although tuples have a method of this name
    shape: float
    rate: float


BASES = {
    "six": Base(0.5, 0.4, 2.5, 1.6),
    "five": Base(0.5, 0.2, 3.5, 0.9),
    "eight": Base(-0.5, 0.3, 2.5, 1.4),
    "ten": Base(400.0, 0.0025, 2.0, 8.0),
}
SETTINGS = {
    "four": (np.array([-1.3, 0.2, 0.6, 2.1]), 1.7, BASES["six"]),
    "five": (np.array([-3.2, -0.4, 0.1, 0.5, 2.6]), 0.6, BASES["five"]),
    "six": (np.array([-2.1, -1.2, 0.3, 0.9, 2.7, 3.4]), 1.7, BASES["six"]),
    "eight": (np.array([-2.1, -1.2, -0.4, 0.3, 0.8, 1.5, 2.7, 3.4]), 0.8, BASES["eight"]),
    "ten": (np.array([347.0, 349, 350, 352, 353, 425, 497, 499, 500, 502]), 1.0, BASES["ten"]),
}
