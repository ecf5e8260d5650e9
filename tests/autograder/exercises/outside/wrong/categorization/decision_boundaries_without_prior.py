"""decision_boundaries

The quadratic of the likelihoods; log(weights) does not enter.
"""

import numpy as np


def decision_boundaries(weights, means, stds):
    (m0, m1), (s0, s1) = np.asarray(means, float), np.asarray(stds, float)
    a = -1 / (2 * s0**2) + 1 / (2 * s1**2)
    b = m0 / s0**2 - m1 / s1**2
    c = -(m0**2) / (2 * s0**2) + m1**2 / (2 * s1**2) - np.log(s0 / s1)
    if abs(a) < 1e-12:
        return np.array([-c / b]) if b != 0 else np.array([])
    disc = b * b - 4 * a * c
    if disc < 0:
        return np.array([])
    return np.sort(np.array([-b - np.sqrt(disc), -b + np.sqrt(disc)]) / (2 * a))
