"""gibbs

NumPy throughout, loops in Python, a class with __call__ for a sweep; slice sampling of sigma.
"""

import jax
import numpy as np


class Sweep:
    def __init__(self, rng, x, prior):
        self.rng, self.x = rng, x
        self.alpha, self.loc, self.scale, self.shape, self.rate = (np.asarray(p, float) for p in prior)
        self.k = len(self.alpha)

    def slice(self, u, f):
        level = f(u) - self.rng.exponential()
        lo = u - self.rng.random()
        hi = lo + 1
        while f(lo) > level:
            lo -= 1
        while f(hi) > level:
            hi += 1
        while True:
            v = self.rng.uniform(lo, hi)
            if f(v) > level:
                return v
            lo, hi = (v, hi) if v < u else (lo, v)

    def __call__(self, pi, mu, sigma):
        lj = np.log(pi) - np.log(sigma) - 0.5 * ((self.x[:, None] - mu) / sigma) ** 2
        z = np.argmax(lj + self.rng.gumbel(size=lj.shape), axis=1)
        n = np.bincount(z, minlength=self.k)
        pi = np.maximum(self.rng.dirichlet(self.alpha + n), 1e-300)
        lam = 1 / self.scale**2 + n / sigma**2
        total = np.bincount(z, self.x, minlength=self.k)
        mu = self.rng.normal((self.loc / self.scale**2 + total / sigma**2) / lam, lam**-0.5)
        new = np.empty(self.k)
        for j in range(self.k):
            a, b, c, ss = self.shape[j], self.rate[j], n[j], np.sum((self.x[z == j] - mu[j]) ** 2)
            new[j] = np.exp(
                self.slice(np.log(sigma[j]), lambda u: (a - c) * u - b * np.exp(u) - ss / 2 * np.exp(-2 * u))
            )
        return pi, mu, new, z


def gibbs(key, x, prior, num_samples):
    x = np.asarray(x, float)
    sweep = Sweep(np.random.default_rng(np.asarray(jax.random.key_data(key))), x, prior)
    k = sweep.k
    state = np.full(k, 1 / k), np.quantile(x, (np.arange(k) + 0.5) / k), np.full(k, x.std() / 2 + 0.5)
    kept = []
    for t in range(300 + 2 * num_samples):
        *state, z = sweep(*state)
        if t >= 300 and t % 2 == 0:
            kept.append((*state, z))
    return {name: np.stack(values) for name, values in zip(("pi", "mu", "sigma", "z"), zip(*kept))}
