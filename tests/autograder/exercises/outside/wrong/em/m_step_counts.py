"""m_step

Returns N_k as weights; they sum to N.
"""

import jax.numpy as jnp


def m_step(x, resp):
    weights = jnp.sum(resp, axis=0)
    means = jnp.sum(resp * x[:, None], axis=0) / weights
    stds = jnp.sqrt(jnp.sum(resp * (x[:, None] - means) ** 2, axis=0) / weights)
    return weights, means, stds
