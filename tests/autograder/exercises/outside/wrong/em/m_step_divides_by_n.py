"""m_step

Divides the sums by N instead of by N_k.
"""

import jax.numpy as jnp


def m_step(x, resp):
    n = x.shape[0]
    weights = resp.sum(axis=0) / n
    means = resp.T @ x / n
    variances = jnp.sum(resp * (x[:, None] - means) ** 2, axis=0) / n
    return weights, means, jnp.sqrt(variances)
