"""m_step

Forgets the responsibilities in the variance: the mean over all observations of the squared distance to mean k.
"""

import jax.numpy as jnp


def m_step(x, resp):
    total = resp.sum(axis=0)
    means = resp.T @ x / total
    stds = jnp.sqrt(jnp.mean((x[:, None] - means) ** 2, axis=0))
    return total / total.sum(), means, stds
