"""m_step

Measures the spread around the mean of all observations instead of each component's new mean.
"""

import jax.numpy as jnp


def m_step(x, resp):
    nk = resp.sum(axis=0)
    means = (resp * x[:, None]).sum(axis=0) / nk
    stds = jnp.sqrt((resp * (x[:, None] - x.mean()) ** 2).sum(axis=0) / nk)
    return nk / len(x), means, stds
