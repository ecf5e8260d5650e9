"""fit_coffee

Gibbs with pi summed out: the assignments one by one given the others' counts; pi drawn from its conditional at the end.
"""

import jax
import jax.numpy as jnp
from jax.scipy.stats import norm

LOC = jnp.array([80.0, 120.0, 160.0])


def fit_coffee(key, x, num_samples):
    n_cups = x.shape[0]

    def sweep(state, key):
        z, mu, sigma = state
        kz, km, ks, kp = jax.random.split(key, 4)
        log_density = norm.logpdf(x[:, None], mu, sigma)
        noise = jax.random.gumbel(kz, log_density.shape)

        def one(i, both):
            z, counts = both
            counts = counts.at[z[i]].add(-1.0)
            new = jnp.argmax(jnp.log(1.0 + counts) + log_density[i] + noise[i])
            return z.at[i].set(new), counts.at[new].add(1.0)

        z, n = jax.lax.fori_loop(0, n_cups, one, (z, jnp.bincount(z, length=3).astype(jnp.float32)))
        lam = 1 / 400 + n / sigma**2
        mu = (LOC / 400 + jnp.bincount(z, x, length=3) / sigma**2) / lam + jax.random.normal(km, (3,)) * lam**-0.5
        ss = jnp.bincount(z, (x - mu[z]) ** 2, length=3)

        def log_q(u):
            return (2.0 - n) * u - jnp.exp(u) - ss / 2 * jnp.exp(-2 * u)

        def step(j, u):
            a, b, c = jax.random.split(jax.random.fold_in(ks, j), 3)
            size = jax.random.choice(c, jnp.array([0.15, 0.4, 1.2]))
            v = u + size * jax.random.normal(a, (3,))
            return jnp.where(jnp.log(jax.random.uniform(b, (3,))) < log_q(v) - log_q(u), v, u)

        sigma = jnp.exp(jax.lax.fori_loop(0, 9, step, jnp.log(sigma)))
        pi = jax.random.dirichlet(kp, 1.0 + n)
        return (z, mu, sigma), {"pi": pi, "mu": mu, "sigma": sigma, "z": z}

    mu = jnp.quantile(x, jnp.array([1 / 6, 1 / 2, 5 / 6]))
    z = jnp.argmin(jnp.abs(x[:, None] - mu), axis=1)
    start = (z, mu, jnp.full(3, (x.max() - x.min()) / 12 + 1.0))
    burn, keep = jax.random.split(key)
    state, _ = jax.lax.scan(sweep, start, jax.random.split(burn, 500))
    _, draws = jax.lax.scan(sweep, state, jax.random.split(keep, (num_samples, 2))[:, 0])
    return draws
