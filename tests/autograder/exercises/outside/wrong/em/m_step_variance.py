"""m_step

No square root: variances come back as stds.
"""

import jax.numpy as jnp


def m_step(x, resp):
    nk = resp.sum(axis=0)
    means = jnp.einsum("nk,n->k", resp, x) / nk
    return nk / nk.sum(), means, jnp.einsum("nk,nk->k", resp, (x[:, None] - means) ** 2) / nk
