"""fit_coffee

NumPy generator, Python loops, slice sampling for sigma; lists of draws.
"""

import jax
import numpy as np


def fit_coffee(key, x, num_samples):
    rng = np.random.default_rng(np.asarray(jax.random.key_data(key)))
    x = np.asarray(x, float)
    loc = np.array([80.0, 120.0, 160.0])

    def slice_sample(u, f):
        level = f(u) - rng.exponential()
        lo = u - rng.random()
        hi = lo + 1.0
        while f(lo) > level:
            lo -= 1.0
        while f(hi) > level:
            hi += 1.0
        while True:
            v = rng.uniform(lo, hi)
            if f(v) > level:
                return v
            if v < u:
                lo = v
            else:
                hi = v

    pi, mu = np.full(3, 1 / 3), np.quantile(x, [1 / 6, 1 / 2, 5 / 6])
    sigma = np.full(3, np.ptp(x) / 12 + 1.0)
    draws = {"pi": [], "mu": [], "sigma": [], "z": []}
    for t in range(300 + num_samples):
        lj = np.log(pi) - np.log(sigma) - 0.5 * ((x[:, None] - mu) / sigma) ** 2
        z = (lj + rng.gumbel(size=lj.shape)).argmax(axis=1)
        n = np.bincount(z, minlength=3)
        pi = np.maximum(rng.dirichlet(1 + n), 1e-300)
        lam = 1 / 400 + n / sigma**2
        mu = rng.normal((loc / 400 + np.bincount(z, x, minlength=3) / sigma**2) / lam, 1 / np.sqrt(lam))
        for k in range(3):
            c, ss = n[k], float(np.sum((x[z == k] - mu[k]) ** 2))
            sigma[k] = np.exp(
                slice_sample(np.log(sigma[k]), lambda u: (2 - c) * u - np.exp(u) - ss / 2 * np.exp(-2 * u))
            )
        if t >= 300:
            for name, value in (("pi", pi), ("mu", mu), ("sigma", sigma), ("z", z)):
                draws[name].append(value.copy())
    return {name: np.array(values) for name, values in draws.items()}
