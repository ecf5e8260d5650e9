"""gibbs

A Python loop around one jitted function of several sweeps; the key is split on the way; lists of draws.
"""

import jax
import jax.numpy as jnp
from jax.scipy.stats import norm


@jax.jit
def sweeps(key, x, prior, pi, mu, sigma):
    k = mu.shape[0]

    def once(state, key):
        pi, mu, sigma, _ = state
        kz, kp, km, ks = jax.random.split(key, 4)
        z = jax.random.categorical(kz, jnp.log(pi) + norm.logpdf(x[:, None], mu, sigma))
        member = jax.nn.one_hot(z, k)
        n = member.sum(axis=0)
        pi = jnp.maximum(jax.random.dirichlet(kp, prior.alpha + n), 1e-30)
        lam = 1 / prior.scale**2 + n / sigma**2
        mu = (prior.loc / prior.scale**2 + x @ member / sigma**2) / lam + jax.random.normal(km, (k,)) * lam**-0.5
        ss = jnp.sum(member * (x[:, None] - mu) ** 2, axis=0)

        def log_q(s):  # density of sigma itself
            return (prior.shape - 1 - n) * jnp.log(s) - prior.rate * s - ss / (2 * s**2)

        for sub in jax.random.split(ks, 8):
            a, b, c = jax.random.split(sub, 3)
            factor = jnp.exp(jax.random.choice(c, jnp.array([0.15, 0.5, 1.5])) * jax.random.normal(a, (k,)))
            new = sigma * factor
            # Hastings correction of a multiplicative proposal: new / old.
            ok = jnp.log(jax.random.uniform(b, (k,))) < log_q(new) - log_q(sigma) + jnp.log(factor)
            sigma = jnp.where(ok, new, sigma)
        return (pi, mu, sigma, z), None

    start = (pi, mu, sigma, jnp.zeros(x.shape, int))
    return jax.lax.scan(once, start, jax.random.split(key, 3))[0]


def gibbs(key, x, prior, num_samples):
    k = len(prior.alpha)
    prior = type(prior)(*(jnp.asarray(p, jnp.float32) for p in prior))
    state = (jnp.full(k, 1 / k), jnp.quantile(x, (jnp.arange(k) + 0.5) / k), jnp.full(k, jnp.std(x) / 2 + 0.5))
    draws = {"pi": [], "mu": [], "sigma": [], "z": []}
    for t in range(150 + num_samples):
        key, sub = jax.random.split(key)
        *state, z = sweeps(sub, x, prior, *state)
        if t >= 150:
            for name, value in zip(draws, (*state, z)):
                draws[name].append(value)
    return {name: jnp.stack(values) for name, values in draws.items()}
