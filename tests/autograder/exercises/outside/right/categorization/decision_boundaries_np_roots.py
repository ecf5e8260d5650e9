"""decision_boundaries

np.roots with complex roots filtered; works in units of the first standard deviation.
"""

import numpy as np


def decision_boundaries(weights, means, stds):
    w, m, s = (np.asarray(v, np.float64) for v in (weights, means, stds))
    unit, shift = s.max(), m.mean()
    m, s = (m - shift) / unit, s / unit
    one = np.poly1d([1.0, 0.0])

    def log_joint(k):
        return float(np.log(w[k] / s[k])) - (one - float(m[k])) ** 2 / float(2 * s[k] ** 2)

    roots = (log_joint(0) - log_joint(1)).roots
    real = np.sort(roots[np.abs(roots.imag) < 1e-9].real)
    return real * unit + shift
