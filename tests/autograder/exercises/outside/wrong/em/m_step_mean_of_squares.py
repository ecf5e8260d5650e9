"""m_step

Weighted E[x^2] - mean^2 in float32: cancellation, nan (or 0) where the spread is small next to the mean.
"""

import jax.numpy as jnp


def m_step(x, resp):
    x, resp = jnp.asarray(x, jnp.float32), jnp.asarray(resp, jnp.float32)
    nk = resp.sum(axis=0)
    means = x @ resp / nk
    return nk / nk.sum(), means, jnp.sqrt(jnp.abs((x**2) @ resp / nk - means**2))
