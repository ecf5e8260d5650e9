"""relabel

One draw, vmapped; z by comparing means (the rank of a mean is how many are smaller).
"""

import jax
import jax.numpy as jnp


def relabel(samples):
    rest = {name: value for name, value in samples.items() if name not in ("pi", "mu", "sigma", "z")}

    @jax.vmap
    def one(pi, mu, sigma, z):
        mu_sorted, pi, sigma = jax.lax.sort((mu, pi, sigma), num_keys=1)
        return {"pi": pi, "mu": mu_sorted, "sigma": sigma, "z": jnp.sum(mu[z][:, None] > mu, axis=1)}

    return {**one(*(jnp.asarray(samples[name]) for name in ("pi", "mu", "sigma", "z"))), **rest}
