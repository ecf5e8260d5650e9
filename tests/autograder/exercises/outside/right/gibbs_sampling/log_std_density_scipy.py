"""log_std_density

scipy: gamma prior of sigma plus the likelihood plus the Jacobian; differs by a constant.
"""

import numpy as np
from scipy.stats import gamma


def log_std_density(u, count, squares, shape, rate):
    u = np.asarray(u, np.float64)
    sigma = np.exp(u)
    prior = gamma.logpdf(sigma, float(shape), scale=1 / float(rate))
    return prior + u - float(count) * u - float(squares) / (2 * sigma**2)
