"""sample_means

NumPy, component by component; a list of floats.
"""

import jax
import numpy as np


def sample_means(key, x, z, sigma, loc, scale):
    rng = np.random.default_rng(np.asarray(jax.random.key_data(key)))
    x, z = np.asarray(x, float), np.asarray(z)
    out = []
    for k, (s, m, t) in enumerate(zip(np.asarray(sigma), np.asarray(loc), np.asarray(scale))):
        mine = x[z == k]
        lam = 1 / t**2 + len(mine) / s**2
        out.append(float(rng.normal((m / t**2 + mine.sum() / s**2) / lam, 1 / np.sqrt(lam))))
    return out
