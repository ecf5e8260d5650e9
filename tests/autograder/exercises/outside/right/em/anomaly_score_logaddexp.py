"""anomaly_score

np.logaddexp.reduce over components.
"""

import numpy as np
from scipy.stats import norm


def anomaly_score(x, weights, means, stds):
    parts = [np.log(float(w)) + norm.logpdf(np.asarray(x), float(m), float(s)) for w, m, s in zip(weights, means, stds)]
    return -np.logaddexp.reduce(parts, axis=0)
