"""decision_boundaries

Both roots, in the order of the formula: descending where the leading coefficient is negative.
"""

import numpy as np


def decision_boundaries(weights, means, stds):
    w, m, s = (np.asarray(v, np.float64) for v in (weights, means, stds))
    centre = m.mean()
    m = m - centre
    p = 1 / s**2
    a = 0.5 * (p[1] - p[0])
    b = m[0] * p[0] - m[1] * p[1]
    c = np.log(w[0] / w[1]) - np.log(s[0] / s[1]) + 0.5 * (m[1] ** 2 * p[1] - m[0] ** 2 * p[0])
    if a == 0:
        return np.array([centre - c / b]) if b != 0 else np.array([])
    disc = b**2 - 4 * a * c
    if disc < 0:
        return np.array([])
    return centre + np.array([(-b - np.sqrt(disc)) / (2 * a), (-b + np.sqrt(disc)) / (2 * a)])
