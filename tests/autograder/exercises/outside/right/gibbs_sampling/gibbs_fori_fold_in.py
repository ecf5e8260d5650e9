"""gibbs

fori_loop that writes into arrays, keys by fold_in; steps as separate functions; grid draw of sigma.
"""

import jax
import jax.numpy as jnp
from jax.scipy.stats import norm


def draw_sigma(key, n, ss, a, b):
    def f(u):
        return (a - n) * u - b * jnp.exp(u) - ss / 2 * jnp.exp(-2 * u)

    coarse = jnp.linspace(-12.0, 12.0, 1201)
    live = f(coarse) > f(coarse).max() - 25.0
    grid = jnp.linspace(
        jnp.min(jnp.where(live, coarse, 99.0)) - 0.03, jnp.max(jnp.where(live, coarse, -99.0)) + 0.03, 1001
    )
    p = jnp.exp(f(grid) - f(grid).max())
    cdf = jnp.concatenate([jnp.zeros(1), jnp.cumsum((p[1:] + p[:-1]) / 2)])
    return jnp.exp(jnp.interp(jax.random.uniform(key) * cdf[-1], cdf, grid))


def gibbs(key, x, prior, num_samples):
    k, n = len(prior.alpha), len(x)
    burn = 400

    def sweep(key, state):
        a, b, c, d = (jax.random.fold_in(key, j) for j in range(4))
        z = jax.random.categorical(a, jnp.log(state["pi"]) + norm.logpdf(x[:, None], state["mu"], state["sigma"]))
        counts = jnp.bincount(z, length=k)
        pi = jnp.exp(jax.nn.log_softmax(jax.random.loggamma(b, prior.alpha + counts)))
        lam = prior.scale**-2 + counts * state["sigma"] ** -2
        total = jnp.bincount(z, weights=x, length=k)
        centre = (prior.loc * prior.scale**-2 + total * state["sigma"] ** -2) / lam
        mu = centre + jax.random.normal(c, (k,)) * lam**-0.5
        ss = jnp.bincount(z, weights=(x - mu[z]) ** 2, length=k)
        sigma = jax.vmap(draw_sigma)(jax.random.split(d, k), counts, ss, prior.shape, prior.rate)
        return {"pi": pi, "mu": mu, "sigma": sigma, "z": z}

    spots = jnp.linspace(0, 1, k + 2)[1:-1]
    state = {
        "pi": jnp.ones(k) / k,
        "mu": jnp.quantile(x, spots),
        "sigma": jnp.full(k, 0.3 * jnp.std(x) + 0.5),
        "z": jnp.zeros(n, int),
    }

    def body(i, both):
        state, saved = both
        for j in range(2):
            state = sweep(jax.random.fold_in(jax.random.fold_in(key, i), j), state)
        at = jnp.maximum(i - burn, 0)
        return state, {name: saved[name].at[at].set(state[name]) for name in state}

    empty = {name: jnp.zeros((num_samples, *v.shape), v.dtype) for name, v in state.items()}
    return jax.lax.fori_loop(0, burn + num_samples, body, (state, empty))[1]
