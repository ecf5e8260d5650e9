"""sample_stds

NumPy, Python loops, math; uniform proposals on log sigma of two sizes in turn.
"""

import math

import jax
import numpy as np


def sample_stds(key, x, z, mu, sigma, shape, rate):
    rng = np.random.default_rng(np.asarray(jax.random.key_data(key)))
    x, z, mu = np.asarray(x, float), np.asarray(z), np.asarray(mu, float)
    result = []
    for k in range(len(mu)):
        deviations = x[z == k] - mu[k]
        n, ss = len(deviations), float(deviations @ deviations)
        a, b = float(shape[k]), float(rate[k])

        def log_q(u):
            return (a - n) * u - b * math.exp(u) - ss / 2 * math.exp(-2 * u)

        u = math.log(float(sigma[k]))
        for size in (3 / math.sqrt(2 * n + a), 1.5, 3 / math.sqrt(2 * n + a)) * 4:
            new = u + size * (2 * rng.random() - 1)
            if rng.exponential() > log_q(u) - log_q(new):
                u = new
        result.append(math.exp(u))
    return result
