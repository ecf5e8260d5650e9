"""sample_weights

NumPy generator seeded from the key.
"""

import jax
import numpy as np


def sample_weights(key, z, alpha):
    rng = np.random.default_rng(np.asarray(jax.random.key_data(key)))
    alpha = np.asarray(alpha, float)
    return rng.dirichlet(alpha + np.bincount(np.asarray(z), minlength=alpha.size))
