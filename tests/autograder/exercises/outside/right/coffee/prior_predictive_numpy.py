"""prior_predictive

NumPy generator from the key, one world after the other, a list of floats.
"""

import jax
import numpy as np


def prior_predictive(key, locs, scales, num_draws):
    rng = np.random.default_rng(np.asarray(jax.random.key_data(key)))
    locs, scales = np.asarray(locs, float), np.asarray(scales, float)
    levels = []
    for _ in range(num_draws):
        pi = rng.dirichlet(np.ones(3))
        mu, sigma = rng.normal(locs, scales), rng.gamma(2.0, 1.0, size=3)
        k = rng.choice(3, p=pi)
        levels.append(float(rng.normal(mu[k], sigma[k])))
    return levels
