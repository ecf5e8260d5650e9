"""simulate_bentos

NumPy only, its generator seeded from the key.
"""

import jax
import numpy as np


def simulate_bentos(key, num_bentos):
    rng = np.random.default_rng(np.asarray(jax.random.key_data(key)))
    kinds = rng.choice(2, size=num_bentos, p=[0.7, 0.3])
    return rng.normal(np.array([500.0, 350.0])[kinds], 2.0), kinds
