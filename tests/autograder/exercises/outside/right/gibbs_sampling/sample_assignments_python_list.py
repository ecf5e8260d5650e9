"""sample_assignments

NumPy generator, a Python loop, a list of ints.
"""

import jax
import numpy as np
from scipy.special import softmax


def sample_assignments(key, x, pi, mu, sigma):
    rng = np.random.default_rng(np.asarray(jax.random.key_data(key)))
    pi, mu, sigma = (np.asarray(a, np.float64) for a in (pi, mu, sigma))
    z = []
    for xi in np.asarray(x, np.float64):
        p = softmax(np.log(pi) - np.log(sigma) - (xi - mu) ** 2 / (2 * sigma**2))
        z.append(int(rng.choice(len(p), p=p)))
    return z
