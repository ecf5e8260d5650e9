"""importance_sampling

NumPy generator seeded from the key, a loop over particles, scipy.stats for the density.
"""

import jax
import numpy as np
from scipy.stats import norm


def importance_sampling(key, x, num_particles):
    rng = np.random.default_rng(np.asarray(jax.random.key_data(key)))
    x = np.asarray(x)
    out = {"pi": [], "mu": [], "sigma": [], "z": [], "log_weights": []}
    for _ in range(num_particles):
        pi = rng.dirichlet([1, 1])
        mu = rng.normal(400, 50, 2)
        sigma = rng.gamma(2.0, 1.0, 2)
        z = (rng.random(len(x)) > pi[0]).astype(int)
        out["log_weights"].append(norm.logpdf(x, mu[z], sigma[z]).sum())
        for name, value in (("pi", pi), ("mu", mu), ("sigma", sigma), ("z", z)):
            out[name].append(value)
    return {name: np.array(values) for name, values in out.items()}
