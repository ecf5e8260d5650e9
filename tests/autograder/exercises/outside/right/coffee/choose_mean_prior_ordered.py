"""choose_mean_prior

Thirds of the range, NumPy arrays of integers.
"""

import numpy as np


def choose_mean_prior():
    return np.array([75, 125, 175]), np.array([25, 25, 25])
