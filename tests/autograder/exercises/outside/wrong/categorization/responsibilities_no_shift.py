"""responsibilities

Exponentiates and divides: right near the means, 0/0 = nan for a bento of 425 g.
"""

import jax.numpy as jnp
from jax.scipy.stats import norm


def responsibilities(x, weights, means, stds):
    joint = weights * norm.pdf(x[:, None], means, stds)
    return joint / jnp.sum(joint, axis=1, keepdims=True)
