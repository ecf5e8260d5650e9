"""decision_boundaries

np.roots(...).real: complex roots lose their imaginary part and are reported as boundaries.
"""

import numpy as np


def decision_boundaries(weights, means, stds):
    w, m, s = (np.asarray(v, float) for v in (weights, means, stds))
    mid = m.mean()
    d = m - mid
    coefficients = [
        0.5 / s[1] ** 2 - 0.5 / s[0] ** 2,
        d[0] / s[0] ** 2 - d[1] / s[1] ** 2,
        np.log(w[0] / w[1]) - np.log(s[0] / s[1]) - d[0] ** 2 / (2 * s[0] ** 2) + d[1] ** 2 / (2 * s[1] ** 2),
    ]
    return np.sort(np.roots(coefficients).real) + mid
