"""m_step_full

One einsum for the outer products.
"""

import jax.numpy as jnp


def m_step_full(x, resp):
    n = resp.sum(axis=0)
    means = resp.T @ x / n[:, None]
    d = x[:, None, :] - means
    return n / len(x), means, jnp.einsum("nk,nkd,nke->kde", resp, d, d) / n[:, None, None]
