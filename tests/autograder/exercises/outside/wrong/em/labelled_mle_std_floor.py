"""labelled_mle

A floor of 1 under the standard deviations, so that later steps do not divide by zero: wrong for a single observation.
"""

import jax.numpy as jnp


def labelled_mle(x, z, num_components):
    one_hot = z[:, None] == jnp.arange(num_components)
    n = one_hot.sum(axis=0)
    means = jnp.where(one_hot, x[:, None], 0.0).sum(axis=0) / n
    variance = jnp.where(one_hot, (x[:, None] - means) ** 2, 0.0).sum(axis=0) / n
    return n / x.shape[0], means, jnp.maximum(jnp.sqrt(variance), 1.0)
