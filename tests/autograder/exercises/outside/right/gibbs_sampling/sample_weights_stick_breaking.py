"""sample_weights

Stick breaking with beta draws, a key for each stick.
"""

import jax
import jax.numpy as jnp


def sample_weights(key, z, alpha):
    k = alpha.shape[0]
    a = alpha + jax.nn.one_hot(z, k).sum(axis=0)
    rest, pi = 1.0, []
    for j in range(k - 1):
        piece = jax.random.beta(jax.random.fold_in(key, j), a[j], a[j + 1 :].sum())
        pi.append(rest * piece)
        rest = rest * (1 - piece)
    return jnp.stack([*pi, jnp.asarray(rest, jnp.float32)])
