"""m_step

einsum throughout.
"""

import jax.numpy as jnp


def m_step(x, resp):
    n = jnp.einsum("nk->k", resp)
    means = jnp.einsum("nk,n->k", resp, x) / n
    deviation = x[:, None] - means[None, :]
    return n / x.shape[0], means, jnp.sqrt(jnp.einsum("nk,nk,nk->k", resp, deviation, deviation) / n)
